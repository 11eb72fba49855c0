// What a rule of k of n sees of a partial outage: the exact chances, since such a rule sends one request a look.
// Must never be rounded before it is told: 99.1 % of nothing seen is the reason to count instead.

/** The chance that at least `need` of `of` looks come out as one does with the chance `each`. */
export function atLeast(need: number, of: number, each: number): number {
  if (need <= 0) return 1;
  let [choose, total] = [1, 0];
  for (let hits = 0; hits <= of; hits += 1) {
    if (hits >= need) total += choose * each ** hits * (1 - each) ** (of - hits);
    choose = (choose * (of - hits)) / (hits + 1);
  }
  return Math.min(1, total);
}

type KofN = { readonly need: number; readonly of: number };

/** Of a service of which the share `failing` fails: how often the rule sees nothing, and how often it calls that recovered. */
export function chancesOf(rules: { readonly red: KofN; readonly green: KofN }, failing: number) {
  return {
    unseen: 1 - atLeast(rules.red.need, rules.red.of, failing),
    recovered: atLeast(rules.green.need, rules.green.of, 1 - failing),
  };
}
