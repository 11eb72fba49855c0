// verify.yml as people write it: what is taken, what is refused and why.
import { describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, safeBeforeApproval, type VerifyPlan } from './plan.ts';
import { ruleFor } from './rule.ts';

const health = {
  id: 'health',
  kind: 'http',
  url: '{SHOP_URL}/health',
  expect: { json: { '/status': 'ok' } },
};
const home = { id: 'home', kind: 'page', url: '{SHOP_URL}/', expect: { text: ['Shop'] } };
const checkout = {
  id: 'checkout',
  kind: 'journey',
  start: '{SHOP_URL}/',
  steps: [
    { click: 'a' },
    { fill: { selector: '#name', value: 'Vigil' } },
    { press: 'Enter' },
    { expect: { text: 'Thank you' } },
  ],
};
const written = {
  v: 1,
  checks: [checkout, home, health],
  symptom: { checks: ['checkout'] },
  snapshot: [{ id: 'flags', url: '{SHOP_ADMIN}/flags' }],
};
const inventory = { SHOP_URL: 'https://shop.example', SHOP_ADMIN: 'https://shop.example:8443', POOL: '20' };

function plan(document: unknown): VerifyPlan {
  const parsed = parseVerifyPlan(document);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.plan;
}
const refusal = (document: unknown) => {
  const parsed = parseVerifyPlan(document);
  return parsed.ok ? 'taken' : parsed.reason;
};
const withCheck = (check: object) => ({ v: 1, checks: [check], symptom: { checks: ['it'] } });
const withUrl = (url: string, more: object = {}) => withCheck({ id: 'it', kind: 'http', url, ...more });

describe('a plan', () => {
  test('needs to say little: the rest has defaults', () => {
    const { checks, symptom } = plan(written);
    expect(checks[2]).toEqual({
      ...health,
      method: 'GET',
      redirects: 'none',
      headers: {},
      timeout_s: 10,
      expect: { status: 200, json: { '/status': 'ok' }, contains: [], header: {} },
    });
    expect(symptom).toEqual({
      checks: ['checkout'],
      red: { need: 3, of: 5, over_s: 60 },
      green: { need: 10, of: 10, over_s: 120 },
    });
  });
  test('asks the symptom for red, and every check for green', () => {
    expect(ruleFor(plan(written), 'red')).toEqual({ checks: ['checkout'], need: 3, of: 5, over_s: 60 });
    expect(ruleFor(plan(written), 'green').checks).toEqual(['checkout', 'home', 'health']);
  });
  test.each([
    ['a key nobody reads', { ...written, note: 'x' }, 'Unrecognized key: "note"'],
    ['a key nobody reads in a check', withUrl('{SHOP_URL}/', { retries: 3 }), 'Unrecognized key: "retries"'],
    ['a check named twice', { ...written, checks: [checkout, home, home] }, 'home is named twice'],
    ['a symptom nobody defined', { ...written, symptom: { checks: ['cart'] } }, 'no check is called cart'],
    [
      'more need than samples',
      { ...written, symptom: { checks: ['home'], red: { need: 6, of: 5 } } },
      'needs more samples than it takes',
    ],
    [
      'a key that no keyboard has',
      withCheck({ ...checkout, id: 'it', steps: [{ press: 'AnyKey' }, { expect: { text: 'x' } }] }),
      'a key, such as Enter',
    ],
    [
      'a selector only puppeteer knows',
      withCheck({ ...checkout, id: 'it', steps: [{ click: 'xpath///a' }] }),
      'plain CSS',
    ],
    [
      'a journey without an end',
      withCheck({ ...checkout, id: 'it', steps: [{ click: 'a' }] }),
      'expects nothing proves nothing',
    ],
    [
      'an expectation of nothing',
      withCheck({ ...checkout, id: 'it', steps: [{ expect: {} }] }),
      'expects nothing',
    ],
    ['a body with GET', withUrl('{SHOP_URL}/', { body: 'x' }), 'only POST carries a body'],
    [
      'a body expected of HEAD',
      withUrl('{SHOP_URL}/', { method: 'HEAD', expect: { contains: ['x'] } }),
      'no body to look at',
    ],
    ['another method', withUrl('{SHOP_URL}/', { method: 'DELETE' }), 'Invalid option'],
    [
      'a header that ends the line',
      withUrl('{SHOP_URL}/', { headers: { accept: 'a\r\nHost: b' } }),
      'Invalid string',
    ],
    ['a file', withUrl('file:///etc/passwd'), 'starts with http://'],
    ['a script', withUrl('javascript:alert(1)'), 'starts with http://'],
  ])('with %s is refused', (_, document, reason) => {
    expect(refusal(document)).toContain(reason);
  });
});

