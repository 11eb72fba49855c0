// The budget of the auto lane: how many runs it has started lately. Must never count sample history, nor forget a run because its
// incident rang again.
import type { Incident } from '#core/ledger/replay';

const DAY_MS = 86_400_000;

/** How many runs the auto lane started in the last 24 hours, of all attempts. */
export function autoRunsSince(incidents: Iterable<Incident>, now: Date): number {
  const since = now.getTime() - DAY_MS;
  return [...incidents]
    .filter(({ opened }) => !opened.sample)
    .flatMap(autoStarts)
    .filter((at) => at > since).length;
}

/** When the runs began that nobody was asked about, in Unix milliseconds. */
function autoStarts({ records }: Incident): number[] {
  let lane: 'auto' | 'human' | null = null;
  return records.flatMap(({ type, data, at }) => {
    if (type === 'remediation.approved') lane = data.lane;
    return type === 'remediation.started' && lane === 'auto' ? [Date.parse(at)] : [];
  });
}
