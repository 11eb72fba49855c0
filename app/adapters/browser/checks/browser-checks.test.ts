// Page and journey checks against a small shop, in a real browser: does each look say what a person would see? All of it
// twice: in Chromium, and in Lightpanda where it is here.

import { createAdaptorServer } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { shop } from '../../../../test/support/small-shop.ts';
import { type Browsers, openBrowsers } from '../sessions.ts';
import { lookAtJourney } from './journey.ts';
import { lookAtPage } from './page.ts';

const server = createAdaptorServer(shop);
let url = '';
const real = realLightpanda('checks of pages and journeys');
type Engine = 'chromium' | 'lightpanda';
let engines: Record<Engine, Browsers>;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const chromiumPath = await installedChromium();
  engines = {
    chromium: openBrowsers({ chromiumPath }),
    lightpanda: openBrowsers({ lightpandaPath: real ?? '/nonexistent', chromiumPath: null }),
  };
});
afterAll(async () => {
  await Promise.all([engines.chromium.close(), engines.lightpanda.close()]);
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

async function look(engine: Engine, check: object) {
  const parsed = parseVerifyPlan({ v: 1, checks: [{ id: 'it', ...check }], symptom: { checks: ['it'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SHOP_URL: url, NOBODY: 'http://127.0.0.1:1' });
  if (!bound.ok) throw new Error(bound.reason);
  const lease = await engines[engine].lease(engine);
  if (!lease.ok) throw new Error(lease.reason);
  const [one] = bound.plan.checks;
  expect(lease.session.engine).toBe(engine);
  const { signal } = new AbortController();
  const seen =
    one?.kind === 'page'
      ? lookAtPage(one, lease.session, signal)
      : one?.kind === 'journey' && lookAtJourney(one, lease.session, signal);
  const { outcome, reason } = (await seen) || {};
  await lease.session.release();
  return [outcome, reason?.replaceAll(url, '') ?? null];
}
// What fails only when its time is over mostly waits, so these wait together.
vi.setConfig({ maxConcurrency: 8 });
/** Looks again with more time while a busy machine had not come to what was asked. */
async function inTheEnd(reason: string, ask: (timeout_s: number) => Promise<unknown[]>) {
  const short = await ask(3);
  const tooBusy = short[1] !== reason && /did not finish loading|not done within/.test(`${short[1]}`);
  return tooBusy ? ask(40) : short;
}
const here: readonly Engine[] = real === null ? ['chromium'] : ['chromium', 'lightpanda'];
describe.concurrent.each(here)('in %s', (engine) => {
  const page = (path: string, expected: object = {}, timeout_s = 20) =>
    look(engine, {
      kind: 'page',
      url: path.startsWith('/') ? `{SHOP_URL}${path}` : path,
      expect: expected,
      timeout_s,
    });
  const journey = (path: string, steps: object[], timeout_s = 20) =>
    look(engine, { kind: 'journey', start: `{SHOP_URL}${path}`, steps, timeout_s });

  describe('a page', () => {
    test('passes with its status, text and element, whatever the style sheet makes of case and spaces', async () => {
      expect(await page('/', { text: ['fine shop', 'Mug'], selector: ['#products'] })).toEqual([
        'pass',
        null,
      ]);
    });
    test('without errors passes, unless Lightpanda alone says so', async () => {
      const said = await page('/', { text: ['Mug'], no_errors: true });
      expect(said).toEqual(
        engine === 'chromium'
          ? ['pass', null]
          : [
              'inconclusive',
              'Lightpanda cannot judge this: it does not notice every part that fails (no_errors)',
            ],
      );
    });
    test('passes when the text appears a moment later', async () => {
      expect(await page('/late', { text: ['It is here'] })).toEqual(['pass', null]);
    });
    const late: [string, string, object, string][] = [
      ['a text is missing', '/', { text: ['Sale'] }, 'the text "Sale" is missing'],
      ['it never answers', '/hangs', {}, '/hangs did not finish loading'],
      [
        'a text is there but hidden',
        '/',
        { text: ['Sold out'] },
        'the text "Sold out" cannot be read: it is hidden',
      ],
      ['an element is missing', '/', { selector: ['#cart'] }, '#cart is missing'],
    ];
    test.each(engine === 'chromium' ? late : late.slice(0, 2))(
      'fails, when its time is over, if %s',
      async (_, path, expected, reason) => {
        const seen = await inTheEnd(reason, (timeout_s) => page(path, expected, timeout_s));
        expect(seen).toEqual(['fail', reason]);
      },
    );
    test.each([
      ['it answers 500', '/broken', {}, 'the page answered 500, expected 200'],
      [
        'a script throws',
        '/throws',
        { no_errors: true },
        /^errors on the page: (Uncaught )?Error: cart is undefined$/,
      ],
      [
        'a promise is rejected',
        '/rejects',
        { no_errors: true },
        'errors on the page: unhandled rejection: no stock',
      ],
      [
        'a part of it answers 500',
        '/half',
        { no_errors: true },
        'errors on the page: /later-broken answered 500',
      ],
    ])('fails when %s', async (_, path, expected, reason) => {
      const said = typeof reason === 'string' ? reason : expect.stringMatching(reason);
      expect(await page(path, expected)).toEqual(['fail', said]);
    });
    test('that nobody serves fails, with the reason of the browser', async () => {
      expect(await page('{NOBODY}/')).toEqual([
        'fail',
        expect.stringMatching(/did not open: (net::ERR_|nobody takes)/),
      ]);
    });
  });

  describe('a journey', () => {
    const buy = [
      { click: 'a[data-product]' },
      { fill: { selector: '#name', value: 'Vigil' } },
      { select: { selector: '#size', value: 'l' } },
    ];
    test('from the shelf to the thank-you page passes', async () => {
      expect(
        await journey('/', [
          ...buy,
          { click: 'button' },
          { expect: { text: 'Thank you, Vigil (l)', url: '/orders/7', status: 200 } },
        ]),
      ).toEqual(['pass', null]);
    });
    test('may press Enter and go elsewhere', async () => {
      const steps = [
        ...buy.slice(0, 2),
        { press: 'Enter' },
        { expect: { url: '/orders/', status: 200 } },
        { goto: '{SHOP_URL}/late' },
        { expect: { selector: '#p' } },
      ];
      expect(await journey('/', steps)).toEqual(['pass', null]);
    });
    test('is not held up by dialogs, which are dismissed', async () => {
      expect(await journey('/dialog', [{ click: '#b' }, { expect: { text: 'no' } }])).toEqual(['pass', null]);
    });
    const late: [string, string, object[], string][] = [
      [
        'the text never comes',
        '/',
        [{ expect: { text: 'Paid' } }],
        'step 1 (expect): the text "Paid" is missing',
      ],
      [
        'the link is gone',
        '/late',
        [{ click: '#cart' }, { expect: { status: 200 } }],
        'step 1 (click): #cart is missing',
      ],
      [
        'the link is hidden',
        '/covered',
        [{ click: '#go' }, { expect: { status: 200 } }],
        'step 1 (click): #go cannot be used: it is hidden',
      ],
      [
        'the option is not offered',
        '/product',
        [{ select: { selector: '#size', value: 'xl' } }, { expect: { status: 200 } }],
        'step 1 (select): #size cannot be used: it has no option "xl"',
      ],
      [
        'it never left',
        '/',
        [{ expect: { url: '/orders/' } }],
        'step 1 (expect): the address is /, expected "/orders/" in it',
      ],
    ];
    test.each(engine === 'chromium' ? late : late.slice(0, 2))(
      'fails, when its time is over, if %s',
      async (_, path, steps, reason) => {
        const seen = await inTheEnd(reason, (timeout_s) => journey(path, steps, timeout_s));
        expect(seen).toEqual(['fail', reason]);
      },
    );
    test('fails at once on an error page, long before its time is over', async () => {
      const began = performance.now();
      expect(await journey('/to-broken', [{ click: '#go' }, { expect: { text: 'Thank you' } }], 60)).toEqual([
        'fail',
        // A slow machine sees it while the page still loads, a fast one when the text is missing.
        expect.stringContaining('/broken answered 500'),
      ]);
      expect(performance.now() - began).toBeLessThan(15_000);
    });
    test('whose selector is no CSS saw nothing, for the fault is ours', async () => {
      expect(await journey('/', [{ click: 'a[' }, { expect: { status: 200 } }])).toEqual([
        'inconclusive',
        expect.stringContaining('could not look'),
      ]);
    });
  });
});
