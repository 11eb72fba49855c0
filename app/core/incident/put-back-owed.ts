// Whether a put-back is owed now: its time has come, and it has neither begun nor been refused since.
// Must never look at a clock: that the time has come is a fact, which the sweep writes once.
import type { Incident } from '#core/ledger/replay';

/** An incident that is resolved and whose act is to be put back by the approved undo, once. */
export function putBackOwed({ stage, latest }: Pick<Incident, 'stage' | 'latest'>): boolean {
  const due = latest['putback.due']?.seq ?? 0;
  return stage === 'RESOLVED' && due > (latest['undo.refused']?.seq ?? 0) && !latest['undo.started'];
}

/** Whether the undo of this attempt is a put-back: it was agreed on, so that it undoes no success. */
export function isPutBack({ latest }: Pick<Incident, 'latest'>): boolean {
  return latest['putback.due'] !== undefined && latest['undo.requested'] === undefined;
}
