// Ends what nobody has spoken about for too long: a dead runner must leave no incident where it was.
// Must never do more than write the fact; the ledger decides again whether it is still true.
import { overdue } from '#core/deadline';
import { running } from '#core/running';
import type { World } from './world.ts';

/** One pass over all incidents. Without readable settings nothing is overdue; the next sweep tries again. */
export async function endOverdue(world: World): Promise<void> {
  const waiting = [...world.ledger.open()].filter(
    (incident) =>
      !incident.opened.sample &&
      (running(incident) || ['SYNTHESIZING', 'VERIFYING'].includes(incident.stage)),
  );
  if (waiting.length === 0) return;
  const { settings } = await world.glance();
  for (const { key } of waiting) {
    await world.ledger.append(key, (incident) => {
      const fact = incident && overdue(incident, settings, world.now());
      return fact
        ? { facts: [fact], actor: { kind: 'app' }, at: world.now() }
        : { standDown: 'there is still time' };
    });
  }
}
