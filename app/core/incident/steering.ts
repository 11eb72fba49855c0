// What a person's order means for an incident in its present state: the fact to write, or why it cannot be done. One rule
// for every channel. Must never be asked about an old state: what a stop means can change within a second.

import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Command } from './commands.ts';
import { outOfState } from './out-of-state.ts';
import { ownAgain } from './own-bytes.ts';
import { lastPull } from './pushes.ts';
import { actWithEnd } from './put-back.ts';
import { putBackOwed } from './put-back-owed.ts';
import { mayUndo, running, stopOf, undoDue } from './running.ts';

export type Order = Pick<Command, 'all' | 'reason'> & {
  word: 'reject' | 'retry' | 'undo' | 'keep' | 'hold' | 'release' | 'stop';
};
/** `held`: the stop became a hold, because nothing runs yet. `then`: facts that follow with it. */
export type Steered = { ok: true; fact: Fact; held: boolean; then?: Fact[] } | { ok: false; reason: string };

/** `reason` is the person's own words, cleaned. */
export function steer(incident: Incident, { word, all }: Order, by: string, reason: string): Steered {
  const scope = all ? 'all' : 'incident';
  const done = (fact: Fact): Steered => ({ ok: true, fact, held: false });
  switch (word) {
    case 'hold':
      // A hold on everything is for others, wherever it is said.
      if (!all && hasEnded(incident) && !undoDue(incident) && !actWithEnd(incident))
        return { ok: false, reason: 'it is over, so there is nothing to hold' };
      return done({ type: 'hold.set', data: { scope, by, reason } });
    case 'release':
      return done({ type: 'hold.released', data: { scope, by } });
    case 'retry':
      return retry(incident, by);
    case 'reject':
      return done({ type: 'remediation.rejected', data: { by, reason: reason || 'no reason given' } });
    case 'undo':
      return undo(incident, by);
    case 'keep':
      return keep(incident, by, reason);
    case 'stop':
      return stop(incident, by, reason);
  }
}

/** A new attempt after the end. Before it, a way back from what a person pushed, to Vigil's own bytes. */
function retry(incident: Incident, by: string): Steered {
  const refused = (reason: string): Steered => ({ ok: false, reason });
  if (running(incident)) return refused('a script is running; stop it first, or wait for its end');
  if (hasEnded(incident)) return { ok: true, fact: { type: 'incident.retried', data: { by } }, held: false };
  const pushed = latestOf(incident, 'remediation.proposed')?.pushed;
  const pull = lastPull(incident);
  if (incident.stage !== 'SYNTHESIZING' || latestOf(incident, 'pull.merged') || !pull)
    return refused('this attempt is not over yet');
  const push = { by: null, head: pull.head, bytes: 'unknown' as const };
  const reason = `@${by} asked for a new beginning; Vigil proposes its own bytes again`;
  const [fact, ...then] = pushed ? ownAgain(incident, reason, push) : [];
  return fact
    ? { ok: true, fact, held: false, then }
    : refused('a proposal waits for a review; `/vigil reject` ends it, and then this begins again');
}

function undo(incident: Incident, by: string): Steered {
  const may = mayUndo(incident);
  if (!may.ok) return may;
  const { latest, attempt } = incident;
  if (putBackOwed(incident)) return { ok: false, reason: 'it is being put back already' };
  // An act that was meant for a while has done its work: putting it back is no sign that the fix was wrong.
  if (incident.stage === 'RESOLVED' && actWithEnd(incident)?.attempt === attempt)
    return { ok: true, fact: { type: 'putback.due', data: { because: 'asked', by } }, held: false };
  const waiting = (latest['undo.requested']?.seq ?? 0) > (latest['undo.refused']?.seq ?? 0);
  return waiting
    ? { ok: false, reason: 'the undo was asked for already and is on its way' }
    : { ok: true, fact: { type: 'undo.requested', data: { by } }, held: false };
}

/** It stays as it is, or a person put it back by hand: from now on this is the usual state. */
function keep(incident: Incident, by: string, reason: string): Steered {
  const refused = (why: string): Steered => ({ ok: false, reason: why });
  if (outOfState(incident).length === 0) return refused('nothing of it is out of its usual state');
  if (running(incident) || undoDue(incident))
    return refused('a script is running or about to; wait for its end');
  if (reason === '') return refused('say why, as in `/vigil keep put back by hand`');
  return { ok: true, fact: { type: 'putback.kept', data: { by, reason } }, held: false };
}

function stop(incident: Incident, by: string, reason: string): Steered {
  if (running(incident))
    return stopOf(incident)
      ? { ok: false, reason: 'the script was asked to stop already' }
      : { ok: true, fact: { type: 'stop.requested', data: { by, reason } }, held: false };
  if (incident.stage === 'VERIFYING')
    return {
      ok: false,
      reason: 'no script runs any more, so there is nothing to stop; Vigil only looks whether the fix helped',
    };
  if (['RESOLVED', 'ESCALATED'].includes(incident.stage))
    return { ok: false, reason: 'nothing runs, so there is nothing to stop' };
  return { ok: true, fact: { type: 'hold.set', data: { scope: 'incident', by, reason } }, held: true };
}
