// Values that a journey reads: where a plan may use them, and what a page cannot do with them.
import { describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan } from './plan.ts';
import type { Step } from './steps.ts';
import { asValue, withValues } from './variables.ts';

const READ = { read: { name: 'order', text_of: '#order' } };
const LAST = { expect: { text: 'Thank you' } };
const planOf = (check: object) =>
  parseVerifyPlan({ v: 1, checks: [{ id: 'it', ...check }], symptom: { checks: ['it'] } });
const journey = (...steps: object[]) =>
  planOf({ kind: 'journey', start: '{SHOP_URL}/', steps: [...steps, LAST] });
const why = (parsed: ReturnType<typeof planOf>) => (parsed.ok ? null : parsed.reason);

describe('a plan', () => {
  test.each([
    [{ goto: '{SHOP_URL}/orders/{read.order}?as={read.order}' }],
    [{ goto: 'https://shop.example/?order={read.order}' }],
    [{ fill: { selector: '#q', value: 'no. {read.order}' } }],
    [{ select: { selector: '#q', value: '{read.order}' } }],
    [{ expect: { text: '{read.order}', url: '/orders/{read.order}' } }],
    [{ expect: { attribute: { selector: '#a', name: 'href', value: '/{read.order}' } } }],
  ])('may use what was read in %j', (step) => expect(why(journey(READ, step))).toBeNull());

  test.each<[string, object[]]>([
    ['step 1: no step before it reads "order"', [{ fill: { selector: '#q', value: '{read.order}' } }, READ]],
    ['step 2: no step before it reads "oder"', [READ, { expect: { text: '{read.oder}' } }]],
    ['step 2: no step before it reads ""', [READ, { expect: { text: '{read.}' } }]],
    ['step 2: order is read twice', [READ, READ]],
    ['step 2: a value may stand in goto', [READ, { click: '#row-{read.order}' }]],
    ['step 2: a value may stand in goto', [READ, { expect: { selector: '#{read.order}' } }]],
    [
      'step 2: a value may stand in goto',
      [READ, { expect: { cookie: { name: 'a', value: '{read.order}' } } }],
    ],
    ['step 2: a value may stand in goto', [READ, { expect: { text: '{read.order' } }]],
    ['behind the host', [READ, { goto: 'https://{read.order}.example/' }]],
    ['behind the host', [READ, { goto: 'https://shop.example{read.order}/' }]],
    ['behind the host', [READ, { goto: '{SHOP_URL}{read.order}/x' }]],
    ['behind the host', [READ, { goto: '{SHOP_URL}:{read.order}/x' }]],
    ['one of them', [{ read: { name: 'order' } }]],
    ['one of them', [{ read: { name: 'a', text_of: '#a', attribute: { selector: '#a', name: 'b' } } }]],
    ['lower-case letters', [{ read: { name: 'ORDER', text_of: '#a' } }]],
  ])('is refused (%s) with %j', (reason, steps) => expect(why(journey(...steps))).toContain(reason));

  test('has no such value outside a journey, nor where it begins', () => {
    const http = planOf({ kind: 'http', url: '{SHOP_URL}/orders/{read.order}' });
    expect(why(http)).toContain('only a journey reads');
    const start = planOf({ kind: 'journey', start: '{SHOP_URL}/{read.order}', steps: [READ, LAST] });
    expect(why(start)).toContain('the start of a journey has read nothing yet');
    const form = planOf({
      ...{ kind: 'form', url: '{SHOP_URL}/', fill: { email: '{read.mail}' } },
      ...{ send: '#send', expect: { text: 'Thank you' } },
    });
    expect(why(form)).toContain('no step before it reads "mail"');
  });

  test('never takes one for a parameter, nor a parameter for one', () => {
    const parsed = journey(READ, { goto: '{SHOP_URL}/orders/{read.order}' });
    if (!parsed.ok) throw new Error(parsed.reason);
    const bound = bind(parsed.plan, { SHOP_URL: 'http://shop.example' });
    if (!bound.ok) throw new Error(bound.reason);
    expect(bound.plan.checks[0]).toMatchObject({
      steps: [READ, { goto: 'http://shop.example/orders/{read.order}' }, LAST],
    });
    expect(bind(parsed.plan, { SHOP_URL: 'http://shop.example', X: 'a{read.order}' })).toEqual({
      ok: false,
      reason: 'X looks like a value that a journey reads, or a secret',
    });
  });
});

describe('a value', () => {
  const values = new Map([
    ['order', 'A/7 &x={read.b}'],
    ['b', 'evil'],
  ]);
  const filled = (step: Step) => withValues(step, values);
  test('is one part of an address, and put in once', () => {
    expect(filled({ goto: 'http://shop/o/{read.order}' })).toEqual({
      goto: 'http://shop/o/A%2F7%20%26x%3D%7Bread.b%7D',
    });
    expect(filled({ expect: { text: 'no. {read.order}' } })).toEqual({
      expect: { text: 'no. A/7 &x={read.b}' },
    });
  });
  test('never leads to another site', () => {
    for (const value of ['..', '//evil.example', '@evil.example', '\\evil', 'x:y@z', '%2e%2e', '?', '#']) {
      const read = asValue(value);
      if ('why' in read) continue;
      const { goto } = withValues(
        { goto: 'http://shop/o/{read.order}' },
        new Map([['order', read.value]]),
      ) as {
        goto: string;
      };
      expect(new URL(goto)).toMatchObject({ host: 'shop', pathname: expect.stringMatching(/^\/o\/[^/]+$/) });
    }
  });
  test.each([
    ['  a \n b\u200b ', { value: 'a b' }],
    [' \n ', { why: 'it is empty' }],
    ['..', { why: 'it is no value' }],
    ['\ud800', { why: 'it is no value' }],
    ['x'.repeat(201), { why: 'it is longer than 200 letters' }],
  ])('from %j is %j', (read, expected) => expect(asValue(read)).toEqual(expected));
});
