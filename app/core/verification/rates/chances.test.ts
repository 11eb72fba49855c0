import { expect, test } from 'vitest';
import { atLeast, chancesOf } from './chances.ts';

const rules = { red: { need: 3, of: 5 }, green: { need: 10, of: 10 } };

test.each([
  [0.1, 0.99144, 0.3486784401],
  [0.22, 0.9255662, 0.0833578],
  [1, 0, 0],
  [0, 1, 1],
])(
  'of a share of %d the default rule sees nothing in %d and calls it recovered in %d',
  (share, unseen, recovered) => {
    const chances = chancesOf(rules, share);
    expect(chances.unseen).toBeCloseTo(unseen, 6);
    expect(chances.recovered).toBeCloseTo(recovered, 6);
  },
);

test.each([
  [0, 5, 0.3, 1],
  [1, 2, 0.5, 0.75],
  [5, 5, 0.5, 1 / 32],
])('at least %d of %d at %d: %d', (need, of, each, chance) =>
  expect(atLeast(need, of, each)).toBeCloseTo(chance, 12),
);
