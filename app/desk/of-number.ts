// The incident that an issue or a pull request belongs to, by its number. Must never look at what GitHub says of it.
import { isPullOf } from '#core/incident/pushes';
import type { Incident } from '#core/ledger/replay';
import type { World } from './world.ts';

async function numbered(
  { ledger }: Pick<World, 'ledger'>,
  number: number,
  own: (incident: Incident) => boolean,
): Promise<Incident | null> {
  return [...ledger.open()].find(own) ?? (await ledger.numbered(number)).find(own) ?? null;
}

export function incidentOfPull(world: Pick<World, 'ledger'>, number: number): Promise<Incident | null> {
  return numbered(world, number, (incident) => isPullOf(incident, number));
}

/** Of its issue, or of any of its pull requests. */
export function incidentAt(world: Pick<World, 'ledger'>, number: number): Promise<Incident | null> {
  return numbered(
    world,
    number,
    (incident) => incident.issue?.number === number || isPullOf(incident, number),
  );
}
