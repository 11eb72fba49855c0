// Recoveries that take their time, with the clock ahead: when Vigil looks, and what it says in the end.
import { describe, expect, test } from 'vitest';
import { drains, flaps, recovery, type Shape, stays, steps } from '../../../scripts/recoveries.ts';
import type { Sample } from './plan.ts';
import { secondsOf } from './settle.ts';
import { judgeSettling, needed, nextLook } from './settling.ts';

const MIN = 60;
const seen = (shape: Shape, within: string, seed = 5) => recovery(shape, within, seed);

test.each([
  ['90s', 90],
  ['30m', 1800],
  ['2h', 7200],
  ['12h', 43_200],
])('%s are %d seconds', (words, seconds) => expect(secondsOf(words)).toBe(seconds));
test.each(['59s', '13h', '0m', '30', '1.5h', '-5m', '30 m', 'soon'])('%j is no time to settle', (words) =>
  expect(secondsOf(words)).toBe(null),
);

describe('of a service of which a fifth failed', () => {
  test.each([
    ['is well at once', stays(0), '30m', 'recovered', 2],
    ['drains in 5 minutes', drains(5 * MIN), '30m', 'recovered', 9],
    ['drains in 30 minutes', drains(30 * MIN), '1h', 'recovered', 37],
    ['drains in 90 minutes', drains(90 * MIN), '2h', 'recovered', 99],
  ])('what %s is recovered, soon after it is', (_, shape, within, verdict, minutes) => {
    const end = seen(shape, within);
    expect(end.verdict).toBe(verdict);
    expect(end.minutes).toBeLessThanOrEqual(minutes);
    expect(end.minutes).toBeGreaterThanOrEqual(1.8);
  });
  test('what drains in 90 minutes and has 30 is refuted, and it is said that it was better', () => {
    expect(seen(drains(90 * MIN), '30m')).toMatchObject({
      verdict: 'refuted',
      reason: expect.stringMatching(/^not well within 30 min, though better: /),
    });
  });
  test.each([
    ['does not change', stays(0.2), 'refuted', ['waiting']],
    [
      'stalls at a half',
      steps([
        [0, 0.2],
        [5 * MIN, 0.1],
      ]),
      'refuted',
      ['waiting', 'improving'],
    ],
    ['is up and down, a minute each', flaps(MIN, 0.2), 'refuted', ['waiting', 'improving']],
  ])('what %s is refuted when the time is over, and not before', (_, shape, verdict, on) => {
    const end = seen(shape, '30m');
    expect([end.verdict, Math.round(end.minutes)]).toEqual([verdict, 30]);
    expect(on).toEqual(expect.arrayContaining(end.said));
  });
  test('what fails more than before is refuted within minutes', () => {
    const end = seen(
      steps([
        [0, 0.2],
        [10 * MIN, 0.5],
      ]),
      '2h',
    );
    expect(end.verdict).toBe('worse');
    expect(end.minutes).toBeGreaterThan(10);
    expect(end.minutes).toBeLessThan(16);
    expect(end.reason).toMatch(
      /^of the requests of shop \d+ of 600 \(\S+ %\) failed before the run, and \d+ of \d+ \(\S+ %\) in the last looks: /,
    );
  });
  test('a restart that fails wholly for half a minute is not worse', () => {
    expect(
      seen(
        steps([
          [0, 1],
          [30, 0],
        ]),
        '30m',
      ),
    ).toMatchObject({ verdict: 'recovered' });
  });
  test('two looks are not enough to call it worse, however far apart they are', () => {
    const rates = { shop: { bound: 0.01, before: { failing: 40, of: 200 }, looks: 3 } };
    const rule = { checks: ['shop'], need: 3, of: 3, over_s: 140, rates, starts: 30 };
    const look = (at: number): Sample => ({
      ...{ check: 'shop', at, ms: 1, outcome: 'fail', engine: 'http', reason: 'failed', overruled: null },
      counts: { failing: 200, of: 200 },
    });
    const judge = (...looks: number[]) =>
      judgeSettling(looks.map(look), rule, { began: 0, within_s: 1800 }).verdict;
    expect(judge(0, 70_000)).toBe('waiting');
    expect(judge(0, 70_000, 140_000)).toBe('worse');
  });
  test('a draining service is said to improve before it is well', () => {
    expect(seen(drains(30 * MIN), '1h').said).toContain('improving');
  });
});

