// Bursts in, verdict out: above what may fail, below it, or too few to tell.
import { describe, expect, test } from 'vitest';
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { judgeGreen, judgeRed } from './verdict.ts';

const RED: Rule = {
  checks: ['cart'],
  need: 3,
  of: 5,
  over_s: 60,
  rates: { cart: { bound: 0.01, before: null } },
};
const green = (before: Rule['rates']): Rule => ({
  checks: ['cart'],
  need: 10,
  of: 10,
  over_s: 120,
  rates: before ?? {},
});
const GREEN = green({ cart: { bound: 0.01, before: { failing: 60, of: 600 } } });

/** A burst of 200 for each number of failures; null is a look that saw nothing. */
function bursts(failing: (number | null)[], rule: Rule, check = 'cart', of = 200): Sample[] {
  return failing.map((one, at) => ({
    check,
    at: (at * rule.over_s * 1000) / (rule.of - 1),
    ms: 900,
    outcome: one === null ? 'inconclusive' : one > of / 100 ? 'fail' : 'pass',
    engine: 'http',
    reason: one === null ? 'no way out' : one > of / 100 ? 'answered 503, expected 200' : null,
    overruled: null,
    ...(one === null ? {} : { counts: { failing: one, of } }),
  }));
}
const red = (...failing: (number | null)[]) => judgeRed(bursts(failing, RED), RED);
const recovery = (...failing: (number | null)[]) => judgeGreen(bursts(failing, GREEN), GREEN);
const ten = (failing: number) => Array.from({ length: 10 }, () => failing);

describe('red', () => {
  test.each([
    [[20], 'inconclusive', false], // clear already, but one moment is not an outage
    [[20, 22], 'inconclusive', false],
    [[20, 22, 19], 'red', true],
    [[10, 8, 12], 'red', true],
    [[0, 0, 0], 'absent', true],
    [[0, 1, 0], 'inconclusive', false],
    [[0, 1, 0, 0, 0], 'absent', true],
    [[3, 3, 2, 4, 3], 'inconclusive', true], // 1.5 % against 1 %: too few to tell
    [[null, null, null], 'inconclusive', true],
    [[20, null, 20, null, 20], 'red', true],
  ] as const)('of %j failing of 200 each is %s', (failing, verdict, decided) =>
    expect(red(...failing)).toMatchObject({ verdict, decided }),
  );
  test.each([
    [
      [20, 22, 19],
      '61 of 600 requests of cart failed in 3 looks (10.2 %), more than the 1 % that may, last: answered 503, expected 200',
    ],
    [[0, 0, 0], '0 of 600 requests of cart failed in 3 looks (0 %), at most the 1 % that may'],
    [
      [2, null],
      '2 of 200 requests of cart failed in 1 look (1 %), too few to tell whether at most 1 % do, 1 saw nothing, last: no way out',
    ],
  ])('of %j says so', (failing, reason) => expect(red(...failing).reason).toBe(reason));
});

describe('green', () => {
  test.each([
    [ten(0), 'confirmed', true],
    [[1, 0, 2, 0, 0, 1, 0, 1, 0, 1], 'confirmed', true],
    [ten(0).slice(1), 'inconclusive', false],
    [[20], 'refuted', true], // a burst that is above by far needs no second one
    [[0, 0, 0, 0, 30], 'refuted', true],
    [ten(2), 'inconclusive', true],
  ])('of %j failing of 200 each is %s', (failing, verdict, decided) =>
    expect(recovery(...failing)).toMatchObject({ verdict, decided }),
  );
  test('within the bound is not enough when it is no better than what was red', () => {
    const against = (failing: number) => green({ cart: { bound: 0.01, before: { failing, of: 200 } } });
    const some = [1, 0, 1, 0, 1, 0, 1, 0, 1, 0];
    expect(judgeGreen(bursts(some, against(20)), against(20))).toMatchObject({
      verdict: 'confirmed',
      reason:
        '5 of 2000 requests of cart failed in 10 looks (0.25 %), at most the 1 % that may, before: 20 of 200 (10 %)',
    });
    // Beside another check that was red: so few before that it may have been chance.
    expect(judgeGreen(bursts(some, against(3)), against(3))).toMatchObject({
      verdict: 'inconclusive',
      decided: true,
      reason: expect.stringContaining('not clearly better than before: 3 of 200 (1.5 %)'),
    });
  });
  test('without a count from before it stays open, since nothing says what became better', () => {
    const blind = green({ cart: { bound: 0.01, before: 'missing' } });
    expect(judgeGreen(bursts(ten(0), blind), blind)).toMatchObject({
      verdict: 'inconclusive',
      decided: true,
      reason:
        '0 of 2000 requests of cart failed in 10 looks (0 %), at most the 1 % that may, nothing was counted before to compare with',
    });
  });
  test('what was never red only has to stay within the bound', () => {
    const well = green({ cart: { bound: 0.01, before: { failing: 0, of: 1000 } } });
    expect(judgeGreen(bursts(ten(0), well), well).verdict).toBe('confirmed');
  });
});

