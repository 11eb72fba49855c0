// Which script of an incident runs, may be stopped or may be undone. Looks at the ledger alone.
// Must never make an undo due by itself when it is not known what the fix did.
import type { FactDataOf } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { hasFailed, ranNothing } from './outcome.ts';
import { putBackOwed } from './put-back-owed.ts';

/**
 * An undo is due once. It is due when an act's time has come, when a person asks for it, and by itself for the reasons below. If it
 * could not begin, it is due again only when a person asks again.
 */
export function undoDue(incident: Incident): boolean {
  if (putBackOwed(incident)) return true;
  if (incident.stage !== 'ESCALATED' || latestOf(incident, 'undo.started')) return false;
  const asked = incident.latest['undo.requested']?.seq ?? 0;
  const refused = incident.latest['undo.refused']?.seq ?? 0;
  if (asked > refused) return mayUndo(incident).ok;
  return refused === 0 && whyByItself(incident) !== null;
}

/**
 * Why the undo runs without being asked for: something got worse than before the fix, the fix broke off half-way, or its runbook says
 * so. Null: it waits for a person, because a fix that only did not help may have taken away one cause of two. It is never due by
 * itself when it is not known what the fix did.
 */
export function whyByItself(incident: Incident): 'worse' | 'half-way' | 'runbook' | null {
  const proposal = latestOf(incident, 'remediation.proposed');
  if (proposal?.files['undo.sh'] === undefined || latestOf(incident, 'remediation.lost')) return null;
  const { when, acts } = undoRuleOf(incident);
  if (when === 'on_request') return null;
  const finished = latestOf(incident, 'remediation.finished');
  const failed = finished !== null && hasFailed(finished);
  // Of a single act nothing is left half done: what failed is the waiting for it, or the act itself.
  if (failed && acts > 1) return 'half-way';
  const refuted = latestOf(incident, 'recovery.refuted');
  if (refuted?.worse !== undefined) return 'worse';
  return when === 'when_refuted' && (failed || refuted !== null) ? 'runbook' : null;
}

/**
 * What was judged of the undo. Records from before that said nothing of it, and then undid whatever had not helped; they are held to
 * the careful rule too, since none of them can say that anything got worse. Their effects tell how many lasting acts there were.
 */
function undoRuleOf(incident: Incident): { when: string; acts: number } {
  const judged = latestOf(incident, 'remediation.judged');
  if (judged?.undo) return judged.undo;
  const lasting = (judged?.effects ?? []).filter(
    ({ kind, selfRestoring }) => kind !== 'read' && !selfRestoring,
  );
  return { when: 'when_worse', acts: lasting.length };
}

/** Whether a person may ask for the undo: a script was started, it has an undo, and that undo was never started. */
export function mayUndo(incident: Incident): { ok: true } | { ok: false; reason: string } {
  const refusal = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
  if (!latestOf(incident, 'remediation.started'))
    return refusal('no script was started, so nothing can be undone');
  if (latestOf(incident, 'remediation.proposed')?.files['undo.sh'] === undefined)
    return refusal('the approved remediation has no undo');
  if (latestOf(incident, 'undo.started')) return refusal('the undo was started already and never runs twice');
  if (incident.stage !== 'RESOLVED' && incident.stage !== 'ESCALATED')
    return refusal('the remediation is still at work; stop it first, or wait for its end');
  return { ok: true };
}

/** Whether a person has to decide about the undo: the fix ran, people took over, and the undo waits for a word. */
export function leftToUndo(incident: Incident): boolean {
  const finished = latestOf(incident, 'remediation.finished');
  if (finished && ranNothing(finished)) return false;
  return incident.stage === 'ESCALATED' && mayUndo(incident).ok && !undoDue(incident);
}

/** The stop that a running script or undo must obey. It must have been asked for after the script was started. */
export function stopOf(incident: Incident): { by: string; reason: string } | null {
  const stop = incident.latest['stop.requested'];
  return stop && running(incident) && stop.seq > (startedAt(incident) ?? 0) ? stop.data : null;
}

/** Whether a script of this incident may be running right now. */
export function running(incident: Incident): boolean {
  return (
    incident.stage === 'EXECUTING' ||
    (latestOf(incident, 'undo.started') !== null && latestOf(incident, 'undo.finished') === null)
  );
}

/** A script that was started and of which nobody knows that it is at its end. */
export type Stray = { workspace: string; target: string; attempt: number };

/**
 * Scripts of all attempts that may still be at work: those that run, and those of which nobody has seen the end, until their
 * workspace is confirmed gone. An undo begins only when the fix's workspace is.
 */
export function strays(incident: Incident): Stray[] {
  const open = new Map<string, Stray>();
  let target = '';
  for (const record of incident.records) {
    const { attempt } = record;
    switch (record.type) {
      case 'remediation.proposed':
        target = record.data.target;
        break;
      case 'undo.started':
        for (const stray of [...open.values()]) if (stray.attempt === attempt) open.delete(stray.workspace);
        open.set(record.data.workspace, { workspace: record.data.workspace, target, attempt });
        break;
      case 'remediation.started':
        open.set(record.data.workspace, { workspace: record.data.workspace, target, attempt });
        break;
      case 'undo.finished':
        if (isKnown(record.data)) open.delete(record.data.workspace);
        break;
      case 'remediation.finished':
      case 'workspace.deleted':
        open.delete(record.data.workspace);
        break;
    }
  }
  return [...open.values()];
}

/** An undo has no fact of its own for an end that nobody saw: it failed then, without an exit code. */
export const isKnown = ({ ok, outcome, exit }: FactDataOf<'undo.finished'>): boolean =>
  ok || outcome !== 'failed' || exit !== null;

/** A script of an earlier attempt that may still be at work: nothing of this one may run beside it. */
export function strayBefore(incident: Incident): Stray | null {
  return strays(incident).find(({ attempt }) => attempt < incident.attempt) ?? null;
}

/**
 * The service an incident is at work on, from its start to its end with its undo, and as long as a script of any attempt may still
 * be at work; nobody else may start there.
 */
export function leaseOf(incident: Incident): string | null {
  const working = incident.stage === 'EXECUTING' || incident.stage === 'VERIFYING' || undoDue(incident);
  const own = working ? latestOf(incident, 'remediation.proposed')?.target : undefined;
  return own ?? strays(incident)[0]?.target ?? null;
}

function startedAt({ latest }: Incident): number | undefined {
  return latest['undo.started']?.seq ?? latest['remediation.started']?.seq;
}
