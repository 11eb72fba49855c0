// Ends stages that have been silent for too long, so that a dead runner does not stop an incident for good.
// Must never do more than write the fact. `append` decides again, on the newest state, whether it is still true.
import { overdue } from '#core/incident/deadline';
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
