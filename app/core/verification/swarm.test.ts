// What the result of a swarm tells, and what verdict comes of it.
import { describe, expect, test } from 'vitest';
import { Check } from './checks.ts';
import { classesOf, kindOf } from './swarm-errors.ts';
import { orderOf } from './swarm-order.ts';
import { concurrency, percentile, resultOf, type Told, type Walked, type Witness } from './swarm-result.ts';
import { mergeShards, shardsOf } from './swarm-shards.ts';
import { judgeSwarm } from './swarm-verdict.ts';

const journey = { start: 'http://shop/', steps: [{ click: '#buy' }, { expect: { text: 'Thank you' } }] };
const words = (more: object = {}) => ({ id: 'rush', kind: 'swarm', ...journey, sessions: 200, ...more });
const swarmOf = (more: object = {}) => {
  const check = Check.parse(words(more));
  if (check.kind !== 'swarm') throw new Error('no swarm');
  return check;
};

describe('classes of errors', () => {
  test.each([
    ['http://127.0.0.1:4711/pay answered 503 (#ok is missing)', 'ADDRESS answered 503 (#ok is missing)'],
    ['step 3 (click): not done within 20 s', 'step 3 (click): not done within N s'],
    ['order 81723 is not there', 'order N is not there'],
    ['no way to 10.0.0.7:80', 'no way to ADDRESS'],
    ['session 5f0c8a1e-1111-4222-8333-123456789abc is lost', 'session ID is lost'],
  ])('forget what changes: %s', (reason, kind) => expect(kindOf(reason)).toBe(kind));
  test('keep statuses apart, and the most frequent first', () => {
    const reasons = ['http://a/1 answered 404', 'http://b/2 answered 503', 'http://c/3 answered 503'];
    expect(classesOf(reasons)).toEqual([
      { kind: 'ADDRESS answered 503', count: 2, example: 'http://b/2 answered 503' },
      { kind: 'ADDRESS answered 404', count: 1, example: 'http://a/1 answered 404' },
    ]);
  });
  test('end somewhere, and none is lost', () => {
    const many = classesOf(
      Array.from(
        { length: 60 },
        (_, at) => `fault ${String.fromCharCode(97 + (at % 26))}${at > 25 ? 'x' : ''}`,
      ),
    );
    expect([many.length, many.reduce((sum, { count }) => sum + count, 0), many.at(-1)?.kind]).toEqual([
      20,
      60,
      'others',
    ]);
  });
});

test.each([
  [[7], 0.99, 7],
  [[3, 1, 2], 0.5, 2],
  [[1, 2, 3, 4], 0.5, 2],
  [Array.from({ length: 20 }, (_, at) => at + 1), 0.95, 19],
  [Array.from({ length: 21 }, (_, at) => at + 1), 0.95, 20],
  [Array.from({ length: 100 }, (_, at) => at + 1), 0.99, 99],
  [[], 0.5, null],
])('of %j the share %d takes at most %j', (values, share, is) => expect(percentile(values, share)).toBe(is));

const walked = (
  at: number,
  ms: number,
  outcome: Walked['outcome'] = 'pass',
  reason: string | null = null,
) => ({
  ...{ at, ms, outcome, reason },
});
const told = (sessions: Walked[], more: Partial<Told> = {}) =>
  resultOf({
    ...{ engine: 'chromium', client: 'full', asked: sessions.length, refused: 0, witnesses: [], began: 1000 },
    ...{ ended: 'done', why: 'all sessions walked', most: 2, walked: sessions, ...more },
  });

