// Speed and weight of pages, measured in a real Chromium, with Node's clock.
import { setTimeout } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { singles } from '#core/verification/checks';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { look } from './sight.ts';

const visits: Record<string, number> = {};
const nth = (path: string): number => {
  visits[path] = (visits[path] ?? 0) + 1;
  return visits[path];
};
const HEAD = '<!doctype html><title>x</title><link rel=icon href="data:,">';
const GOOD = `${HEAD}<h1>Welcome</h1>`;
const site = new Hono()
  .get('/', (c) => c.html(GOOD))
  .get('/one-slow', async (c) => {
    if (nth('/one-slow') === 1) await setTimeout(4000);
    return c.html(GOOD);
  })
  .get('/one-fails', (c) => (nth('/one-fails') === 2 ? c.text('sorry', 503) : c.html(GOOD)))
  .get('/two-fail', (c) => (nth('/two-fail') < 3 ? c.text('sorry', 503) : c.html(GOOD)))
  .get('/slow', async (c) => {
    await setTimeout(700);
    return c.html(GOOD);
  })
  .get('/slow-picture', (c) => c.html(`${GOOD}<img src="/picture-slow">`))
  .get('/picture-slow', async (c) => {
    await setTimeout(700);
    return c.body(null, 404);
  })
  .get('/endless-picture', (c) => c.html(`${GOOD}<img src="/never">`))
  .get('/never', () => new Promise<Response>(() => {}))
  .get('/late-text', (c) =>
    c.html(`${HEAD}<script>setTimeout(() => document.write('<h1>Welcome</h1>'), 900)</script>`),
  )
  .get('/sorry', (c) => c.html(`${HEAD}<h1>Sorry</h1>`))
  .get('/heavy', (c) =>
    c.html(`${GOOD}<link rel=stylesheet href="/a.css"><script src="/a.js"></script><img src="data:,">`),
  )
  .get('/a.css', (c) => c.body(`/*${'x'.repeat(50_000)}*/`, 200, { 'content-type': 'text/css' }))
  .get('/a.js', (c) => c.redirect('/b.js'))
  .get('/b.js', (c) => c.body(`//${'x'.repeat(20_000)}`, 200, { 'content-type': 'text/javascript' }))
  .get('/cached', (c) => {
    nth('/cached');
    return c.html(GOOD, 200, { 'cache-control': 'max-age=600', 'set-cookie': 'seen=1' });
  })
  .get('/known', (c) =>
    c.html(c.req.header('cookie') ? `${HEAD}<h1>Again</h1>` : GOOD, 200, { 'set-cookie': 'seen=1' }),
  );

