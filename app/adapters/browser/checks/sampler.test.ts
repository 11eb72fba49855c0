// Sampling over time against a service that breaks and heals, with a clock that is turned by hand.
// Over 250 lines: every way a look can end has its case, over one small site.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { droppable } from '../../../../test/support/droppable.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { startLightpanda } from '../lightpanda.ts';
import { samplePlan } from './sampler.ts';
import type { Clock } from './sampling.ts';

/** What /health answers, one after the other; the last one stays. */
let answers: number[] = [];
let asked = 0;
/** How often / was opened, and after how many visits it begins to work. */
let visits = 0;
let worksAfter = 0;
let onAsk = () => {};
const site = new Hono()
  .get('/health', (c) => {
    const status = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    onAsk();
    return c.body(status === 200 ? 'ok' : 'no', status === 200 ? 200 : 500);
  })
  .get('/', (c) => {
    visits += 1;
    onAsk();
    return visits > worksAfter ? c.html('<p>Shop</p>') : c.html('<p>Maintenance</p>', 503);
  });
const server = createAdaptorServer(site);
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => {
  asked = 0;
  visits = 0;
  worksAfter = 0;
  onAsk = () => {};
});
afterAll(() => void server.close());

/** Time passes only while sleeping. */
function turned(): Clock & { slept: number[] } {
  let time = 1_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      slept.push(ms);
      time += ms;
    },
  };
}

const health = { id: 'health', kind: 'http', url: '{SHOP_URL}/health' };
const shop = { id: 'shop', kind: 'page', url: '{SHOP_URL}/', expect: { text: ['Shop'] }, timeout_s: 20 };
function plan(checks: object[], symptom: object = { checks: ['health'] }) {
  const parsed = parseVerifyPlan({ v: 1, checks, symptom });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SHOP_URL: url });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
const spell = (samples: Sample[]) => samples.map(({ outcome }) => outcome[0]).join('');

describe('by HTTP', () => {
  test('a broken service is red at the third failure of five, half a minute in', async () => {
    answers = [500];
    const clock = turned();
    const seen: Sample[] = [];
    const { verdict, samples, ms } = await samplePlan({
      plan: plan([health]),
      which: 'red',
      browser: {},
      clock,
      onSample: (one) => seen.push(one),
    });
    expect([verdict, spell(samples), ms]).toEqual(['red', 'fff', 30_000]);
    expect(clock.slept).toEqual([15_000, 15_000]);
    expect(samples[1]).toEqual({
      check: 'health',
      at: 1_015_000,
      ms: 0,
      outcome: 'fail',
      engine: 'http',
      reason: 'answered 500, expected 200',
      overruled: null,
    });
    expect(seen).toEqual(samples);
  });
  test('a time of which a thousandth of a second is left over is a time like any other', async () => {
    answers = [500];
    const { verdict } = await samplePlan({
      plan: plan([{ ...health, timeout_s: 1.00567891 }]),
      which: 'red',
      browser: {},
      clock: turned(),
    });
    expect(verdict).toBe('red');
  });
  test('a service that fails now and then is red as well', async () => {
    answers = [500, 200, 500, 200, 500];
    const { verdict, samples } = await samplePlan({
      plan: plan([health]),
      which: 'red',
      browser: {},
      clock: turned(),
    });
    expect([verdict, spell(samples)]).toEqual(['red', 'fpfpf']);
  });
  test('a service that works shows no symptom', async () => {
    answers = [200];
    const { verdict, samples } = await samplePlan({
      plan: plan([health]),
      which: 'red',
      browser: {},
      clock: turned(),
    });
    expect([verdict, spell(samples)]).toEqual(['absent', 'ppp']);
  });
  test('recovery takes all ten samples over two minutes', async () => {
    answers = [200];
    const { verdict, samples, ms } = await samplePlan({
      plan: plan([health]),
      which: 'green',
      browser: {},
      clock: turned(),
    });
    expect([verdict, spell(samples), ms]).toEqual(['confirmed', 'pppppppppp', 120_000]);
  });
  test('one failure refutes recovery at once', async () => {
    answers = [200, 200, 500];
    const { verdict, reason } = await samplePlan({
      plan: plan([health]),
      which: 'green',
      browser: {},
      clock: turned(),
    });
    expect([verdict, reason]).toEqual([
      'refuted',
      'health passed 2 and failed 1 of 3 (10 of 10 needed), last: answered 500, expected 200',
    ]);
  });
  test('being stopped is inconclusive, with what was seen until then', async () => {
    answers = [200];
    const stop = new AbortController();
    onAsk = () => asked === 3 && stop.abort();
    const { verdict, reason, samples } = await samplePlan({
      plan: plan([health]),
      which: 'green',
      browser: {},
      clock: turned(),
      signal: stop.signal,
    });
    expect([verdict, spell(samples)]).toEqual(['inconclusive', 'pp']);
    expect(reason).toBe(
      'stopped before enough samples were taken: health passed 2 and failed 0 of 2 (10 of 10 needed)',
    );
  });
  test('a check that is slow once takes nothing from the check after it', async () => {
    answers = [200];
    const clock = turned();
    onAsk = () => void (asked === 1 && clock.sleep(15_000, new AbortController().signal));
    const twice = plan([health, { ...health, id: 'again' }]);
    const { verdict, samples } = await samplePlan({ plan: twice, which: 'green', browser: {}, clock });
    expect([
      verdict,
      samples
        .filter((one) => one.check === 'again')
        .map(({ at }) => at - 1_000_000)
        .slice(0, 2),
    ]).toEqual(['confirmed', [15_000, 15_000]]);
  });
  test('a slow round delays the next ones and does not crowd them', async () => {
    answers = [500];
    const clock = turned();
    onAsk = () => void (asked === 1 && clock.sleep(40_000, new AbortController().signal));
    const { samples } = await samplePlan({ plan: plan([health]), which: 'red', browser: {}, clock });
    expect(samples.map(({ at, ms }) => [at - 1_000_000, ms])).toEqual([
      [0, 40_000],
      [40_000, 0],
      [55_000, 0],
    ]);
  });
});

