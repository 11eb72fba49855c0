import { describe, expect, test } from 'vitest';
import { judgeMonitor, judgeSeries } from './monitor.ts';
import { bind, parseVerifyPlan, safeBeforeApproval } from './plan.ts';

const home = { id: 'home', kind: 'page', url: '{SHOP_URL}/' };
const errors = { id: 'errors', kind: 'monitor', monitor: 12345 };
const rate = {
  id: 'rate',
  kind: 'monitor',
  query: 'sum:shop.errors{service:shop}.as_rate()',
  expect: { below: 0.01 },
};
const settle = { within: '10m' };
function taken(checks: object[], more: object = { settle }) {
  return parseVerifyPlan({ v: 1, checks, symptom: { checks: [(checks[0] as { id: string }).id] }, ...more });
}
function refusal(checks: object[], more?: object): string {
  const parsed = taken(checks, more);
  return parsed.ok ? 'taken' : parsed.reason;
}

describe('a monitor as a symptom', () => {
  test('is named by its number or by a parameter, or is a series with a bound', () => {
    expect(refusal([errors, home])).toBe('taken');
    expect(refusal([rate, home])).toBe('taken');
    const parsed = taken([{ ...errors, monitor: '{SHOP_MONITOR}' }, home]);
    if (!parsed.ok) throw new Error(parsed.reason);
    const parameters = { SHOP_URL: 'https://shop.example', SHOP_MONITOR: '77' };
    expect(bind(parsed.plan, parameters)).toMatchObject({
      ok: true,
      plan: { checks: [{ monitor: '77' }, {}] },
    });
    expect(bind(parsed.plan, { ...parameters, SHOP_MONITOR: '../7' })).toMatchObject({ ok: false });
  });
  test.each([
    ['neither', [{ id: 'errors', kind: 'monitor' }, home], undefined, 'names a monitor or a query'],
    ['both', [{ ...rate, monitor: 1 }, home], undefined, 'names a monitor or a query'],
    ['a bound for a state', [{ ...errors, expect: { below: 1 } }, home], undefined, 'a monitor has a state'],
    [
      'a state for a series',
      [{ ...rate, expect: { state: 'OK' } }, home],
      undefined,
      'a query has values and no state',
    ],
    ['no bound', [{ ...rate, expect: {} }, home], undefined, 'a query needs below or above'],
    ['another state', [{ ...errors, expect: { state: 'Alert' } }, home], undefined, 'expected "OK"'],
    [
      'nothing that users see',
      [errors, rate],
      undefined,
      'a monitor alone makes nothing green: add a check of what users see',
    ],
    ['no time to settle', [errors, home], {}, 'a monitor lags behind the service: give the plan `settle`'],
  ])('is refused with %s', (_, checks, more, reason) => {
    expect(refusal(checks, more)).toContain(reason);
  });
  test('is asked before a person approved only if a reviewed runbook has exactly this check', () => {
    const parsed = taken([rate, home]);
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(safeBeforeApproval(parsed.plan, null)).toEqual([
      {
        check: 'rate',
        reason: 'monitoring is asked with a key, and no runbook on main has exactly this check',
      },
    ]);
    expect(safeBeforeApproval(parsed.plan, parsed.plan)).toEqual([]);
  });
});

test.each([
  ['OK', { fault: null }],
  ['Alert', { fault: 'the monitor is in Alert, expected OK' }],
  ['Warn', { fault: 'the monitor is in Warn, expected OK' }],
  ...['No Data', 'Ignored', 'Skipped', 'Unknown', 'unknown', ''].map((state): [string, object] => [
    state,
    { nothing: 'the monitor says neither that all is well nor that it is not' },
  ]),
])('a monitor in %j', (state, said) => {
  expect(judgeMonitor(state)).toEqual(said);
});

describe('a series', () => {
  const now = 1_800_000_000_000;
  const asked = (expected: object) => {
    const parsed = taken([{ ...rate, expect: expected }, home]);
    const [check] = parsed.ok ? parsed.plan.checks : [];
    if (check?.kind !== 'monitor') throw new Error('not a monitor');
    return check;
  };
  const points = (...values: [secondsAgo: number, value: number | null][]) =>
    values.map(([ago, value]) => ({ at: now - ago * 1000, value }));
  test.each([
    ['below its bound', [points([300, 9], [90, 0.001])], { below: 0.01 }, { fault: null }],
    [
      'at its bound',
      [points([90, 0.01])],
      { below: 0.01 },
      { fault: 'the newest value is 0.01, expected below 0.01' },
    ],
    ['between two', [points([90, 5])], { above: 1, below: 9 }, { fault: null }],
    [
      'outside of two',
      [points([90, 1])],
      { above: 1, below: 9 },
      { fault: 'the newest value is 1, expected above 1 and below 9' },
    ],
    [
      'one of two bad',
      [points([90, 0]), points([90, 7])],
      { below: 1 },
      { fault: 'the newest value is 7, expected below 1' },
    ],
    [
      'whose newest point is not whole yet',
      [points([90, 7], [20, 0])],
      { below: 1 },
      { fault: 'the newest value is 7, expected below 1' },
    ],
    [
      'whose newest point is null',
      [points([90, 7], [70, null])],
      { below: 1 },
      { fault: 'the newest value is 7, expected below 1' },
    ],
    ['that ended', [points([700, 0])], { below: 1 }, { nothing: 'no new point within 600 s' }],
    [
      'one of two ended',
      [points([90, 0]), points([700, 7])],
      { below: 1 },
      { nothing: 'no new point within 600 s' },
    ],
    ['that is not there', [], { below: 1 }, { nothing: 'no new point within 600 s' }],
  ])('%s', (_, all, expected, said) => {
    expect(judgeSeries(all, asked(expected), now)).toEqual(said);
  });
});
