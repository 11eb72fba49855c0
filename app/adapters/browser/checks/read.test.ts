// A journey that uses what it read, and a form that is filled and sent, against a small shop: in Chromium, and in Lightpanda where it is.
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { type Browsers, type Engine, openBrowsers } from '../sessions.ts';
import { lookAtJourney } from './journey.ts';

const orders = new Map<string, string>();
const SIGNUP = `<form action="/signed">
  <input name=email><select name=language><option value=en>English<option value=de>Deutsch</select>
  <input type=hidden name=terms value=no><input type=checkbox name=terms value=yes>
  <input type=checkbox name=offers checked><button id=send>Send</button></form>`;
/** Orders have numbers that nobody can know before, and any page can be had by `/say?body=`. */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const page = (): string => {
    if (pathname === '/buy') {
      const number = `A/${orders.size + 1} ${Math.random().toString(36).slice(2, 8)}`;
      orders.set(number, searchParams.get('what') ?? '');
      return `<p>Thank you. Your order is <b id=order data-number="${number}"></b></p><script>setTimeout(() => { order.textContent = ' ${number}\\n' }, 200)</script>`;
    }
    const [, of] = /^\/orders\/(.*)$/.exec(pathname) ?? [];
    if (of !== undefined) return `<p>Order of ${orders.get(decodeURIComponent(of)) ?? 'nobody'}</p>`;
    if (pathname === '/find') return `<p>Found ${orders.get(searchParams.get('q') ?? '') ?? 'nothing'}</p>`;
    if (pathname === '/signup') return SIGNUP;
    if (pathname === '/signed') return `<p>Welcome ${[...searchParams].join(' ')}</p>`;
    return searchParams.get('body') ?? '';
  };
  response.setHeader('content-type', 'text/html').end(`<!doctype html><body>${page()}`);
});
const lightpandaPath = realLightpanda('values that a journey reads') ?? undefined;
const engines: Engine[] = ['chromium', ...(lightpandaPath === undefined ? [] : ['lightpanda' as const])];
let url = '';
let browsers: Browsers;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  browsers = openBrowsers({ chromiumPath: await installedChromium(), lightpandaPath });
});
afterAll(async () => {
  await browsers.close();
  server.closeAllConnections();
  server.close();
});
vi.setConfig({ maxConcurrency: 6 });

