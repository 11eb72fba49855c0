import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, type Counts, fewest, sum } from './sequential.ts';

const bound = fc.integer({ min: 10, max: 50_000 }).map((thousandths) => thousandths / 100_000);
const counts = fc
  .record({ of: fc.integer({ min: 1, max: 20_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ of, share }): Counts => ({ of, failing: Math.round(of * share) }));

describe('at most 1 % may fail', () => {
  test.each([
    [0, 200, 'unclear'], // 13 in 100 draws of a service at 1 % look like this
    [0, 554, 'unclear'],
    [0, 555, 'below'],
    [6, 2000, 'below'],
    [7, 2000, 'unclear'],
    [2, 200, 'unclear'],
    [8, 200, 'unclear'],
    [9, 200, 'above'],
    [23, 1000, 'above'],
    [200, 200, 'above'],
    [0, 0, 'unclear'],
  ] as const)('%d of %d is %s', (failing, of, said) => expect(answer({ failing, of }, 0.01)).toBe(said));
});

test.each([
  [0.001, 5569],
  [0.01, 555],
  [0.05, 109],
  [0.5, 9],
])('that at most the share %d fails takes %d requests to show', (share, requests) =>
  expect(fewest(share)).toBe(requests),
);

describe('whatever was counted', () => {
  test('a share on the one side of the bound is never said to be on the other', () => {
    fc.assert(
      fc.property(counts, bound, (seen, most) => {
        const said = answer(seen, most);
        if (said === 'above') expect(seen.failing / seen.of).toBeGreaterThan(most);
        if (said === 'below') expect(seen.failing / seen.of).toBeLessThan(most);
      }),
    );
  });
  test('more failures never speak for less, and none fail at the fewest that can say so', () => {
    const rank = { below: 0, unclear: 1, above: 2 };
    fc.assert(
      fc.property(counts, bound, (seen, most) => {
        if (seen.failing < seen.of) {
          const more = answer({ ...seen, failing: seen.failing + 1 }, most);
          expect(rank[more]).toBeGreaterThanOrEqual(rank[answer(seen, most)]);
        }
        const least = fewest(most);
        expect(answer({ failing: 0, of: least }, most)).toBe('below');
        expect(answer({ failing: 0, of: least - 1 }, most)).toBe('unclear');
      }),
    );
  });
});

// Exact, by the distribution of the count of each way that was not stopped yet: no chance is drawn here.
test.each([
  ['above', 0.01],
  ['above', 0.2],
  ['below', 0.01],
  ['below', 0.2],
] as const)('asked after every one of 2000 requests at the bound, it seldom says %s: %d', (side, most) => {
  let wrong = 0;
  let ways = new Map([[0, 1]]);
  for (let of = 1; of <= 2000; of += 1) {
    const next = new Map<number, number>();
    for (const [failing, chance] of ways)
      for (const [then, share] of [
        [failing, 1 - most],
        [failing + 1, most],
      ] as const)
        next.set(then, (next.get(then) ?? 0) + chance * share);
    for (const [failing, chance] of next) {
      const stopped = answer({ failing, of }, most) === side;
      if (stopped) wrong += chance;
      if (stopped || chance < 1e-12) next.delete(failing);
    }
    ways = next;
  }
  expect(wrong).toBeGreaterThan(0.0005);
  expect(wrong).toBeLessThanOrEqual(0.01);
});

test('several bursts are one count', () => {
  expect(
    sum([
      { failing: 1, of: 20 },
      { failing: 2, of: 30 },
    ]),
  ).toEqual({ failing: 3, of: 50 });
  expect(sum([])).toEqual({ failing: 0, of: 0 });
});