describe('the looks', () => {
  test('begin at once, become thinner up to five minutes, and the last is at the end', () => {
    const { looks } = seen(stays(0.2), '2h');
    const pauses = looks.slice(1).map((at, before) => Math.round(at - (looks[before] ?? 0)));
    expect(looks[0]).toBe(0);
    expect(pauses.slice(0, 3)).toEqual([13, 13, 13]);
    expect(Math.max(...pauses)).toBe(300);
    expect(looks.at(-1)).toBe(7200);
    expect(looks.length).toBeLessThan(60);
  });
  test('see a recovery through that is under way at the end', () => {
    const { verdict, minutes } = seen(
      steps([
        [0, 0.2],
        [29 * MIN, 0],
      ]),
      '30m',
    );
    expect(verdict).toBe('recovered');
    expect(minutes).toBeGreaterThan(30);
    expect(minutes).toBeLessThan(33);
  });
});

describe('what one job leaves to the next', () => {
  test.each([
    ['drains in 30 minutes', drains(30 * MIN), '1h'],
    [
      'worsens',
      steps([
        [0, 0.2],
        [10 * MIN, 0.5],
      ]),
      '2h',
    ],
    ['flaps', flaps(MIN, 0.2), '30m'],
    [
      'is well at last',
      steps([
        [0, 0.2],
        [29 * MIN, 0],
      ]),
      '30m',
    ],
  ])('is enough for the verdict and the next look at a service that %s', (_, shape, within) => {
    const { samples, rule, stretch } = recovery(shape, within, 7);
    // However the looks fall to jobs, and however often their number is cut.
    for (const each of [1, 2, 5, 20]) {
      let left: Sample[] = [];
      for (let from = 0; from < samples.length; from += each) {
        left = [...left, ...needed(samples.slice(from, from + each), rule)];
        const all = samples.slice(0, from + each);
        expect(judgeSettling(left, rule, stretch)).toEqual(judgeSettling(all, rule, stretch));
        expect(nextLook(left, rule, stretch)).toBe(nextLook(all, rule, stretch));
      }
    }
  });
  test('fits into a record, whatever a job has seen', () => {
    const checks = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const look = (check: string, at: number): Sample => ({
      ...{ check, at, ms: 1, outcome: 'pass', engine: 'http', reason: null, overruled: null },
    });
    const many = checks.flatMap((check) => Array.from({ length: 900 }, (_, at) => look(check, at * 10)));
    const kept = needed(many, { checks, need: 50, of: 50, over_s: 100 });
    expect(kept).toHaveLength(1000);
    expect(kept.filter(({ check }) => check === 'c3').at(-1)?.at).toBe(8990);
  });
});

test('a last look that comes late still lets a recovery be seen through', () => {
  const rule = { checks: ['shop'], need: 10, of: 10, over_s: 120, starts: 30 };
  const stretch = { began: 0, within_s: 600 };
  const look = (s: number, outcome: Sample['outcome']): Sample => ({
    ...{ check: 'shop', at: s * 1000, ms: 1, outcome, engine: 'http', reason: null, overruled: null },
  });
  const late = 700; // a job that waited for its runner
  const samples = [look(0, 'fail'), look(500, 'fail')];
  for (let s = late; samples.length < 12; s += 14) samples.push(look(s, 'pass'));
  expect(nextLook(samples.slice(0, 3), rule, stretch)).toBe(late * 1000 + 13_333);
  expect(judgeSettling(samples, rule, stretch).verdict).toBe('recovered');
  // And it is over when that time is.
  const torn = [...samples.slice(0, 11), look(late + 140, 'fail')];
  expect(judgeSettling(torn, rule, stretch)).toMatchObject({ verdict: 'refuted', decided: true });
});
