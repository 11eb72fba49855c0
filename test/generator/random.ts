// The generator's own dice: small, fast and the same everywhere, so that a seed and a number name one text for ever.
// It must never ask the machine for chance.

export type Dice = {
  /** A whole number from 0 to below `n`. */
  below: (n: number) => number;
  /** True in `percent` of a hundred cases. */
  chance: (percent: number) => boolean;
  /** One of them. */
  of: (all: readonly string[]) => string;
};

/** Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c; `place` keeps texts of one seed apart. */
export function diceOf(seed: number, place: number): Dice {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, chance: (percent) => below(100) < percent, of: (all) => all[below(all.length)] ?? '' };
}
