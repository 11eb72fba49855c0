// Partial outages in verify.yml: how much may fail, from which addresses, all of it or any.
import { describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, type Sample, safeBeforeApproval, type VerifyPlan } from './plan.ts';
import { ruleFor } from './rule.ts';

const cart = {
  id: 'cart',
  kind: 'http',
  url: '{SHOP_URL}/api/cart',
  expect: { failing: '<= 1 %', of: 200 },
};
const home = { id: 'home', kind: 'page', url: '{SHOP_URL}/' };
const order = { id: 'order', kind: 'http', url: '{SHOP_URL}/order' };
const everywhere = { ...cart, at: { eu: '{EU_URL}/api/cart', us: '{US_URL}/api/cart' } };
const inventory = {
  SHOP_URL: 'https://shop.example',
  EU_URL: 'https://eu.shop.example',
  US_URL: 'https://us.shop.example',
};

type Symptom = { checks?: unknown[]; red?: object; green?: object };
const written = (checks: object[], symptom: Symptom = {}) => ({
  v: 1,
  checks,
  symptom: { checks: ['cart'], ...symptom },
});
function plan(checks: object[], symptom: Symptom = {}): VerifyPlan {
  const parsed = parseVerifyPlan(written(checks, symptom));
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.plan;
}
const refusal = (checks: object[], symptom: Symptom = {}) => {
  const parsed = parseVerifyPlan(written(checks, symptom));
  return parsed.ok ? 'taken' : parsed.reason;
};
const expecting = (expected: object, more: object = {}) => refusal([{ ...cart, expect: expected, ...more }]);

describe('how much may fail', () => {
  test('is said with how many requests a look sends', () => {
    expect(expecting({ failing: '<= 1 %', of: 200 })).toBe('taken');
    expect(expecting({ failing: '≤5%', of: 22 })).toBe('taken');
  });
  test.each([
    ['no percent', { failing: '<= 0.01', of: 200 }, {}, 'says how much may fail, from <= 0.01 % to <= 50 %'],
    ['nothing may fail', { failing: '<= 0 %', of: 200 }, {}, 'says how much may fail'],
    ['no number of requests', { failing: '<= 1 %' }, {}, 'failing and of go together'],
    ['a number of requests and no bound', { of: 200 }, {}, 'failing and of go together'],
    ['too many requests', { failing: '<= 1 %', of: 2001 }, {}, 'expected number to be <=2000'],
    ['too few requests', { failing: '<= 10 %', of: 19 }, {}, 'expected number to be >=20'],
    ['POST', { failing: '<= 1 %', of: 200 }, { method: 'POST' }, 'a burst only reads: GET or HEAD'],
    [
      'looks that can never show it',
      { failing: '<= 1 %', of: 100 },
      {},
      'cart: 5 looks of 100 requests can never show that at most 1 % fail; it takes 555 of which none fails',
    ],
  ])('is refused with %s', (_, expected, more, reason) =>
    expect(expecting(expected, more)).toContain(reason),
  );
  test('a check that is no symptom needs enough requests for green only', () => {
    const other = { ...cart, id: 'other', expect: { failing: '<= 1 %', of: 56 } };
    expect(refusal([cart, other])).toBe('taken');
  });
  test('goes to the rule, and green has what failed before beside it', () => {
    const taken = plan([cart, order]);
    expect(ruleFor(taken, 'red')).toEqual({
      checks: ['cart'],
      need: 3,
      of: 5,
      over_s: 60,
      rates: { cart: { bound: 0.01, before: null } },
    });
    const burst = (check: string, failing: number): Sample => ({
      ...{ check, at: 0, ms: 1, outcome: 'fail', engine: 'http', reason: null, overruled: null },
      counts: { failing, of: 200 },
    });
    const before = [burst('cart', 20), burst('other', 90), burst('cart', 25)];
    expect(ruleFor(taken, 'green', before).rates).toEqual({
      cart: { bound: 0.01, before: { failing: 45, of: 400 }, looks: 2 },
    });
    expect(ruleFor(taken, 'green').rates).toEqual({ cart: { bound: 0.01, before: 'missing' } });
  });
});

