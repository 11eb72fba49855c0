import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOfFewer, chanceOfMore, isBetter, isWorse } from './compare.ts';
import type { Counts } from './sequential.ts';

// The first is Fisher's lady tasting tea, 17/70; the second the example of many textbooks.
test.each([
  [{ failing: 3, of: 4 }, { failing: 1, of: 4 }, 17 / 70],
  [{ failing: 9, of: 12 }, { failing: 1, of: 12 }, 0.0013797280926],
  [{ failing: 0, of: 1000 }, { failing: 0, of: 2000 }, 1],
  [{ failing: 1, of: 1 }, { failing: 0, of: 1 }, 0.5],
  [{ failing: 10, of: 10 }, { failing: 0, of: 10 }, 1 / 184_756],
])('before %o, after %o: so few by chance in %d', (before, after, chance) =>
  expect(chanceOfFewer(before, after)).toBeCloseTo(chance, 10),
);

const small = fc
  .integer({ min: 1, max: 40 })
  .chain((of) => fc.record({ failing: fc.integer({ min: 0, max: of }), of: fc.constant(of) }));

test('it is the exact chance: the sum over all tables, by whole numbers', () => {
  const choose = (n: number, k: number): bigint => {
    let result = 1n;
    for (let i = 0; i < k; i += 1) result = (result * BigInt(n - i)) / BigInt(i + 1);
    return k < 0 || k > n ? 0n : result;
  };
  const exact = (before: Counts, after: Counts): number => {
    const failing = before.failing + after.failing;
    let ways = 0n;
    for (let k = 0; k <= after.failing; k += 1) ways += choose(after.of, k) * choose(before.of, failing - k);
    return Number((ways * 10n ** 15n) / choose(before.of + after.of, failing)) / 1e15;
  };
  fc.assert(
    fc.property(small, small, (before, after) => {
      expect(chanceOfFewer(before, after)).toBeCloseTo(exact(before, after), 9);
    }),
  );
});

test('nothing is both better and worse, and what is equal is neither', () => {
  fc.assert(
    fc.property(small, small, (before, after) => {
      expect(isBetter(before, after, 0.01) && isWorse(before, after, 0.01)).toBe(false);
      expect(isBetter(before, before, 0.05) || isWorse(before, before, 0.05)).toBe(false);
      expect(chanceOfFewer(before, after) + chanceOfMore(before, after)).toBeGreaterThanOrEqual(1 - 1e-9);
    }),
  );
});

test('a large count is no trouble', () => {
  expect(isBetter({ failing: 50, of: 1000 }, { failing: 40, of: 2000 }, 0.01)).toBe(true);
  expect(isBetter({ failing: 22_000, of: 100_000 }, { failing: 21_900, of: 100_000 }, 0.01)).toBe(false);
  expect(isWorse({ failing: 1, of: 100_000 }, { failing: 40, of: 100_000 }, 1e-9)).toBe(true);
});