describe('several at once', () => {
  const rates = { eu: { bound: 0.01, before: null }, us: { bound: 0.01, before: null } };
  const two: Rule = { ...RED, checks: ['eu', 'us'], rates };
  const judge = (rule: Rule, eu: number, us: number) =>
    judgeRed([...bursts(Array(5).fill(eu), rule, 'eu'), ...bursts(Array(5).fill(us), rule, 'us')], rule);

  test('any is red with one of them, and absent with none', () => {
    const any = { ...two, wanted: { any: ['eu', 'us'] } };
    expect([judge(any, 20, 0).verdict, judge(any, 0, 0).verdict]).toEqual(['red', 'absent']);
    expect(judge(any, 20, 0).reason).toMatch(/^100 of 1000 requests of eu failed/);
    expect(judge(any, 0, 3)).toMatchObject({ verdict: 'inconclusive', decided: true });
  });
  test('all is red with both of them; one alone is a part of the symptom', () => {
    expect([judge(two, 20, 20).verdict, judge(two, 0, 0).verdict]).toEqual(['red', 'absent']);
    expect(judge(two, 20, 0)).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^only a part of the symptom is seen: /),
    });
  });
  test('a pair that must fail together, beside one that may fail alone', () => {
    const rule: Rule = {
      checks: ['a', 'b', 'c'],
      ...{ need: 1, of: 1, over_s: 0 },
      wanted: { any: ['a', { all: ['b', 'c'] }] },
    };
    const say = (word: string) =>
      judgeRed(
        [...word].map((letter, at) => ({
          ...{ check: rule.checks[at] ?? '', at: 0, ms: 1, engine: 'http' as const, overruled: null },
          ...(letter === 'f'
            ? { outcome: 'fail' as const, reason: 'no' }
            : { outcome: 'pass' as const, reason: null }),
        })),
        rule,
      ).verdict;
    expect(['fpp', 'pff', 'ppp', 'pfp', 'fff'].map(say)).toEqual([
      'red',
      'red',
      'absent',
      'inconclusive',
      'red',
    ]);
  });
  test('a part of a pair is told as soon as nothing else can be red', () => {
    const rule: Rule = {
      checks: ['a', 'b', 'c', 'd'],
      ...{ need: 1, of: 1, over_s: 0 },
      wanted: { all: [{ any: [{ all: ['a', 'b'] }, 'c'] }, 'd'] },
    };
    const look = (check: string, outcome: 'pass' | 'fail'): Sample => ({
      ...{ check, outcome, at: 0, ms: 1, engine: 'http', overruled: null },
      reason: outcome === 'fail' ? 'no' : null,
    });
    expect(judgeRed([look('a', 'fail'), look('b', 'pass'), look('c', 'pass')], rule)).toMatchObject({
      verdict: 'inconclusive',
      decided: true,
      reason: expect.stringMatching(/^only a part of the symptom is seen: /),
    });
  });
  test('the more checks are counted, the more it takes to say that one is above', () => {
    const rule = (checks: string[]): Rule => ({
      ...{ checks, need: 3, of: 3, over_s: 20 },
      rates: Object.fromEntries(checks.map((check) => [check, { bound: 0.01, before: null }])),
    });
    const judge = (checks: string[]) => judgeGreen(bursts([9], rule(checks), 'eu'), rule(checks)).verdict;
    const ten = ['eu', 'us', 'ap', 'sa', 'af', 'me', 'ca', 'in', 'au', 'jp'];
    expect([judge(['eu']), judge(ten)]).toEqual(['refuted', 'inconclusive']);
  });
  test('the more stretches are judged, the more it takes to say that one is below', () => {
    const three: Rule = { ...GREEN, need: 3, of: 3, over_s: 20 };
    const judge = (rule: Rule) => judgeGreen(bursts([0, 0, 0], rule), rule).verdict;
    expect([judge(three), judge({ ...three, starts: 100 })]).toEqual(['confirmed', 'inconclusive']);
  });
});
