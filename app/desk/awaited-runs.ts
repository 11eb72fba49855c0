// Runs that an incident waits for: one that ended without the word that was due leaves the incident to people.
// Must never wait for a webhook alone: GitHub delivers each of them once, also when nobody listens.
import { endOfRun } from '#adapters/runs';
import { type EffectKind, effectName } from '#core/due';
import { type Incident, known } from '#core/replay';
import type { Desk } from './desk.ts';
import type { World } from './world.ts';

/** The runs that the app dispatched for this attempt and that still have something to say, by what the effects' results hold. */
export function awaitedRuns(incident: Incident): number[] {
  if (incident.stage === 'RESOLVED' || incident.stage === 'ESCALATED') return [];
  const dispatched = (kind: EffectKind): number => {
    const result = incident.effects.get(effectName(incident, kind))?.result ?? '';
    return Number(/\/(\d+)$/.exec(result)?.[1] ?? Number.NaN);
  };
  const first = known(incident, 'investigation.started')?.run.id ?? Number.NaN;
  const respond = known(incident, 'remediation.rehearsed') ? [] : [first, dispatched('respond.again')];
  return [...respond, dispatched('remediate.dispatch')].filter((run) => Number.isInteger(run));
}

/** A run of ours that ended while its incident still waits for it: what it did is unknown, or it said nothing. */
export async function runEnded(world: World, desk: Desk, run: number, how: string): Promise<void> {
  await world.ledger.refresh();
  const waits = (incident: Incident): boolean => awaitedRuns(incident).includes(run);
  for (const { key } of [...world.ledger.open()].filter(waits)) {
    await world.ledger.append(key, (incident) => {
      if (!incident || !waits(incident)) return { standDown: 'no longer waiting' };
      const reason = `workflow run ${run} ${how}`;
      const workspace = known(incident, 'remediation.started')?.workspace ?? '';
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
 * Asks GitHub about the newest run of every incident from which nothing was heard for four sweeps. An older one is past:
 * `respond` may be dispatched again for the same attempt.
 */
export async function lookAtRuns(world: World, desk: Desk): Promise<void> {
  const silence = 4 * world.config.sweepMs;
  const isOld = (at: string | undefined): boolean => world.now().getTime() - Date.parse(at ?? '') > silence;
  for (const incident of [...world.ledger.open()].filter(({ opened }) => !opened.sample)) {
    const run = awaitedRuns(incident).at(-1);
    if (run === undefined || !isOld(incident.records.at(-1)?.at)) continue;
    const end = await endOfRun(world.repo, run);
    if (!end || !isOld(end.endedAt)) continue;
    const how = end.conclusion === 'success' ? 'ended without a word' : 'failed';
    await runEnded(world, desk, run, how);
  }
}
