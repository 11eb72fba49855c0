// Where a plan may name a secret, where it may go, and what values a job takes.
import { describe, expect, test } from 'vitest';
import { needsKeys } from './needs-keys.ts';
import { bind, parseVerifyPlan, safeBeforeApproval } from './plan.ts';
import { filled, lackOf, readSecrets, refusalAt, secretsIn } from './secrets.ts';

const USE = '{secret.SHOP_PASSWORD}';
const journey = (...steps: object[]) => ({
  ...{
    id: 'it',
    kind: 'journey',
    start: 'https://shop.example/',
    steps: [...steps, { expect: { text: 'Hello' } }],
  },
});
const http = (more: object) => ({ id: 'it', kind: 'http', url: 'https://shop.example/api', ...more });
const parsed = (check: object, more: object = {}) =>
  parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['it'] }, ...more });
const reason = (check: object, more: object = {}): string => {
  const plan = parsed(check, more);
  return plan.ok ? 'taken' : (plan.reason.split('\n')[0] ?? '').replace('✖ ', '');
};
const PLACES =
  '{secret.NAME} may stand in what a journey or a form fills, and in a header or body of an http check';
const listed = { SHOP_PASSWORD: { origins: ['https://shop.example'] } };

describe('a plan', () => {
  const form = {
    ...{ id: 'it', kind: 'form', url: 'https://shop.example/in', send: '#in', expect: { text: 'Hello' } },
  };
  test.each([
    ['what a journey fills', journey({ fill: { selector: '#password', value: USE } })],
    ['what a form fills', { ...form, fill: { password: USE } }],
    ['a header', http({ headers: { authorization: `Bearer ${USE}` } })],
    ['a body', http({ method: 'POST', body: `{"password":"${USE}"}` })],
  ])('may name one in %s, and needs a key then', (_, check) => {
    const plan = parsed(check);
    const [one] = plan.ok ? plan.plan.checks : [];
    expect(one && [secretsIn(one), needsKeys(one)]).toEqual([['SHOP_PASSWORD'], true]);
  });
  test.each([
    ['an address', { ...journey(), start: `https://shop.example/?p=${USE}` }],
    ['an address it goes to', journey({ goto: `https://shop.example/${USE}` })],
    ['a selector', journey({ click: `[a="${USE}"]` })],
    ['a choice', journey({ select: { selector: '#a', value: USE } })],
    ['a file', journey({ upload: { selector: '#a', name: 'a', content: USE } })],
    ['an answer to a dialog', journey({ dialog: { accept: USE } })],
    ['an expectation', journey({ expect: { text: USE } })],
    ['the address of a request', http({ url: `https://shop.example/${USE}` })],
    ['what a request expects', http({ expect: { contains: [USE] } })],
    ['the name of a header', http({ headers: { accept: 'x' }, expect: { header: { a: USE } } })],
    ['a page', { id: 'it', kind: 'page', url: 'https://shop.example/', expect: { text: [USE] } }],
    ['another form of a name', journey({ fill: { selector: '#a', value: '{secret.shop}' } })],
  ])('may not name one in %s', (_, check) => {
    expect(reason(check)).toBe(PLACES);
  });
  test('may not name one beside a value of the page, nor where answers lead elsewhere, nor in what is read before', () => {
    const read = { read: { name: 'order', text_of: '#order' } };
    expect(reason(journey(read, { fill: { selector: '#a', value: `${USE}{read.order}` } }))).toBe(
      'a secret and a value of the page do not stand in one text',
    );
    expect(reason(http({ headers: { 'x-key': USE }, redirects: 'follow' }))).toBe(
      'a secret is sent to one place, and not where an answer leads: redirects: none',
    );
    const home = http({});
    expect(reason(home, { snapshot: [{ id: 'flags', url: `https://shop.example/${USE}` }] })).toBe(
      'what is read before the run takes no secret',
    );
  });
  test('takes none from the inventory', () => {
    const plan = parsed(http({ url: '{SHOP_URL}/api', headers: { accept: '{KIND}' } }));
    const bound = plan.ok && bind(plan.plan, { SHOP_URL: 'https://shop.example', KIND: USE });
    expect(bound).toEqual({ ok: false, reason: 'KIND looks like a value that a journey reads, or a secret' });
  });
  test('is unsafe before approval in every header, unless a runbook has exactly this check', () => {
    const plan = parsed(http({ headers: { accept: USE } }));
    if (!plan.ok) throw new Error(plan.reason);
    expect(safeBeforeApproval(plan.plan, null)).toEqual([
      { check: 'it', reason: 'a secret is typed or sent, and no runbook on main has exactly this check' },
    ]);
    expect(safeBeforeApproval(plan.plan, plan.plan)).toEqual([]);
  });
});

describe('a job', () => {
  const it = parsed(http({ headers: { authorization: `Bearer ${USE}` } }));
  const [check] = it.ok ? it.plan.checks : [];
  if (!check) throw new Error('no check');
  test('has no value, or vigil.yml does not list it', () => {
    expect(lackOf(check, {})).toBe('check_secrets of vigil.yml does not list SHOP_PASSWORD');
    expect(lackOf(check, readSecrets(listed, null).secrets)).toBe(
      'this job has no value of the secret SHOP_PASSWORD: docs/checks.md#secrets',
    );
    expect(lackOf(check, readSecrets(listed, { SHOP_PASSWORD: 'open-sesame' }).secrets)).toBeNull();
  });
  test('lets it go only where it is listed for', () => {
    const { secrets } = readSecrets(listed, { SHOP_PASSWORD: 'open-sesame' });
    expect(refusalAt('https://shop.example', ['SHOP_PASSWORD'], secrets)).toBeNull();
    for (const origin of ['https://evil.example', 'http://shop.example', null])
      expect(refusalAt(origin, ['SHOP_PASSWORD'], secrets)).toMatch(/^the secret SHOP_PASSWORD is not for /);
  });
  test('takes what is named in a secret for letters', () => {
    const two = { ...listed, OTHER_KEY: { origins: ['https://shop.example'] } };
    const given = { SHOP_PASSWORD: 'a{secret.OTHER_KEY}', OTHER_KEY: 'open-sesame' };
    const { secrets } = readSecrets(two, given);
    expect(filled(USE, secrets)).toBe('a{secret.OTHER_KEY}');
  });
  test.each([
    ['a list', ['open-sesame'], 'it is no object of names and texts'],
    ['a text', 'open-sesame', 'it is no object of names and texts'],
    [
      'a number',
      { SHOP_PASSWORD: 1234567890 },
      'SHOP_PASSWORD is no text of one line with 8 to 1000 letters',
    ],
    [
      'a short one',
      { SHOP_PASSWORD: 'sesame' },
      'SHOP_PASSWORD is no text of one line with 8 to 1000 letters',
    ],
    [
      'two lines',
      { SHOP_PASSWORD: 'open\nsesame' },
      'SHOP_PASSWORD is no text of one line with 8 to 1000 letters',
    ],
    ['an unlisted one', { OTHER: 'open-sesame' }, 'OTHER is not listed in check_secrets of vigil.yml'],
  ])('is told what is wrong with %s, without a word of it', (_, given, fault) => {
    const read = readSecrets(listed, given);
    expect([read.faults, read.secrets['SHOP_PASSWORD']?.value]).toEqual([[fault], null]);
  });
});
