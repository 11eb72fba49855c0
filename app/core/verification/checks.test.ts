// What each kind of check means to those who do not look themselves: where it goes, how long it takes, what it may do unseen.
import { describe, expect, test } from 'vitest';
import { planMisfits } from '#core/incident/limits';
import { type Check, fromEverywhere, longest, rateOf, sizeOf, unitOf } from './checks.ts';
import { parseVerifyPlan, placesOf, safeBeforeApproval, type VerifyPlan } from './plan.ts';

function planOf(check: object, symptom: object = {}): VerifyPlan {
  const checks = [
    { id: 'it', ...check },
    { id: 'other', kind: 'page', url: '{SHOP_URL}/' },
  ];
  const parsed = parseVerifyPlan({
    v: 1,
    checks,
    symptom: { checks: ['it'], ...symptom },
    settle: { within: '10m' },
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.plan;
}
const one = (check: object): Check => {
  const [first] = planOf(check).checks;
  if (first === undefined) throw new Error('no check');
  return first;
};
const at = { eu: 'https://eu.example/' };
const kinds = {
  http: {
    kind: 'http',
    url: '{SHOP_URL}/a',
    at,
    expect: { schema: { type: 'object' }, body: { lacks: ['x'] } },
  },
  burst: { kind: 'http', url: '{SHOP_URL}/a', expect: { failing: '<= 1 %', of: 200 } },
  page: { kind: 'page', url: '{SHOP_URL}/', at },
  sessions: { kind: 'page', url: '{SHOP_URL}/', expect: { failing: '<= 10 %', of: 20 } },
  performance: { kind: 'performance', url: '{SHOP_URL}/', at, loads: 7, expect: { p50_ms: 900 } },
  journey: {
    ...{ kind: 'journey', start: '{SHOP_URL}/' },
    steps: [
      { read: { name: 'order', text_of: '#order' } },
      { goto: '{SHOP_URL}/orders/{read.order}' },
      { expect: { text: 'Socks' } },
    ],
  },
  form: { kind: 'form', url: '{SHOP_URL}/form', fill: { a: 'b' }, send: '#go', expect: { text: 'Sent' } },
  monitor: { kind: 'monitor', monitor: 7 },
  command: { kind: 'command', run: 'uptime', timeout_s: 9 },
};

describe('a check', () => {
  test.each<[keyof typeof kinds, string[]]>([
    ['http', ['{SHOP_URL}/a', 'https://eu.example/']],
    ['page', ['{SHOP_URL}/', 'https://eu.example/']],
    ['performance', ['{SHOP_URL}/', 'https://eu.example/']],
    ['journey', ['{SHOP_URL}/', '{SHOP_URL}/orders/{read.order}']],
    ['form', ['{SHOP_URL}/form']],
    ['monitor', []],
    ['command', []],
  ])('of kind %s visits %j', (kind, places) => expect(placesOf(one(kinds[kind]))).toEqual(places));

  test.each<[keyof typeof kinds, number, 'requests' | 'sessions', number]>([
    ['http', 1, 'requests', 10],
    ['burst', 200, 'requests', 40],
    ['page', 1, 'sessions', 15],
    ['sessions', 20, 'sessions', 75],
    ['performance', 7, 'sessions', 75],
    ['journey', 1, 'sessions', 20],
    ['form', 1, 'sessions', 20],
    ['monitor', 1, 'sessions', 20],
    ['command', 1, 'sessions', 9],
  ])('of kind %s has %d of %s, and takes %d s at most', (kind, size, unit, seconds) => {
    const check = one(kinds[kind]);
    expect([sizeOf(check), unitOf(check), longest(check)]).toEqual([size, unit, seconds]);
  });

  test('that measures is looked at from each of its addresses, and is no share of anything', () => {
    const all = fromEverywhere(one(kinds.performance));
    expect(all).toMatchObject([
      { id: 'it', kind: 'performance', url: '{SHOP_URL}/', loads: 7 },
      { id: 'it-eu', kind: 'performance', url: 'https://eu.example/', loads: 7 },
    ]);
    expect(all.map(rateOf)).toEqual([null, null]);
  });

  test('of kind form is a journey from the moment it is read', () => {
    expect(one(kinds.form)).toEqual({
      ...{ id: 'it', kind: 'journey', start: '{SHOP_URL}/form', timeout_s: 20 },
      steps: [
        { fill: { selector: '[name="a"]', value: 'b' } },
        { click: '#go' },
        { expect: { text: 'Sent' } },
      ],
    });
  });
});

describe('before anybody approved', () => {
  const offence = (check: object, reviewed: VerifyPlan | null = null) =>
    safeBeforeApproval(planOf(check), reviewed).map(({ reason }) => reason.split(',')[0]);
  test('loads may be measured, as long as they are none of their own', () => {
    expect(offence(kinds.performance)).toEqual([]);
    expect(offence({ ...kinds.performance, loads: 20 })).toEqual(['40 sessions a look are a load']);
  });
  test('a form is sent only where a runbook has exactly this one', () => {
    expect(offence(kinds.form)).toEqual(['a journey clicks and types']);
    expect(offence(kinds.form, planOf(kinds.form))).toEqual([]);
    expect(offence(kinds.form, planOf({ ...kinds.form, fill: { a: 'c' } }))).toHaveLength(1);
  });
});

test('a plan whose loads do not fit into the time of their job is named', () => {
  const timeouts = { script_seconds: 60, verify_seconds: 120 };
  const loads = { ...kinds.performance, at: undefined, loads: 20 };
  expect(planMisfits(planOf(loads), { timeouts }).map(({ cause }) => cause)).toEqual([
    '10 looks whose sessions take 20 s each, and more when the service is slow, are 200 s, and timeouts.verify_seconds of vigil.yml is 120',
  ]);
  expect(planMisfits(planOf({ ...loads, loads: 5 }), { timeouts })).toEqual([]);
});