describe('a result', () => {
  test('tells how many really were under way', () => {
    // Two for 10 ms, one for 10, a pause, and one for 10: 40 ms of sessions in 30.
    expect(concurrency([walked(0, 20), walked(0, 10), walked(50, 10)])).toEqual({ most: 2, mean: 1.33 });
    expect(concurrency([walked(0, 10), walked(10, 10)])).toEqual({ most: 1, mean: 1 });
  });
  test('takes times of what passed alone, and counts what saw nothing apart', () => {
    const result = told([
      walked(0, 100),
      walked(50, 300),
      walked(100, 9000, 'fail', 'late'),
      walked(0, 0, 'inconclusive', 'no browser'),
    ]);
    expect(result).toMatchObject({
      ...{ begun: 4, passed: 2, failed: 1, blind: 1, ms: 9100, a_second: 0.33 },
      times: { p50: 100, p95: 300, p99: 300, most: 300 },
    });
  });
  test('of shards is as if one had walked it', () => {
    const order = orderOf(swarmOf({ sessions: 11, at_once: 4 }));
    const shards = shardsOf(order, 3);
    expect(shards.map(({ sessions, at_once }) => [sessions, at_once])).toEqual([
      [3, 1],
      [4, 1],
      [4, 2],
    ]);
    const pass = { outcome: 'pass', reason: null } as const;
    const witness = { session: 1, lightpanda: pass, chromium: pass };
    const one = told([walked(0, 100), walked(0, 200)], { witnesses: [witness] });
    const two = told([walked(0, 900), walked(0, 50, 'fail', 'broken')], {
      began: 1500,
      witnesses: [witness],
      ended: 'failing',
      why: 'too many',
    });
    expect(mergeShards([one, two])).toMatchObject({
      ...{
        asked: 4,
        begun: 4,
        passed: 3,
        failed: 1,
        began: 1000,
        ended: 'failing',
        why: 'too many',
        ms: 1400,
      },
      times: { p50: 200, p95: 900 },
      at_once: { asked: 4, most: 2 },
      witnesses: [{ session: 1 }, { session: 3 }],
    });
    expect([mergeShards([]), mergeShards([one, { ...two, client: 'lean' }])]).toEqual([null, null]);
  });
});

describe('a verdict', () => {
  const expectation = { failing: '<= 1 %', p95_ms: 2000 };
  const seen = (outcome: 'pass' | 'fail' | 'inconclusive', reason: string | null = null) => ({
    outcome,
    reason,
  });
  const both = (lightpanda: Witness['lightpanda'], chromium: Witness['chromium']) =>
    [1, 200].map((session) => ({ session, lightpanda, chromium }));
  const many = (failing: number, ms = 100) =>
    Array.from({ length: 200 }, (_, at) =>
      at < failing ? walked(at, ms, 'fail', 'broken') : walked(at, ms),
    );
  const byLightpanda = (witnesses: Witness[], sessions = many(0)) =>
    told(sessions, { engine: 'lightpanda', witnesses });

  test.each([
    ['all pass', told(many(0)), 'pass', null],
    ['as many fail as may', told(many(2)), 'pass', null],
    ['more fail', told(many(3)), 'fail', '3 of 200 sessions failed (1.5 %), one: broken'],
    ['they are slow', told(many(0, 2500)), 'fail', '95 of 100 sessions took up to 2500 ms, expected 2000 ms'],
    [
      'it was load',
      told(many(0), { client: 'lean' }),
      'inconclusive',
      'load alone, by a client that proves nothing',
    ],
    ['it was stopped', told(many(0), { ended: 'stopped', why: 'stopped' }), 'inconclusive', 'stopped'],
    [
      'it stopped itself',
      told(many(50), { ended: 'failing', why: 'stopped early' }),
      'fail',
      'stopped early',
    ],
    [
      'not all began',
      told(many(0), { ended: 'late', why: 'not all began' }),
      'inconclusive',
      'not all began',
    ],
    [
      'most saw nothing',
      told([walked(0, 9), ...Array(3).fill(walked(0, 0, 'inconclusive', 'no browser: full'))]),
      'inconclusive',
      '3 of 4 sessions saw nothing: no browser: full',
    ],
    ['both engines pass', byLightpanda(both(seen('pass'), seen('pass'))), 'pass', null],
    ['no Chromium looked', byLightpanda([]), 'inconclusive', 'seen by Lightpanda alone'],
    [
      'Chromium saw nothing',
      byLightpanda(both(seen('pass'), seen('inconclusive', 'was lost'))),
      'inconclusive',
      'seen by Lightpanda alone: Chromium was lost',
    ],
    [
      'users see it broken',
      byLightpanda(both(seen('pass'), seen('fail', 'covered'))),
      'fail',
      '2 of 2 witnesses disagree: session 1 passed on Lightpanda and failed (covered) on Chromium',
    ],
    [
      'users see it well',
      byLightpanda(both(seen('fail', 'no layout'), seen('pass')), many(200)),
      'inconclusive',
      '2 of 2 witnesses disagree: session 1 failed (no layout) on Lightpanda and passed on Chromium',
    ],
  ])('when %s', (_, result, outcome, reason) =>
    expect(judgeSwarm(result, expectation)).toMatchObject({ outcome, reason }),
  );
  test('of Lightpanda alone counts where the installation says so', () =>
    expect(judgeSwarm(byLightpanda([]), expectation, true).outcome).toBe('pass'));
});
