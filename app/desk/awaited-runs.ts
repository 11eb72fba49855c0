// Workflow runs that an incident waits for. When such a run ends without the fact that was due, people take over.
// Must never depend on a webhook alone: GitHub delivers each of them only once, even when nobody listens.

import { endOfRun } from '#adapters/github/runs';
import { type EffectKind, effectName } from '#core/incident/due';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Desk } from './desk.ts';
import { atMost } from './turns.ts';
import type { World } from './world.ts';

const LOOKS_AT_ONCE = 8;

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
 * Asks GitHub about the newest run of every incident from which nothing was heard for four sweeps, side by side. Older runs no longer
 * count, because `respond` may have been dispatched again for the same attempt.
 */
export async function lookAtRuns(world: World, desk: Desk): Promise<void> {
  const silence = 4 * world.config.sweepMs;
  const isOld = (at: string | undefined): boolean => world.now().getTime() - Date.parse(at ?? '') > silence;
  const limit = atMost(LOOKS_AT_ONCE);
  const look = async (incident: Incident): Promise<void> => {
    const run = awaitedRuns(incident).at(-1);
    if (run === undefined || !isOld(incident.records.at(-1)?.at)) return;
    const end = await endOfRun(world.repo, run);
    if (!end || !isOld(end.endedAt)) return;
    const how = end.conclusion === 'success' ? 'ended without a word' : 'failed';
    await runEnded(world, desk, run, how);
  };
  const open = [...world.ledger.open()].filter(({ opened }) => !opened.sample);
  const looked = await Promise.allSettled(open.map((incident) => limit(() => look(incident))));
  const failed = looked.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
