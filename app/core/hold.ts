// Holds: a person stops anything from starting, for one incident or for all. What cannot be read counts as held.
// Must never end by itself: only a release ends a hold.
import type { FactDataOf } from './facts.ts';
import type { Incident } from './replay.ts';

export type Hold = FactDataOf<'hold.set'>;

/** The hold that keeps this incident from starting, or null. `all`: the hold on everything, as the ledger's index has it. */
export function holdOn(all: Hold | null, { records }: Pick<Incident, 'records'>): Hold | null {
  return all ?? lastSaid(records, 'incident');
}

/** The hold on everything as far as these incidents say it, wherever it was said. The index has it without reading them. */
export function holdOnAll(incidents: Iterable<Incident>): Hold | null {
  return lastSaid(
    [...incidents].flatMap(({ records }) => records),
    'all',
  );
}

function lastSaid(records: Incident['records'], scope: Hold['scope']): Hold | null {
  const newest = records
    .filter((record) => record.type === 'hold.set' || record.type === 'hold.released')
    .filter(({ data }) => data.scope === scope)
    .reduce<Incident['records'][number] | null>((a, b) => (a !== null && a.at > b.at ? a : b), null);
  return newest?.type === 'hold.set' ? newest.data : null;
}
