// The speed of few loads: what is slow, and what is only one slow load.
import { describe, expect, test } from 'vitest';
import { judgeLoads, type Loaded, measuredWords, percentile } from './performance.ts';

const loads = (...ms: number[]): Loaded[] => ms.map((one) => ({ ms: one, bytes: 1000, requests: 4 }));
const fault = (all: Loaded[], budget: object) => {
  const said = judgeLoads(all, budget);
  return 'nothing' in said ? said : said.fault;
};

describe('a percentile', () => {
  test.each([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2],
    [[5, 4, 3, 2, 1], 0.5, 3],
    [[1, 2, 900], 0.95, 2],
    [[1, 2, 3, 4, 900], 0.95, 4],
    [Array.from({ length: 20 }, (_, n) => n + 1), 0.95, 19],
    [Array.from({ length: 20 }, (_, n) => n + 1), 0.5, 10],
    [[2, 2, 2], 0.95, 2],
    [[7], 0.5, 7],
  ])('of %j, %d, is the nearest rank below the largest', (values, share, expected) =>
    expect(percentile(values, share)).toBe(expected),
  );
});

describe('the budget of time', () => {
  test.each([3, 4, 5, 10, 20])('is kept by %d loads of which one is slow or fails', (n) => {
    const fast = loads(...Array.from({ length: n - 1 }, () => 100));
    const budget = { p50_ms: 200, p95_ms: 300 };
    expect(fault([...loads(60_000), ...fast], budget)).toBeNull();
    expect(fault([{ failed: 'answered 503' }, ...fast], budget)).toBeNull();
  });
  test('is missed when two are slow, or half of them', () => {
    expect(fault(loads(100, 100, 100, 400, 500), { p95_ms: 300 })).toBe(
      'of 5 loads, p95 is 400 ms, expected 300 at most',
    );
    expect(fault(loads(100, 100, 400, 400, 500), { p50_ms: 300, p95_ms: 450 })).toBe(
      'of 5 loads, p50 is 400 ms, expected 300 at most',
    );
    expect(fault(loads(100, 100, 400, 400, 500), { p50_ms: 300, p95_ms: 350 })).toBe(
      'of 5 loads, p50 is 400 ms, expected 300 at most; p95 is 400 ms, expected 350 at most',
    );
    expect(fault([{ failed: 'x' }, ...loads(400, 100, 100)], { p95_ms: 300 })).toBe(
      'of 4 loads, p95 is 400 ms, expected 300 at most',
    );
  });
  test('is kept by what takes exactly so long', () =>
    expect(fault(loads(300, 300, 300), { p50_ms: 300, p95_ms: 300 })).toBeNull());
});

test('two loads that fail are no page, whatever the budget', () => {
  const said = fault([{ failed: 'answered 503' }, { failed: 'other' }, ...loads(1, 1, 1)], { bytes: 9999 });
  expect(said).toBe('2 of 5 loads failed, one: answered 503');
});

test('weight is that of the middle load', () => {
  const all: Loaded[] = [900, 1100, 9000].map((bytes) => ({ ms: 1, bytes, requests: bytes / 100 }));
  expect(fault(all, { bytes: 1100, requests: 11 })).toBeNull();
  expect(fault(all, { bytes: 1099, requests: 10 })).toBe(
    'of 3 loads, half of the loads take 1100 bytes, expected 1099 at most; half of the loads take 11 requests, expected 10 at most',
  );
});

test('what was measured is told in figures, as far as it was asked for and seen', () => {
  const measured = (all: Loaded[], budget: object) => {
    const said = judgeLoads(all, budget);
    return 'measured' in said ? [said.measured, measuredWords(said.measured)] : said;
  };
  expect(measured(loads(100.4, 200, 900), { p50_ms: 1, bytes: 1 })).toEqual([
    { loads: 3, p50_ms: 200, p95_ms: 200, bytes: 1000 },
    'p50 200 ms, p95 200 ms, 1000 bytes of 3 loads',
  ]);
  expect(measured([{ failed: 'x' }, { failed: 'x' }], { requests: 1 })).toEqual([
    { loads: 2 },
    'nothing of 2 loads',
  ]);
});

test('too few loads say nothing', () =>
  expect(fault(loads(9000, 9000), { p50_ms: 1 })).toEqual({
    nothing: '2 loads in time, and it takes 3 to say anything',
  }));
