// Holds: a person's order that nothing may start, for one incident or for all. Only a release ends a hold.
// Must never be the only guard where a ledger could not be read: an incident that is not in the list cannot tell its hold.
// So the job that starts a script refuses when it cannot read every incident (`others` in actions/shared/job.ts).
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';

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
