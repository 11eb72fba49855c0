// What a link to the confirm page offers: the proposal it was made for, its undo once it ran, or why there is nothing to decide.
// Must never offer other bytes than the link names. Must never tell that there is an incident to somebody who does not
// know a head commit of its pull request.

import { leftToUndo } from '#core/incident/running';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';

/** The bytes a person was shown: head commit of the pull request (40 hex digits) and digest (64). */
export type Shown = { head: string; digest: string };
export type Offer = {
  /** What is to be decided: whether the fix runs, or whether it is undone. */
  act: 'approve' | 'undo';
  incident: Incident;
  proposal: Proposal;
  judged: Judged;
  pull: { number: number; url: string } & Shown;
};
export type Offered =
  | { ok: true; offer: Offer }
  | { ok: false; why: 'unknown' }
  | { ok: false; why: 'moved' | 'decided'; incident: Incident };

/** Path and query of the page for the present proposal. Null: there is none. */
export function confirmPath(incident: Incident): string | null {
  const pull = latestOf(incident, 'pull.opened');
  return pull ? `/confirm/${incident.key}?${new URLSearchParams(shownOf(pull))}` : null;
}

/** The whole address. Null also when there is no confirm page (`base` is null). */
export function confirmLink(base: string | null, incident: Incident): string | null {
  const path = confirmPath(incident);
  return base === null || path === null ? null : `${base}${path}`;
}

function shownOf({ head, digest }: Shown): Shown {
  return { head, digest };
}

function sameBytes(a: Shown, b: Shown): boolean {
  return a.head === b.head && a.digest === b.digest;
}

export function offered(incident: Incident | null, shown: Shown): Offered {
  const was = incident?.records.some(
    (record) => record.type === 'pull.opened' && sameBytes(record.data, shown),
  );
  if (!incident || !was) return { ok: false, why: 'unknown' };
  const pull = latestOf(incident, 'pull.opened');
  const proposal = latestOf(incident, 'remediation.proposed');
  const judged = latestOf(incident, 'remediation.judged');
  if (!pull || !proposal || !judged || !sameBytes(pull, shown) || judged.digest !== shown.digest)
    return { ok: false, why: 'moved', incident };
  if (leftToUndo(incident)) return { ok: true, offer: { act: 'undo', incident, proposal, judged, pull } };
  if (incident.stage !== 'SYNTHESIZING' || latestOf(incident, 'remediation.approved'))
    return { ok: false, why: 'decided', incident };
  return { ok: true, offer: { act: 'approve', incident, proposal, judged, pull } };
}
