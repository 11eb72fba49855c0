// Bursts of browser sessions against a site of which a share fails: what is counted, by which engine, and that they end.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samplePlan } from '#adapters/browser/checks/sampler';
import type { Clock } from '#adapters/browser/checks/sampling';
import { look } from '#adapters/browser/checks/sight';
import { openBrowsers } from '#adapters/browser/sessions';
import { singles } from '#core/verification/checks';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { installedChromium } from '../../sandbox/browser.ts';
import { realLightpanda } from '../support/real-lightpanda.ts';

let opened = 0;
let orders = 0;
/** Every so manieth visit fails; 0: none does. */
let every = 0;
let cookies = 0;
let under = 0;
let mostUnder = 0;
const site = new Hono()
  .get('/', async (c) => {
    opened += 1;
    under += 1;
    mostUnder = Math.max(mostUnder, under);
    const fails = every > 0 && opened % every === 0;
    if (c.req.header('cookie')) cookies += 1;
    await new Promise((done) => setTimeout(done, 20));
    under -= 1;
    c.header('set-cookie', 'seen=1; Path=/');
    if (fails) return c.html('<p>Something went wrong</p>', 503);
    return c.html(
      '<link rel="icon" href="data:,"><p>Shop</p><form action="/orders" method="post"><button>Buy</button></form>',
    );
  })
  .post('/orders', (c) => {
    orders += 1;
    return c.html('<link rel="icon" href="data:,"><p>Thank you</p>');
  })
  .get('/hangs', () => new Promise<Response>(() => {}));
const server = createAdaptorServer(site);
let url = '';
let chromiumPath = '';
const real = realLightpanda('bursts of sessions');
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  chromiumPath = await installedChromium();
});
beforeEach(() => {
  [opened, orders, every, cookies, under, mostUnder] = [0, 0, 0, 0, 0, 0];
});
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

const home = {
  id: 'home',
  kind: 'page',
  url: '{SITE}/',
  expect: { text: ['Shop'], failing: '<= 10 %', of: 20 },
  timeout_s: 40,
};
function plan(checks: object[], symptom: object = {}) {
  const parsed = parseVerifyPlan({ v: 1, checks, symptom: { checks: ['home'], ...symptom } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
type Which = 'chromium' | 'both' | 'lightpanda' | 'none';
async function burst(which: Which, check: object = {}, signal = new AbortController().signal) {
  const [one] = singles(plan(['steps' in check ? { id: 'home', ...check } : { ...home, ...check }]).checks);
  if (!one) throw new Error('no check');
  const browsers = openBrowsers({
    ...(which === 'both' || which === 'lightpanda' ? { lightpandaPath: real ?? '/nonexistent' } : {}),
    chromiumPath:
      which === 'chromium' || which === 'both' ? chromiumPath : which === 'none' ? '/nonexistent' : null,
  });
  const eyes = {
    browsers,
    origins: new Set<string>(),
    datadog: null,
    signal,
    now: () => performance.now(),
    acceptsLightpanda: true,
  };
  return look(one, eyes).finally(browsers.close);
}

describe('a burst of sessions', () => {
  test.each([
    ['chromium', 'chromium'] as const,
    ...(real === null ? [] : [['both', 'chromium'] as const, ['lightpanda', 'lightpanda'] as const]),
  ])(
    'with %s is counted by one engine, %s, each in a fresh context and four at once',
    async (which, engine) => {
      every = 4;
      expect(await burst(which)).toEqual({
        outcome: 'fail',
        engine,
        reason: '5 of 20 failed, one: the page answered 503, expected 200',
        overruled: null,
        counts: { failing: 5, of: 20 },
      });
      // Nothing was looked at twice: a second look at what failed would be at another draw.
      expect([opened, cookies]).toEqual([20, 0]);
      expect(mostUnder).toBeLessThanOrEqual(4);
    },
  );
  test('of a journey walks as often, and passes while no more fails than may', async () => {
    every = 10;
    const walk = {
      kind: 'journey',
      start: '{SITE}/',
      steps: [{ click: 'button' }, { expect: { text: 'Thank you' } }],
    };
    const check = { ...walk, expect: { failing: '<= 10 %', of: 20 }, timeout_s: 40 };
    expect(await burst('chromium', check)).toMatchObject({
      outcome: 'pass',
      reason: null,
      counts: { failing: 2, of: 20 },
    });
    expect(orders).toBe(18);
  });
  test('of a site that answers nothing counts every session that was begun', async () => {
    const hanging = { url: '{SITE}/hangs', timeout_s: 1, expect: { failing: '<= 10 %', of: 12 } };
    expect(await burst('chromium', hanging)).toMatchObject({
      outcome: 'fail',
      counts: { failing: 12, of: 12 },
    });
  });
  test('without a browser saw nothing, and when it is stopped neither', async () => {
    expect(await burst('none')).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^20 of 20 sessions saw nothing: no browser: /),
    });
    const stop = new AbortController();
    const seen = burst('chromium', { url: '{SITE}/hangs' }, stop.signal);
    stop.abort();
    expect(await seen).toMatchObject({ outcome: 'inconclusive', reason: 'stopped before the answers came' });
  });
});

test('looks by sessions see a site of which a quarter fails, and that it is better', async () => {
  let time = 1_000_000;
  const clock: Clock = {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  const quick = { red: { need: 3, of: 5, over_s: 40 }, green: { need: 3, of: 5, over_s: 40 } };
  const sample = (which: 'red' | 'green', before: Sample[] = []) =>
    samplePlan({ plan: plan([home], quick), which, before, browser: { chromiumPath }, clock });
  every = 4;
  const red = await sample('red');
  expect([red.verdict, red.samples.map(({ counts, engine }) => [counts, engine])]).toEqual([
    'red',
    Array(4).fill([{ failing: 5, of: 20 }, 'chromium']),
  ]);
  expect(red.reason).toMatch(
    /^20 of 80 sessions of home failed in 4 looks \(25 %\), more than the 10 % that may/,
  );
  every = 0;
  const green = await sample('green', red.samples);
  expect([green.verdict, green.reason]).toEqual([
    'confirmed',
    '0 of 60 sessions of home failed in 3 looks (0 %), at most the 10 % that may, before: 20 of 80 (25 %), seen by Chromium alone',
  ]);
});
