// Whether something got worse: what is said of services that did, that did not, and of which too little was seen. The lot is always
// the same.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lots } from '../../../scripts/partial-outages.ts';
import { isRefuted, judgeAfterRun } from './after-run.ts';
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { chanceOfRun, couldGetWorse, gotWorse, leastRun, mostRounds, pauseOf } from './worse.ts';

const STEP = 15_000;
const look = (check: string, at: number, outcome: Sample['outcome'], failing?: number): Sample => ({
  ...{ check, at, ms: 1, outcome, engine: 'http', overruled: null },
  reason: outcome === 'pass' ? null : 'status 500, not 200',
  ...(failing === undefined ? {} : { counts: { failing, of: 200 } }),
});
const letters = { p: 'pass', f: 'fail', i: 'inconclusive' } as const;
const looks = (check: string, words: string, step = STEP): Sample[] =>
  [...words].map((one, n) => look(check, n * step, letters[one as keyof typeof letters]));
const plain: Rule = {
  ...{ checks: ['order', 'home'], need: 10, of: 10, over_s: 120 },
  steady: { home: 5 },
};

describe('a check that was green in five looks', () => {
  test.each<[string, string, boolean]>([
    ['fails in five looks in a row, over a minute', 'fffff', true],
    ['fails in five looks in a row after it passed', 'ppfffff', true],
    ['fails in four', 'pffff', false],
    ['fails now and then', 'fpffpfpff', false],
    ['failed and is well again', 'fffffp', false],
    ['fails, and is not seen in between', 'fifffif', true],
    ['is not seen', 'iiiiiiii', false],
  ])('%s', (_, words, worse) => {
    const said = gotWorse(looks('home', words), plain);
    expect(said !== null).toBe(worse);
    if (worse)
      expect(said).toBe(
        `home was green in all 5 looks before the run, and failed in the last ${words.replace(/i/g, '').replace(/^p+/, '').length}`,
      );
  });
  test('a restart is shorter than a minute, however often it is looked at', () => {
    expect(gotWorse(looks('home', 'fffffffff', 5000), plain)).toBe(null);
    expect(gotWorse(looks('home', 'ffffffffffff', 5000), plain)).not.toBe(null);
  });
  test('where green itself takes seconds, 20 of them are enough, and less is not', () => {
    const quick: Rule = { ...plain, over_s: 4 };
    expect(gotWorse(looks('home', 'ffff', 5000), quick)).toBe(null);
    expect(gotWorse(looks('home', 'fffff', 4000), quick)).toBe(null);
    expect(gotWorse(looks('home', 'fffff', 5000), quick)).not.toBe(null);
  });
});

test.each<[string, Record<string, number>, string]>([
  ['was red before', {}, 'ffffffffffffffffff'],
  ['was looked at twice', { home: 2 }, 'ffffffffffffffffff'],
])('a check that %s cannot turn red', (_, steady, words) => {
  expect(gotWorse(looks('home', words), { ...plain, steady })).toBe(null);
  expect(couldGetWorse(looks('home', ''), { ...plain, steady })).toBe(false);
});

describe('a check that counts', () => {
  const rule = (failing: number, seen = 3): Rule => ({
    ...{ checks: ['cart'], need: 10, of: 10, over_s: 120 },
    rates: { cart: { bound: 0.01, before: { failing, of: 200 * seen }, looks: seen } },
  });
  const bursts = (...all: number[]) => all.map((failing, n) => look('cart', n * STEP, 'fail', failing));
  test.each<[string, Rule, number[], boolean]>([
    ['of which much more fails', rule(60), [90, 95, 88, 92, 99], true],
    ['of which much more fails, for less than a minute', rule(60), [90, 95, 88, 92], false],
    ['of which hardly more fails', rule(60), [22, 23, 21, 22, 22], false],
    ['of which all failed already', rule(600), [200, 200, 200, 200, 200], false],
    ['that is well again', rule(60), [90, 95, 88, 92, 0], false],
    ['that was seen too little', rule(20, 1), [200, 200, 200, 200, 200], false],
    ['of which nothing failed', rule(0), [20, 25, 18, 22, 21], true],
  ])('%s', (_, of, failing, worse) => expect(gotWorse(bursts(...failing), of) !== null).toBe(worse));
});

