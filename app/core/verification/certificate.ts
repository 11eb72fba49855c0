// How many days are left until a certificate ends, and what is said when these are too few.
// Must never round up: the last day is none.
const DAY_MS = 86_400_000;

/** Both in Unix milliseconds. Null: days enough are left. */
export function certificateFault(least: number, ends: number, now: number): string | null {
  const days = (ends - now) / DAY_MS;
  if (days >= least) return null;
  if (days < 0) return `its certificate ended on ${dateOf(ends)}`;
  const left = Math.floor(days);
  return `its certificate ends on ${dateOf(ends)}, in ${left} ${left === 1 ? 'day' : 'days'}, expected ${least} at least`;
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
