// Holds: a person stops anything from starting, for one incident or for all. What cannot be read counts as held.
// Must never end by itself: only a release ends a hold.
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';

export type Hold = FactDataOf<'hold.set'>;

/** The hold that keeps this incident from starting, or null. A hold on everything is found wherever it was said. */
export function holdOn(incidents: Iterable<Incident>, key: string): Hold | null {
  const said = [...incidents].flatMap(({ key: from, records }) =>
    records
      .filter((record) => record.type === 'hold.set' || record.type === 'hold.released')
      .filter(({ data }) => data.scope === 'all' || from === key),
  );
  const last = (scope: Hold['scope']): Hold | null => {
    const newest = said
      .filter(({ data }) => data.scope === scope)
      .reduce<(typeof said)[number] | null>((a, b) => (a !== null && a.at > b.at ? a : b), null);
    return newest?.type === 'hold.set' ? newest.data : null;
  };
  return last('all') ?? last('incident');
}
