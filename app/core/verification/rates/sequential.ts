// Does more fail than may, or less? A test that may be asked after every burst, as often as one likes, with stated errors.
// Must never answer from a count that cannot carry it: then it says `unclear`.
//
// The test is Wald's likelihood ratio (Ann. Math. Statist. 16, 1945), taken as the mean over a few alternatives (Robbins, Ann.
// Math. Statist. 41, 1970). Each ratio is a fair or a losing bet for every share on the bound's own side, so by Ville's
// inequality (1939) the chance that the mean EVER reaches 1/error is at most the error. Hence no number of looks has to be
// planned, and to stop at the first answer costs nothing.

/** Of so many requests that got an answer (or none in time), so many failed. */
export type Counts = { readonly failing: number; readonly of: number };
export type Answer = 'above' | 'below' | 'unclear';
/** The chance to say `above` though no more fails than may, and `below` though more does; over all looks together. */
export type Errors = { readonly above: number; readonly below: number };

export const ERRORS: Errors = { above: 0.01, below: 0.01 };

// What the odds of failing might be instead, as multiples of the bound's. A far one answers soon, a near one in the end.
const ABOVE = [1.5, 2, 3, 5, 10, 30, 100];
const BELOW = [0, 0.1, 0.25, 0.5, 0.7];

export function answer(counts: Counts, bound: number, errors: Errors = ERRORS): Answer {
  if (evidence(counts, bound, ABOVE) >= 1 / errors.above) return 'above';
  return evidence(counts, bound, BELOW) >= 1 / errors.below ? 'below' : 'unclear';
}

/** The fewest requests that can say `below`: so many when none of them fails. */
export function fewest(bound: number, errors: Errors = ERRORS): number {
  let [low, high] = [1, Math.ceil(Math.log(BELOW.length / errors.below) / -Math.log1p(-bound)) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (answer({ failing: 0, of: middle }, bound, errors) === 'below') high = middle;
    else low = middle + 1;
  }
  return low;
}

export const sum = (all: readonly Counts[]): Counts => ({
  failing: all.reduce((total, one) => total + one.failing, 0),
  of: all.reduce((total, one) => total + one.of, 0),
});

/** How many times likelier the counts are when the share is one of the alternatives, each with the same weight. */
function evidence({ failing, of }: Counts, bound: number, multiples: readonly number[]): number {
  const ratios = multiples.map((multiple) => {
    const other = (multiple * bound) / (1 - bound + multiple * bound);
    const failed = failing === 0 ? 0 : failing * Math.log(other / bound);
    return Math.exp(failed + (of - failing) * (Math.log1p(-other) - Math.log1p(-bound)));
  });
  return ratios.reduce((total, one) => total + one, 0) / ratios.length;
}
