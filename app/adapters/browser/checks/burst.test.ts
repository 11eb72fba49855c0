// Bursts against a real server of which a share fails: what is counted, what is not, and that they end.
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { lookAtBurst } from './burst.ts';
import { samplePlan } from './sampler.ts';
import type { Clock } from './sampling.ts';

let asked = 0;
let atOnce = 0;
let mostAtOnce = 0;
/** Every so manieth request fails; 0: none does. */
let every = 0;
let connections = 0;
const site = new Hono()
  .get('/cart', async (c) => {
    asked += 1;
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    const fails = every > 0 && asked % every === 0;
    await new Promise((done) => setImmediate(done));
    atOnce -= 1;
    return fails ? c.text('no', 503) : c.text('ok');
  })
  .get('/down', (c) => c.text('no', 500))
  .get('/hangs', () => new Promise<Response>(() => {}));
const server: ServerType = createAdaptorServer(site);
server.on('connection', () => {
  connections += 1;
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => {
  [asked, atOnce, mostAtOnce, every, connections] = [0, 0, 0, 0, 0];
});
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

const cart = { id: 'cart', kind: 'http', url: '{SITE}/cart', expect: { failing: '<= 1 %', of: 200 } };
function plan(checks: object[], symptom: object = {}, settle?: object) {
  const parsed = parseVerifyPlan({ v: 1, checks, symptom: { checks: ['cart'], ...symptom }, settle });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url, NOBODY: 'http://127.0.0.1:1' });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
async function burst(check: object, of: number, signal = new AbortController().signal) {
  const [one] = plan([{ ...cart, ...check }]).checks;
  if (one?.kind !== 'http') throw new Error('not an http check');
  return lookAtBurst(one, { bound: 0.01, of }, signal, () => performance.now());
}

describe('a burst', () => {
  test('counts what failed, ten at once and each on a connection of its own', async () => {
    every = 10;
    expect(await burst({}, 60)).toEqual({
      outcome: 'fail',
      reason: '6 of 60 failed, one: answered 503, expected 200',
      lost: false,
      counts: { failing: 6, of: 60 },
    });
    expect([asked, connections]).toEqual([60, 60]);
    expect(mostAtOnce).toBeLessThanOrEqual(10);
  });
  test('passes while no more fails than may', async () => {
    every = 100;
    expect(await burst({}, 100)).toMatchObject({
      outcome: 'pass',
      reason: null,
      counts: { failing: 1, of: 100 },
    });
  });
  test('of a service that answers nothing counts every request that was begun', async () => {
    const hanging = { url: '{SITE}/hangs', timeout_s: 0.1 };
    expect(await burst(hanging, 20)).toMatchObject({
      reason: '20 of 20 failed, one: no whole answer within 0.1 s',
      counts: { failing: 20, of: 20 },
    });
    expect(await burst({ url: '{NOBODY}/' }, 20)).toMatchObject({ counts: { failing: 20, of: 20 } });
  });
  test('that is stopped saw nothing', async () => {
    const stop = new AbortController();
    const seen = burst({ url: '{SITE}/hangs' }, 20, stop.signal);
    stop.abort();
    expect(await seen).toEqual({
      outcome: 'inconclusive',
      reason: 'stopped before the answers came',
      lost: false,
    });
  });
});

describe('looks by bursts', () => {
  /** Time passes only while sleeping. */
  const turned = (): Clock => {
    let time = 1_000_000;
    return {
      now: () => time,
      sleep: async (ms) => {
        time += ms;
      },
    };
  };
  const sample = (which: 'red' | 'green', checks: object[], before: Sample[] = [], symptom: object = {}) =>
    samplePlan({ plan: plan(checks, symptom), which, before, browser: {}, clock: turned() });
  const quick = { red: { need: 3, of: 5, over_s: 40 }, green: { need: 3, of: 3, over_s: 20 } };

  test('see a service of which a tenth fails, call it red, and not recovered while nothing changed', async () => {
    every = 10;
    const red = await sample('red', [cart], [], quick);
    expect([red.verdict, red.samples.map(({ counts }) => counts), red.ms]).toEqual([
      'red',
      Array(3).fill({ failing: 20, of: 200 }),
      20_000,
    ]);
    expect(red.reason).toBe(
      '60 of 600 requests of cart failed in 3 looks (10 %), more than the 1 % that may, last: 20 of 200 failed, one: answered 503, expected 200',
    );
    expect((await sample('green', [cart], red.samples, quick)).verdict).toBe('refuted');
    every = 0;
    const green = await sample('green', [cart], red.samples, quick);
    expect([green.verdict, green.reason]).toEqual([
      'confirmed',
      '0 of 600 requests of cart failed in 3 looks (0 %), at most the 1 % that may, before: 60 of 600 (10 %)',
    ]);
  });
  test('see one shard of three that is down', async () => {
    const health = { id: 'cart', kind: 'http', url: '{SITE}/cart' };
    const sharded = { ...health, at: { two: '{SITE}/down', three: '{SITE}/cart' } };
    const red = await sample('red', [sharded]);
    expect([red.verdict, red.reason]).toEqual([
      'red',
      'cart-two passed 0 and failed 3 of 3 (3 of 5 needed), last: answered 500, expected 200',
    ]);
    expect((await sample('green', [sharded])).verdict).toBe('refuted');
  });
  test('wait for a service that settles, and keep the looks that decided', async () => {
    const settling = { ...quick, green: { need: 3, of: 3, over_s: 30 } };
    const bound = plan([{ ...cart, expect: { failing: '<= 20 %', of: 20 } }], settling, { within: '10m' });
    every = 2;
    const red = await samplePlan({ plan: bound, which: 'red', browser: {}, clock: turned() });
    const clock = turned();
    const began = clock.now();
    const onSample = ({ at }: Sample) => {
      if (at - began > 60_000) every = 0;
    };
    const asking = { plan: bound, browser: {}, before: red.samples, onSample, clock };
    const green = await samplePlan({ ...asking, which: 'green' });
    expect([green.verdict, green.samples.length, green.ms]).toEqual(['confirmed', 3, 120_000]);
    every = 2;
    const never = await samplePlan({ ...asking, clock: turned(), onSample: () => {}, which: 'green' });
    expect([never.verdict, never.ms]).toEqual(['refuted', 600_000]);
    expect(never.reason).toMatch(/^not well within 10 min: 30 of 60 requests of cart failed in 3 looks/);
  });
});
