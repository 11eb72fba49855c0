// Workflow runs that an incident waits for. When such a run ends without the fact that was due, people take over; one that failed
// before it said a word is dispatched once more. Must never depend on a webhook alone: GitHub delivers each of them only once,
// even when nobody listens.

import { clockAhead } from '#adapters/github/clock';
import { endOfRun } from '#adapters/github/runs';
import { cameToNothing, type EffectKind, effectName, respondEffects } from '#core/incident/due';
import { isLookAsked, lookLost } from '#core/incident/looks';
import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { clockWords } from '#core/messages/clock';
import type { Desk } from './desk.ts';
import { atMost } from './turns.ts';
import type { World } from './world.ts';

const LOOKS_AT_ONCE = 8;

type How = 'failed' | 'was cancelled' | 'ended without a word' | 'was deleted';
type Awaited = { run: number; effect: EffectKind };

/**
 * The newest run of this attempt that still owes a fact. Older runs no longer count, because `respond` may have been dispatched
 * again for the same attempt. Their ids come from the results of the effects that dispatched them; once a script was started the
 * run that started it counts, since a dispatch whose answer was lost is not looked up any more.
 */
function awaitedRun(incident: Incident): Awaited | null {
  if (hasEnded(incident)) return null;
  const dispatched = (effect: EffectKind): Awaited => {
    const result = incident.effects.get(effectName(incident, effect))?.result ?? '';
    return { effect, run: Number(/\/(\d+)$/.exec(result)?.[1] ?? Number.NaN) };
  };
  // A run that has said when to look next owes nothing any more.
  if (latestOf(incident, 'recovery.watched')) {
    const look = dispatched('look.dispatch');
    return isLookAsked(incident) && Number.isInteger(look.run) ? look : null;
  }
  const first = latestOf(incident, 'investigation.started')?.run.id ?? Number.NaN;
  const respond = latestOf(incident, 'remediation.rehearsed')
    ? []
    : [
        { run: first, effect: 'respond.dispatch' as const },
        dispatched('respond.again'),
        dispatched('respond.retry'),
      ];
  const remediate = dispatched('remediate.dispatch');
  const started = { ...remediate, run: starter(incident) ?? Number.NaN };
  const all = [...respond, remediate, started].filter(({ run }) => Number.isInteger(run));
  return all.at(-1) ?? null;
}

/** The run whose identity was proved when it said that it starts the script of this attempt. */
function starter({ records, attempt: now }: Incident): number | null {
  const start = records.findLast(({ type, attempt }) => type === 'remediation.started' && attempt === now);
  return start?.actor.kind === 'job' ? start.actor.run : null;
}

/**
 * Ends the wait for a run that has ended: a script of it is lost, a respond run that failed before it said a word is owed once more,
 * and otherwise the incident is escalated. `how`: what became of it, in words.
 */
export async function runEnded(world: World, desk: Desk, run: number, how: How): Promise<void> {
  await world.ledger.refresh();
  const waits = (incident: Incident): boolean => awaitedRun(incident)?.run === run && !isOwed(incident);
  const waiting = [...world.ledger.open()].filter(waits);
  if (waiting.length === 0) return;
  const clock = clockWords((await clockAhead(world.repo, world.now)) ?? 0);
  const reason = `workflow run ${run} ${how}${clock ? `; ${clock}, so that no job is believed` : ''}`;
  for (const { key } of waiting) {
    await world.ledger.append(key, (incident) => {
      if (!incident || !waits(incident)) return { standDown: 'no longer waiting' };
      const again = how === 'failed' && !clock ? onceMore(incident, run, reason) : null;
      const look = isLookAsked(incident) && lookLost(incident, reason, how !== 'was cancelled' && !clock);
      return { facts: [look || (again ?? ended(incident, reason))], actor: { kind: 'app' }, at: world.now() };
    });
    desk.wake(key);
  }
}

function ended(incident: Incident, reason: string): Fact {
  const workspace = latestOf(incident, 'remediation.started')?.workspace ?? '';
  return incident.stage === 'EXECUTING'
    ? { type: 'remediation.lost', data: { reason, workspace } }
    : { type: 'incident.escalated', data: { code: 'run_failed', reason } };
}

/** That what was dispatched has come to nothing, so that it is owed again. Null: the run has spoken, or was the second one. */
function onceMore(incident: Incident, run: number, reason: string): Fact | null {
  const { attempt, records } = incident;
  const effect = awaitedRun(incident)?.effect;
  // Of a second run this is another effect.
  if (!effect || !respondEffects.includes(effect)) return null;
  const spoke = records.some(
    ({ actor, attempt: of }) => of === attempt && actor.kind === 'job' && actor.run === run,
  );
  if (spoke) return null;
  return { type: 'effect.failed', data: { effect: effectName(incident, effect), reason, final: false } };
}

/** Another run is owed in the place of the one that came to nothing: that one has been heard of. */
function isOwed(incident: Incident): boolean {
  return cameToNothing(incident) && awaitedRun(incident)?.effect !== 'respond.retry';
}

/** Asks GitHub about the newest run of every incident from which nothing was heard for four sweeps, side by side. */
export async function lookAtRuns(world: World, desk: Desk): Promise<void> {
  const silence = 4 * world.config.sweepMs;
  const isOld = (at: string | undefined): boolean => world.now().getTime() - Date.parse(at ?? '') > silence;
  const limit = atMost(LOOKS_AT_ONCE);
  const look = async (incident: Incident): Promise<void> => {
    const run = awaitedRun(incident)?.run;
    if (run === undefined || !isOld(incident.records.at(-1)?.at)) return;
    const end = await endOfRun(world.repo, run);
    if (end === null || (end !== 'gone' && !isOld(end.endedAt))) return;
    // A run that was deleted can say nothing any more. What it did is not known.
    await runEnded(world, desk, run, end === 'gone' ? 'was deleted' : howOf(end.conclusion));
  };
  const open = [...world.ledger.open()].filter(({ opened }) => !opened.sample);
  const looked = await Promise.allSettled(open.map((incident) => limit(() => look(incident))));
  const failed = looked.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** https://docs.github.com/en/rest/actions/workflow-runs#get-a-workflow-run */
export function howOf(conclusion: string | null): Exclude<How, 'was deleted'> {
  if (conclusion === 'success') return 'ended without a word';
  return conclusion === 'cancelled' ? 'was cancelled' : 'failed';
}
