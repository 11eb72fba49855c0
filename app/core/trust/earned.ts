// What each remediation of an incident has earned: one verified success or failure, with what it was made of.
// Must never count an incident whose title nobody may see, nor what nobody could see the end of.
import type { Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { canonical, sha256 } from '#core/text/hash';

export type Earned = {
  /** Unix milliseconds. */
  at: number;
  ok: boolean;
  sample: boolean;
  alert: string;
  kind: string;
  by: Proposal['by'];
  /** The remediation block of the runbook it cites; null without one. */
  block: string | null;
  /** sha256 of what ran, as rendered. */
  bytes: string;
};

/** Name of an alert without what changes from one ringing to the next: numbers, ids, punctuation. */
export function alertSlug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\s]+/gu, ' ')
    .trim()
    .split(/\s+/)
    .slice(0, 12)
    .join('-');
}

/** sha256 over all that would run and all that decides whether it worked, as rendered. */
export function bytesOf({ files, kind }: Pick<Proposal, 'files' | 'kind'>): string {
  const { 'fix.sh': fix, 'undo.sh': undo = null, 'verify.yml': verify } = files;
  return sha256(canonical({ kind, fix, undo, verify }));
}

export function earnedIn(incident: Incident): Earned[] {
  if (incident.opened.withheld) return [];
  const earned: Earned[] = [];
  let made: Omit<Earned, 'at' | 'ok'> | null = null;
  for (const record of incident.records) {
    if (record.type === 'remediation.proposed') {
      const { kind, by, runbook } = record.data;
      made = {
        ...{ sample: incident.opened.sample === true, alert: alertSlug(incident.opened.title) },
        ...{ kind, by, block: runbook?.block ?? null, bytes: bytesOf(record.data) },
      };
    }
    const failed =
      record.type === 'recovery.refuted' ||
      record.type === 'remediation.lost' ||
      record.type === 'undo.requested' || // what somebody had undone has not worked
      (record.type === 'remediation.finished' && !record.data.ok);
    if (made && (record.type === 'recovery.confirmed' || failed))
      earned.push({ ...made, at: Date.parse(record.at), ok: !failed });
  }
  return earned;
}