async function look(engine: Engine, check: object) {
  const parsed = parseVerifyPlan({ v: 1, checks: [{ id: 'it', ...check }], symptom: { checks: ['it'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url });
  const [one] = bound.ok ? bound.plan.checks : [];
  if (one?.kind !== 'journey') throw new Error('no journey');
  const lease = await browsers.lease(engine);
  if (!lease.ok) throw new Error(lease.reason);
  const { signal } = new AbortController();
  const seen = await lookAtJourney(one, lease.session, signal).finally(lease.session.release);
  return seen.reason?.replaceAll(url, '') ?? seen.outcome;
}
const walk = (engine: Engine, path: string, steps: object[], timeout_s = 15) =>
  look(engine, { kind: 'journey', start: `{SITE}${path}`, steps, timeout_s });
const says = (text: string) => ({ expect: { text } });
const body = (html: string): string => `/?body=${encodeURIComponent(html)}`;
const ORDER = { read: { name: 'order', text_of: '#order' } };

describe.concurrent.each(engines)('in %s, what a journey read', (engine) => {
  test('is used in addresses, fields and expectations of later steps', async () => {
    const search = body('<form action="/find"><input name=q><button>Find</button></form>');
    const steps = [
      ORDER,
      { expect: { text: 'Your order is {read.order}' } },
      { goto: '{SITE}/orders/{read.order}' },
      says('Order of socks'),
      { expect: { url: '/orders/{read.order}' } },
      { goto: `{SITE}${search}` },
      { fill: { selector: 'input', value: '{read.order}' } },
      { click: 'button' },
      says('Found socks'),
    ];
    expect(await walk(engine, '/buy?what=socks', steps)).toBe('pass');
  });
  test('may be an attribute, and what a field holds', async () => {
    const steps = [
      { read: { name: 'order', attribute: { selector: '#order', name: 'data-number' } } },
      { goto: '{SITE}/orders/{read.order}' },
      says('Order of a hat'),
    ];
    expect(await walk(engine, '/buy?what=a hat', steps)).toBe('pass');
    const field = body('<input id=code value=" K 7 "><p>Code K 7</p>');
    expect(
      await walk(engine, field, [{ read: { name: 'code', text_of: '#code' } }, says('Code {read.code}')]),
    ).toBe('pass');
  });
  test('belongs to one walk', async () => {
    const steps = [ORDER, { goto: '{SITE}/orders/{read.order}' }, says('Order of socks')];
    const all = await Promise.all([1, 2, 3].map(() => walk(engine, '/buy?what=socks', steps)));
    expect(all).toEqual(['pass', 'pass', 'pass']);
  });
  test('shows when the later page is another one', async () => {
    const steps = [ORDER, { goto: '{SITE}/orders/{read.order}' }, says('Order of a hat')];
    expect(await walk(engine, '/buy?what=socks', steps, 3)).toBe(
      'step 3 (expect): the text "Order of a hat" is missing',
    );
  });
  test.each([
    ['is not there', '', '#order is missing'],
    ['is hidden', '<p hidden id=order>7</p>', '#order cannot be read: it is hidden'],
    ['is empty', '<p id=order style="height:9px"> </p>', '#order gives nothing to go on with: it is empty'],
    ['is a password', '<input id=order type=password value=7>', '#order cannot be read: it is a password'],
    ['leads elsewhere', '<p id=order>..</p>', '#order gives nothing to go on with: it is no value'],
  ])('is nothing where it %s', async (_, html, reason) => {
    expect(await walk(engine, body(html), [ORDER, says('{read.order}')], 2)).toBe(`step 1 (read): ${reason}`);
  });
});

describe.concurrent.each(engines)('in %s, a form', (engine) => {
  const form = { kind: 'form', url: '{SITE}/signup', send: '#send', timeout_s: 10 };
  test('is filled by the names of its fields, sent, and what comes is looked at', async () => {
    const all = {
      fill: { email: 'a@b.example' },
      select: { language: 'de' },
      check: ['terms'],
      uncheck: ['offers'],
      expect: { text: 'Welcome email,a@b.example language,de terms,no terms,yes', url: '/signed' },
    };
    expect(await look(engine, { ...form, ...all })).toBe('pass');
  });
  test('fails as the journey that it is, by its step', async () => {
    const wrong = { fill: { mail: 'a@b.example' }, expect: { text: 'Welcome' }, timeout_s: 2 };
    expect(await look(engine, { ...form, ...wrong })).toBe('step 1 (fill): [name="mail"] is missing');
    expect(await look(engine, { ...form, expect: { text: 'Sorry' }, timeout_s: 2 })).toBe(
      'step 2 (expect): the text "Sorry" is missing',
    );
  });
  test.each([
    [{ expect: {} }, 'expects nothing'],
    [{ fill: { a: '1' }, check: ['a'], expect: { text: 'x' } }, 'names each field once'],
    [{ fill: { 'a"] , [b="': '1' }, expect: { text: 'x' } }, 'fill'],
    [{ expect: { text: 'x' }, send: undefined }, 'send'],
    [{ expect: { text: 'x' }, steps: [] }, 'steps'],
  ])('with %j is refused', (more, reason) => {
    const checks = [{ id: 'it', ...form, ...more }];
    const parsed = parseVerifyPlan({ v: 1, checks, symptom: { checks: ['it'] } });
    expect(!parsed.ok && parsed.reason).toContain(reason);
  });
});
