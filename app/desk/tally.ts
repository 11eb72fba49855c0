// Counts what was heard and left alone since the process began, and says once of a trouble that it is there and once that it is
// over. Must never decide anything: what decides is in the ledger.

const counts = new WeakMap<object, Map<string, number>>();
const troubles = new WeakMap<object, Map<string, Set<string>>>();

function of<T>(all: WeakMap<object, Map<string, T>>, whose: object): Map<string, T> {
  const known = all.get(whose) ?? new Map<string, T>();
  all.set(whose, known);
  return known;
}

/** One more (or `more`) of what was left alone; how many there were so far. */
export function count(whose: object, what: string, more = 1): number {
  const mine = of(counts, whose);
  const now = (mine.get(what) ?? 0) + more;
  mine.set(what, now);
  return now;
}

/** Whether this reason is news: a trouble is told once until it is over. */
export function isNews(whose: object, what: string, reason: string): boolean {
  const mine = of(troubles, whose);
  const reasons = mine.get(what) ?? new Set();
  if (reasons.has(reason)) return false;
  mine.set(what, reasons.add(reason));
  return true;
}

/** Whether there was trouble, which is over now. */
export function isOver(whose: object, what: string): boolean {
  return of(troubles, whose).delete(what);
}