describe('binding', () => {
  test('replaces parameters everywhere but in names', () => {
    const steps = [
      { goto: '{SHOP_URL}/pool' },
      { fill: { selector: '#n', value: '{POOL}' } },
      { expect: { text: '{POOL} open' } },
    ];
    const bound = bind(plan(withCheck({ ...checkout, id: 'it', steps })), inventory);
    expect(bound.ok && bound.plan.checks[0]).toMatchObject({
      start: 'https://shop.example/',
      steps: [
        { goto: 'https://shop.example/pool' },
        { fill: { selector: '#n', value: '20' } },
        { expect: { text: '20 open' } },
      ],
    });
  });
  test.each([
    ['a parameter the inventory lacks', '{CART_URL}/{X}', 'the inventory has no CART_URL, X'],
    [
      'a place outside the inventory',
      'https://elsewhere.example/',
      'https://elsewhere.example is the origin of no parameter',
    ],
    ['another port', '{SHOP_URL}:9999/', 'https://shop.example:9999 is the origin of no parameter'],
    ['a longer host', '{SHOP_URL}.evil.example/', 'is the origin of no parameter'],
    ['a host behind an @', '{SHOP_URL}@evil.example/', 'is the origin of no parameter'],
    ['a password', 'https://me:pw@shop.example/', 'carries a user name or password'],
    ['a scheme that is none', '{POOL}/', 'starts with http://'],
  ])('refuses %s', (_, url, reason) => {
    const bound = bind(plan(withUrl(url)), inventory);
    expect(bound.ok ? 'bound' : bound.reason).toContain(reason);
  });
  test('never expands what a parameter brought', () => {
    const bound = bind(plan(withUrl('{SHOP_URL}/{A}')), { ...inventory, A: '{POOL}' });
    expect(bound.ok && bound.plan.checks[0]).toMatchObject({ url: 'https://shop.example/{POOL}' });
  });
});

describe('before approval', () => {
  const offences = (check: object, runbook: VerifyPlan | null = null) =>
    safeBeforeApproval(plan(withCheck({ ...check, id: 'it' })), runbook).map(
      ({ reason }) => reason.split(',')[0],
    );

  test('reading is fine', () => {
    expect(offences(health)).toEqual([]);
    expect(offences({ ...health, method: 'HEAD', expect: {}, headers: { Accept: 'text/html' } })).toEqual([]);
    expect(offences(home)).toEqual([]);
  });
  test.each([
    ['a journey', checkout, 'a journey clicks and types'],
    ['POST', { ...health, method: 'POST' }, 'POST may change something'],
    [
      'a login',
      { ...health, headers: { Authorization: 'Bearer x' } },
      'the header Authorization may carry a credential',
    ],
    ['a cookie', { ...health, headers: { cookie: 'a=b' } }, 'the header cookie may carry a credential'],
    [
      'an unknown header',
      { ...health, headers: { 'x-api-key': 'x' } },
      'the header x-api-key may carry a credential',
    ],
    [
      'a password in the address',
      { ...home, url: 'https://me:pw@shop.example/' },
      'the address carries a user name or password',
    ],
    [
      'a token in the query',
      { ...home, url: '{SHOP_URL}/?a=1&access_token=x' },
      'the query may carry a credential',
    ],
  ])('%s is not', (_, check, reason) => {
    expect(offences(check)).toEqual([reason]);
  });
  test('what a runbook on main has, byte for byte, is fine again', () => {
    const { id: _, ...same } = checkout;
    const runbook = plan(withCheck({ steps: same.steps, start: same.start, kind: same.kind, id: 'it' }));
    expect(offences(checkout, runbook)).toEqual([]);
    expect(offences({ ...checkout, timeout_s: 21 }, runbook)).toEqual(['a journey clicks and types']);
  });
  test('only what red needs is asked, for nothing else runs then', () => {
    expect(safeBeforeApproval(plan({ ...written, symptom: { checks: ['home'] } }), null)).toEqual([]);
  });
});