describe('by chance', () => {
  test('a run is as likely as the bound says at most, whatever share fails', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 8 }),
        fc.integer({ min: 3, max: 8 }),
        fc.integer({ min: 8, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, run, rounds, share) => {
          // Exactly: how likely some run of that length is among so many looks, by the look before which it begins.
          const none = [1];
          for (let n = 1; n <= rounds; n += 1) {
            const first =
              n === run ? share ** run : n > run ? share ** run * (1 - share) * (none[n - run - 1] ?? 1) : 0;
            none.push((none[n - 1] ?? 1) - first);
          }
          const exact = (1 - share) ** before * (1 - (none[rounds] ?? 1));
          expect(exact).toBeLessThanOrEqual(chanceOfRun(before, run, rounds) + 1e-12);
        },
      ),
    );
  });
  test.each([
    [5, 18, 1, 5],
    [5, 18, 2, 6],
    [5, 13, 1, 5],
    [3, 18, 1, 8],
    [3, 18, 4, 11],
    [5, 160, 1, 9],
  ])(
    'after %d green looks, of %d and with %d checks, %d failures in a row say it',
    (before, rounds, checks, run) => expect(leastRun(before, rounds, 0.01 / checks)).toBe(run),
  );

  /** The whole of it with nothing changed: looks before, and looks after as long as the verdict is open. */
  function saysWorse(shares: Record<string, number>, rates: boolean, lot: () => number): boolean {
    const draw = (check: string, at: number): Sample => {
      const share = shares[check] ?? 0;
      if (!rates) return look(check, at, lot() < share ? 'fail' : 'pass');
      let failing = 0;
      for (let n = 0; n < 50; n += 1) failing += lot() < share ? 1 : 0;
      return { ...look(check, at, failing > 0 ? 'fail' : 'pass'), counts: { failing, of: 50 } };
    };
    const checks = Object.keys(shares);
    const before = checks.map((check) => [check, [0, 1, 2, 3, 4].map((at) => draw(check, at))] as const);
    const counted = before.map(([check, seen]) => {
      const failing = seen.reduce((total, { counts }) => total + (counts?.failing ?? 0), 0);
      return [check, { bound: 0.01, before: { failing, of: 250 }, looks: 5 }] as const;
    });
    const green = before.filter(([, seen]) => seen.every(({ outcome }) => outcome === 'pass'));
    const rule: Rule = {
      ...{ checks, need: 10, of: 10, over_s: 120 },
      ...(rates
        ? { rates: Object.fromEntries(counted) }
        : { steady: Object.fromEntries(green.map(([check]) => [check, 5])) }),
    };
    const samples: Sample[] = [];
    for (let round = 0, at = 0; round < mostRounds(rule); round += 1) {
      const now = judgeAfterRun(samples, rule);
      if (now.decided) break;
      at += isRefuted(now) ? pauseOf(rule) : 13_333;
      for (const check of checks) samples.push(draw(check, at));
    }
    return judgeAfterRun(samples, rule).worse !== undefined;
  }
  test.each([0.05, 0.2, 0.35, 0.45, 0.55, 0.7, 0.9])(
    'nothing changed and %d of all looks fail: worse is said in 1 %% or less',
    (share) => {
      const lot = lots(7);
      let said = 0;
      for (let n = 0; n < 1500; n += 1) said += saysWorse({ home: share, cart: share }, false, lot) ? 1 : 0;
      expect(said / 1500).toBeLessThanOrEqual(0.01);
    },
  );
  test.each([0.002, 0.02, 0.1, 0.4])('nothing changed and %d of all requests fail: the same', (share) => {
    const lot = lots(8);
    let said = 0;
    for (let n = 0; n < 300; n += 1) said += saysWorse({ home: share, cart: share }, true, lot) ? 1 : 0;
    expect(said / 300).toBeLessThanOrEqual(0.01);
  });
});

describe('after a run without time to settle', () => {
  const both = (order: string, home: string) => [...looks('order', order), ...looks('home', home)];
  test('it is refuted at once when nothing else can have suffered', () => {
    const alone = { ...plain, checks: ['order'], steady: {} };
    expect(judgeAfterRun(looks('order', 'f'), alone)).toMatchObject({ verdict: 'refuted', decided: true });
  });
  test('it is looked at on until it is known that the others are well', () => {
    expect(judgeAfterRun(both('f', 'p'), plain)).toMatchObject({ verdict: 'refuted', decided: false });
    const over = judgeAfterRun(both('f', 'ppp'), plain);
    expect(over).toMatchObject({ verdict: 'refuted', decided: true });
    expect(over.worse).toBeUndefined();
  });
  test('it is worse when another check turned red, also when the symptom is green', () => {
    for (const order of ['f', 'pppppppppp'])
      expect(judgeAfterRun(both(order, 'fffff'), plain)).toMatchObject({
        ...{ verdict: 'refuted', decided: true },
        worse: 'home was green in all 5 looks before the run, and failed in the last 5',
      });
  });
  test('looks that go on end, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('p', 'f', 'i'), { minLength: 18, maxLength: 18 }), (words) => {
        expect(judgeAfterRun(both('f', words.join('')), plain).decided).toBe(true);
      }),
    );
  });
});
