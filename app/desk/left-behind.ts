// Says on the ledger which workspaces outlive their scripts, so that the job that may remove them is dispatched and people hear of it.
// Must never ask Coder anything: the app holds no token of it. What it says is what the ledger lacks.
import { tellLeft } from '#core/incident/left-workspaces';
import { APP } from './claims.ts';
import type { Desk } from './desk.ts';
import type { World } from './world.ts';

/** One pass over all incidents that are open on the ledger. */
export async function tellLeftBehind(
  world: Pick<World, 'ledger' | 'now' | 'cachedSource'>,
  desk: Pick<Desk, 'wake'>,
): Promise<void> {
  const left = [...world.ledger.open()].filter(
    (incident) => !incident.opened.sample && tellLeft(incident, undefined, world.now()).length > 0,
  );
  if (left.length === 0) return;
  const { settings } = await world.cachedSource();
  for (const { key } of left) {
    const written = await world.ledger.append(key, (incident) => {
      const now = world.now();
      const facts = incident ? tellLeft(incident, settings.coder?.url, now) : [];
      return facts.length > 0 ? { facts, actor: APP, at: now } : { standDown: 'none is left' };
    });
    if (written.ok) desk.wake(key);
  }
}