describe('in a browser', () => {
  const symptom = { checks: ['shop'], green: { need: 4, of: 4, over_s: 40 } };
  test('a page that works is confirmed, and every check counts', async () => {
    answers = [200];
    const { verdict, samples } = await samplePlan({
      plan: plan([shop, health], symptom),
      which: 'green',
      browser: { chromiumPath: await installedChromium() },
      clock: turned(),
    });
    expect([verdict, spell(samples)]).toEqual(['confirmed', 'pppppppp']);
    expect(samples.map((one) => one.engine)).toEqual([
      'chromium',
      'http',
      'chromium',
      'http',
      'chromium',
      'http',
      'chromium',
      'http',
    ]);
  });
  test('a machine without any browser sees nothing, neither red nor green', async () => {
    for (const which of ['red', 'green'] as const) {
      const { verdict, reason } = await samplePlan({
        plan: plan([shop], symptom),
        which,
        browser: { chromiumPath: '/nonexistent' },
        clock: turned(),
      });
      expect([verdict, reason]).toEqual([
        'inconclusive',
        expect.stringContaining('no browser: Chromium at /nonexistent did not start'),
      ]);
    }
  });
});

const real = realLightpanda('samples of both engines');
describe.skipIf(real === null)('with Lightpanda', () => {
  const symptom = { checks: ['shop'], red: { need: 1, of: 1 }, green: { need: 2, of: 2, over_s: 10 } };
  async function sample(which: 'red' | 'green', chromiumPath: string | null) {
    const started = await startLightpanda(real ?? '');
    if (!started.ok) throw new Error(started.reason);
    const way = await droppable(started.lightpanda.endpoint);
    onAsk = () => void (drop.has(visits) && way.dropAll());
    const browser = { lightpandaEndpoint: way.endpoint, chromiumPath, acceptsLightpanda: accepted };
    return await samplePlan({
      plan: plan([shop], symptom),
      which,
      browser,
      clock: turned(),
    }).finally(() => Promise.all([way.close(), started.lightpanda.close()]));
  }
  /** The visits during which the browser goes away. */
  let drop = new Set<number>();
  let accepted = false;
  beforeEach(() => {
    drop = new Set();
    accepted = false;
  });

  test('what passes has a witness each time', async () => {
    const { verdict, reason, samples } = await sample('green', await installedChromium());
    expect([verdict, samples.map(({ engine, agreed }) => [engine, agreed]), visits]).toEqual([
      'confirmed',
      Array(2).fill(['chromium', 'lightpanda']),
      4,
    ]);
    expect(reason).toBe('shop passed 2 and failed 0 of 2 (2 of 2 needed), seen by Lightpanda and Chromium');
  });
  test('Chromium has the last word, and a disagreement is told', async () => {
    worksAfter = 1;
    const { verdict, reason, samples } = await sample('green', await installedChromium());
    expect(samples[0]).toMatchObject({
      outcome: 'pass',
      engine: 'chromium',
      overruled: { engine: 'lightpanda', outcome: 'fail', reason: 'the page answered 503, expected 200' },
    });
    expect([verdict, reason]).toEqual([
      'confirmed',
      'shop passed 2 and failed 0 of 2 (2 of 2 needed), the engines disagreed on 1, seen by Lightpanda and Chromium, last: Chromium passed; Lightpanda failed (the page answered 503, expected 200)',
    ]);
  });
  test.each([0, 99])('without a Chromium beside it nothing is red and nothing green', async (fails) => {
    worksAfter = fails;
    for (const which of ['red', 'green'] as const)
      expect(await sample(which, null)).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringContaining('last: seen by Lightpanda alone, where it '),
      });
  });
  test('unless the installation accepts that, and then every word says so', async () => {
    accepted = true;
    const green = await sample('green', null);
    worksAfter = visits + 99;
    const red = await sample('red', null);
    expect([green.verdict, green.reason, red.verdict, red.reason]).toEqual([
      'confirmed',
      'shop passed 2 and failed 0 of 2 (2 of 2 needed), seen by Lightpanda alone (accepted by vigil.yml)',
      'red',
      'shop passed 0 and failed 1 of 1 (1 of 1 needed), seen by Lightpanda alone (accepted by vigil.yml), last: the page answered 503, expected 200',
    ]);
  });
  test('a browser that goes away once is replaced', async () => {
    drop = new Set([1]);
    accepted = true;
    const { verdict, samples } = await sample('green', null);
    expect([verdict, spell(samples), visits]).toEqual(['confirmed', 'pp', 3]);
  });
  test('a browser that goes away again and again sees nothing', async () => {
    drop = new Set([1, 2, 3, 4]);
    const { verdict, samples } = await sample('green', null);
    expect([verdict, samples.map(({ reason }) => reason)]).toEqual([
      'inconclusive',
      ['the browser was lost', 'the browser was lost'],
    ]);
  });
});