describe('sessions in a browser', () => {
  const opening = (expected: object, more: object = {}) =>
    refusal([{ ...home, id: 'cart', expect: expected, ...more }]);
  const order = { id: 'cart', kind: 'journey', start: '{SHOP_URL}/', steps: [{ expect: { text: 'Shop' } }] };
  test('are counted as requests are', () => {
    expect(opening({ text: ['Shop'], failing: '<= 10 %', of: 20 })).toBe('taken');
    expect(refusal([{ ...order, expect: { failing: '<= 10 %', of: 20 } }])).toBe('taken');
    expect(ruleFor(plan([{ ...order, expect: { failing: '<= 10 %', of: 20 } }]), 'red').rates).toEqual({
      cart: { bound: 0.1, before: null },
    });
  });
  test.each([
    ['no number', { failing: '<= 10 %' }, 'failing and of go together'],
    ['more than a machine bears', { failing: '<= 10 %', of: 51 }, 'expected number to be <=50'],
    ['one that is no burst', { failing: '<= 10 %', of: 4 }, 'expected number to be >=5'],
    [
      'looks that can never show it',
      { failing: '<= 1 %', of: 50 },
      'cart: 5 looks of 50 sessions can never show that at most 1 % fail; it takes 555 of which none fails',
    ],
  ])('are refused with %s', (_, expected, reason) => {
    expect(opening(expected)).toContain(reason);
    expect(refusal([{ ...order, expect: expected }])).toContain(reason);
  });
});

describe('several addresses', () => {
  test('are looked at one by one; one that is red is enough, and all must be green', () => {
    const taken = plan([everywhere, home]);
    const ids = ['cart', 'cart-eu', 'cart-us'];
    expect(ruleFor(taken, 'red')).toMatchObject({ checks: ids, wanted: { all: [{ any: ids }] } });
    expect(ruleFor(taken, 'green').checks).toEqual([...ids, 'home']);
    expect(ruleFor(taken, 'green').wanted).toBeUndefined();
  });
  test('lie inside the inventory like every other', () => {
    expect(bind(plan([everywhere]), inventory)).toMatchObject({
      ok: true,
      plan: { checks: [{ at: { eu: 'https://eu.shop.example/api/cart' } }] },
    });
    const outside = plan([{ ...cart, at: { eu: 'https://elsewhere.example/' } }]);
    expect(bind(outside, inventory)).toMatchObject({
      reason: 'https://elsewhere.example is the origin of no parameter in the inventory',
    });
  });
  test.each([
    ['none', [{ ...cart, at: {} }], {}, 'names one to eight addresses'],
    [
      'a name that another check has',
      [everywhere, { ...order, id: 'cart-eu' }],
      {},
      'cart-eu is named twice',
    ],
    [
      'a name that becomes too long',
      [{ ...cart, id: 'c'.repeat(38), at: everywhere.at }],
      { checks: ['c'.repeat(38)] },
      `${'c'.repeat(38)}-eu is too long a name`,
    ],
    [
      'more samples than a record holds',
      Array.from({ length: 4 }, (_, at) => ({ ...everywhere, id: at === 0 ? 'cart' : `cart${at}` })),
      { green: { need: 100, of: 100 } },
      'from every address these are 1200 samples, and a record holds 1000',
    ],
  ])('are refused with %s', (_, checks, symptom, reason) =>
    expect(refusal(checks, symptom)).toContain(reason),
  );
});

describe('all or any', () => {
  const three = [cart, home, order];
  test('a list is all of it, and any is one of several, or several together', () => {
    const checks = ['cart', { any: ['home', { all: ['order', 'cart2'] }] }];
    const taken = plan([...three, { ...cart, id: 'cart2' }], { checks });
    expect(ruleFor(taken, 'red')).toMatchObject({
      checks: ['cart', 'home', 'order', 'cart2'],
      wanted: { all: ['cart', { any: ['home', { all: ['order', 'cart2'] }] }] },
    });
  });
  test.each([
    ['one alone', [{ any: ['cart'] }], 'expected array to have >=2 items'],
    ['a check nobody defined', [{ any: ['cart', 'basket'] }], 'no check is called basket'],
    ['a check twice', ['cart', { any: ['home', 'cart'] }], 'cart is named twice'],
  ])('is refused with %s', (_, checks, reason) => expect(refusal(three, { checks })).toContain(reason));
});

describe('before approval', () => {
  const offences = (check: object) => safeBeforeApproval(plan([check]), null).map(({ reason }) => reason);
  test('a burst is fine while it is small, counted over all addresses', () => {
    expect(offences(cart)).toEqual([]);
    expect(offences(everywhere)).toEqual([
      '600 requests a look are a load, and no runbook on main has exactly this check',
    ]);
  });
  test('a burst of sessions is one of ten times as many requests', () => {
    const sessions = (of: number) => ({ ...home, id: 'cart', expect: { failing: '<= 10 %', of } });
    expect(offences(sessions(25))).toEqual([]);
    expect(offences(sessions(26))).toEqual([
      '26 sessions a look are a load, and no runbook on main has exactly this check',
    ]);
  });
  test('no address may carry a credential', () => {
    expect(offences({ ...order, id: 'cart', at: { eu: '{EU_URL}/?token=x' } })).toEqual([
      'the query may carry a credential, and no runbook on main has exactly this check',
    ]);
  });
});