const server = createAdaptorServer(site);
let url = '';
let chromiumPath = '';
beforeAll(async () => {
  chromiumPath = await installedChromium();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

/** By the eyes of a job, on Chromium unless something else is said. */
async function measure(path: string, expected: object, more: object = {}, options?: BrowserOptions) {
  const check = { id: 'it', kind: 'performance', url: `{SITE}${path}`, loads: 3, expect: expected, ...more };
  const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['it'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url });
  const [one] = bound.ok ? singles(bound.plan.checks) : [];
  if (one === undefined) throw new Error('not bound');
  const browsers = openBrowsers(options ?? { chromiumPath });
  const { signal } = new AbortController();
  const eyes = { browsers, origins: new Set([url]), datadog: null, signal, now: () => performance.now() };
  return look(one, { ...eyes, acceptsLightpanda: options?.acceptsLightpanda }).finally(browsers.close);
}
const passes = {
  engine: 'chromium',
  outcome: 'pass',
  reason: null,
  overruled: null,
  measured: expect.anything(),
};

describe('the speed of a page', () => {
  test('is good enough, and nothing is kept from one load to the next', async () => {
    expect(await measure('/cached', { text: ['Welcome'], p50_ms: 10_000, p95_ms: 10_000 })).toEqual(passes);
    expect(visits['/cached']).toBe(3);
    expect(await measure('/known', { text: ['Welcome'], p50_ms: 10_000 })).toEqual(passes);
  }, 60_000);
  test('is not missed by one load that is slow or fails, and is by two', async () => {
    expect(await measure('/one-slow', { p95_ms: 3500 })).toEqual(passes);
    expect(await measure('/one-fails', { p95_ms: 10_000 })).toEqual(passes);
    expect(await measure('/two-fail', { bytes: 100_000 })).toMatchObject({
      outcome: 'fail',
      reason: '2 of 2 loads failed, one: the page answered 503, expected 200',
    });
  }, 60_000);
  test.each([
    ['a slow answer', '/slow', {}],
    ['a slow part', '/slow-picture', {}],
    ['what is expected comes late', '/late-text', { text: ['Welcome'] }],
  ])(
    'is missed by %s',
    async (_, path, expected) => {
      expect(
        await measure(path, { ...expected, p50_ms: 600, p95_ms: 15_000 }, { timeout_s: 20 }),
      ).toMatchObject({
        outcome: 'fail',
        reason: expect.stringMatching(/^of 3 loads, p50 is \d{3,} ms, expected 600 at most$/),
      });
    },
    60_000,
  );
  test('is none where a part never comes, or where it is another page', async () => {
    expect(await measure('/endless-picture', { p50_ms: 900 }, { timeout_s: 1.5 })).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/^2 of 2 loads failed, one: a part of the page did not finish loading$/),
    });
    expect(await measure('/sorry', { text: ['Welcome'], p50_ms: 900 }, { timeout_s: 1.5 })).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('loads failed, one: the text "Welcome" is missing'),
    });
  }, 60_000);
});

test('the weight of a page is all that comes over the wire, and how often something is asked for', async () => {
  expect(await measure('/heavy', { bytes: 75_000, requests: 4 })).toEqual({
    ...passes,
    measured: {
      ...{ loads: 3, p50_ms: expect.any(Number), p95_ms: expect.any(Number) },
      ...{ bytes: expect.any(Number), requests: 4 },
    },
  });
  expect(await measure('/heavy', { bytes: 70_000, requests: 3 })).toMatchObject({
    outcome: 'fail',
    reason: expect.stringMatching(
      /^of 3 loads, half of the loads take 7[0-4]\d{3} bytes, expected 70000 at most; half of the loads take 4 requests, expected 3 at most$/,
    ),
  });
}, 60_000);

describe('without a Chromium that could measure', () => {
  test('nothing is said, whoever else is there and whatever the installation accepts', async () => {
    const lightpanda = { lightpandaPath: '/nowhere', chromiumPath: null, acceptsLightpanda: true };
    expect(await measure('/', { p50_ms: 900 }, {}, lightpanda)).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringContaining('only Chromium can measure a load'),
    });
    expect(await measure('/', { p50_ms: 900 }, {}, { chromiumPath: null })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'there is no browser',
    });
    expect(await measure('/', { p50_ms: 900 }, {}, { chromiumPath: '/nowhere' })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^0 loads in time, and it takes 3 to say anything; one: no browser: /),
    });
  });
});

describe('a plan', () => {
  const parse = (more: object) => {
    const check = { id: 'it', kind: 'performance', url: '{SITE}/', ...more };
    const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['it'] } });
    return parsed.ok ? null : parsed.reason;
  };
  test.each([
    [{ expect: {} }, 'measures nothing'],
    [{ expect: { text: ['Welcome'] } }, 'measures nothing'],
    [{ expect: { p50_ms: 900, p95_ms: 800 } }, 'is more than p95_ms'],
    [{ expect: { p95_ms: 15_000 } }, 'ends a load before it could be too slow'],
    [{ expect: { p50_ms: 900 }, loads: 2 }, 'loads'],
    [{ expect: { p50_ms: 900 }, loads: 21 }, 'loads'],
    [{ expect: { p99_ms: 900 } }, 'p99_ms'],
    [{ expect: { p50_ms: 900, failing: '<= 1 %', of: 20 } }, 'failing'],
  ])('with %j is refused', (more, reason) => expect(parse(more)).toContain(reason));
  test('of five loads by default is taken', () => expect(parse({ expect: { p50_ms: 900 } })).toBeNull());
});
