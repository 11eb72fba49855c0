// What time alone brings about: a stage that has been silent for too long ends, and the next look at a service is asked for.
// Must never do more than write the fact. `append` decides again, on the newest state, whether it is still true.
import { overdue } from '#core/incident/deadline';
import { lookDue, nextLookAt } from '#core/incident/looks';
import { running, undoDue } from '#core/incident/running';
import type { World } from './world.ts';

/** One pass over all incidents. When the settings cannot be read it throws, and the next sweep tries again. */
export async function endOverdue(world: World): Promise<void> {
  const waiting = [...world.ledger.open()].filter(
    (incident) =>
      !incident.opened.sample &&
      (running(incident) || undoDue(incident) || ['SYNTHESIZING', 'VERIFYING'].includes(incident.stage)),
  );
  if (waiting.length === 0) return;
  const { settings } = await world.cachedSource();
  for (const { key } of waiting) {
    await world.ledger.append(key, (incident) => {
      const fact = incident && overdue(incident, settings, world.now());
      return fact
        ? { facts: [fact], actor: { kind: 'app' }, at: world.now() }
        : { standDown: 'there is still time' };
    });
  }
}

/** One pass over all incidents whose next look was promised for a time that has come. The desk dispatches what is asked for. */
export async function askForLooks({ ledger, now }: Pick<World, 'ledger' | 'now'>): Promise<void> {
  const waiting = [...ledger.open()].filter((one) => (nextLookAt(one) ?? Infinity) <= now().getTime());
  for (const { key } of waiting)
    await ledger.append(key, (incident) => {
      const fact = incident && lookDue(incident, now());
      return fact ? { facts: [fact], actor: { kind: 'app' }, at: now() } : { standDown: 'no look is due' };
    });
}
