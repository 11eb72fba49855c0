// Workflow runs that an incident waits for. When such a run ends without the fact that was due, people take over.
// Must never depend on a webhook alone: GitHub delivers each of them only once, even when nobody listens.

import { endOfRun } from '#adapters/github/runs';
import { type EffectKind, effectName } from '#core/incident/due';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Desk } from './desk.ts';
import type { World } from './world.ts';

/** The runs of this attempt that still owe a fact. Their ids come from the results of the effects that dispatched them. */
function awaitedRuns(incident: Incident): number[] {
  if (hasEnded(incident)) return [];
  const dispatched = (kind: EffectKind): number => {
    const result = incident.effects.get(effectName(incident, kind))?.result ?? '';
    return Number(/\/(\d+)$/.exec(result)?.[1] ?? Number.NaN);
  };
  const first = latestOf(incident, 'investigation.started')?.run.id ?? Number.NaN;
  const respond = latestOf(incident, 'remediation.rehearsed') ? [] : [first, dispatched('respond.again')];
  return [...respond, dispatched('remediate.dispatch')].filter((run) => Number.isInteger(run));
}

/** Ends the wait for a run that has ended: a script of it is lost, and otherwise the incident is escalated. */
export async function runEnded(world: World, desk: Desk, run: number, how: string): Promise<void> {
  await world.ledger.refresh();
  const waits = (incident: Incident): boolean => awaitedRuns(incident).includes(run);
  for (const { key } of [...world.ledger.open()].filter(waits)) {
    await world.ledger.append(key, (incident) => {
      if (!incident || !waits(incident)) return { standDown: 'no longer waiting' };
      const reason = `workflow run ${run} ${how}`;
      const workspace = latestOf(incident, 'remediation.started')?.workspace ?? '';
      const lost = incident.stage === 'EXECUTING';
      return {
        facts: [
          lost
            ? { type: 'remediation.lost', data: { reason, workspace } }
            : { type: 'incident.escalated', data: { code: 'run_failed', reason } },
        ],
        actor: { kind: 'app' },
        at: world.now(),
      };
    });
    desk.wake(key);
  }
}

/**
 * Asks GitHub about the newest run of every incident from which nothing was heard for four sweeps. Older runs no longer
 * count, because `respond` may have been dispatched again for the same attempt.
 */
export async function lookAtRuns(world: World, desk: Desk): Promise<void> {
  const silence = 4 * world.config.sweepMs;
  const isOld = (at: string | undefined): boolean => world.now().getTime() - Date.parse(at ?? '') > silence;
  for (const incident of [...world.ledger.open()].filter(({ opened }) => !opened.sample)) {
    const run = awaitedRuns(incident).at(-1);
    if (run === undefined || !isOld(incident.records.at(-1)?.at)) continue;
    const end = await endOfRun(world.repo, run);
    if (end === null || (end !== 'gone' && !isOld(end.endedAt))) continue;
    await runEnded(world, desk, run, howItEnded(end));
  }
}

/** A run that was deleted can say nothing any more. What it did is not known. */
function howItEnded(end: { conclusion: string } | 'gone'): string {
  if (end === 'gone') return 'was deleted';
  return end.conclusion === 'success' ? 'ended without a word' : 'failed';
}
