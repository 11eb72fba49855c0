// Holds: a person's order that nothing may start, for one incident or for all. Only a release ends a hold.
// Must never be the only guard where a ledger could not be read: an incident that is not in the list cannot tell its hold.
// So the job that starts a script refuses when it cannot read every incident (`others` in actions/shared/job.ts).
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';

export type Hold = FactDataOf<'hold.set'>;

/** The hold that keeps this incident from starting, or null. A hold on everything may stand in any incident. */
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
