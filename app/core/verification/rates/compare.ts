// Did it become better or worse than before? Two counts, compared by Fisher's exact test (The Design of Experiments, 1935).
// Must never approximate: shares near zero are where a bell curve lies.
import type { Counts } from './sequential.ts';

/** The chance to see so few failures or fewer after, if nothing had changed. */
export function chanceOfFewer(before: Counts, after: Counts): number {
  return tail(before, after);
}

/** The chance to see so many failures or more after, if nothing had changed. */
export function chanceOfMore(before: Counts, after: Counts): number {
  return tail(after, before); // more after is fewer before
}

export const isBetter = (before: Counts, after: Counts, error: number): boolean =>
  chanceOfFewer(before, after) <= error;
export const isWorse = (before: Counts, after: Counts, error: number): boolean =>
  chanceOfMore(before, after) <= error;

/** The hypergeometric tail: at most `few.failing` of all failures fall on `few`. */
function tail(many: Counts, few: Counts): number {
  const failing = many.failing + few.failing;
  const least = Math.max(0, failing - many.of);
  let term = Math.exp(
    logChoose(few.of, few.failing) + logChoose(many.of, many.failing) - logChoose(many.of + few.of, failing),
  );
  let total = 0;
  for (let hits = few.failing; hits >= least; hits -= 1) {
    total += term;
    // From `hits` to one fewer, by the ratio of the two terms.
    term *= (hits * (many.of - failing + hits)) / ((few.of - hits + 1) * (failing - hits + 1));
    if (term < total * 1e-17) break;
  }
  return Math.min(1, total);
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** Stirling's series; below 16 the product itself. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
