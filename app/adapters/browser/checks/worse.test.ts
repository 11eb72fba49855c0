// What is seen beside the symptom: witnesses before a run, and harm after it, over a small site with a clock that is turned by hand.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { samplePlan } from './sampler.ts';
import type { Clock } from './sampling.ts';
import { lookAtWitnesses } from './witnesses.ts';

/** What each path answers, one after the other; the last one stays. */
let answers: Record<string, number[]> = {};
const site = new Hono().get('/:path', (c) => {
  const all = answers[c.req.param('path')] ?? [200];
  const status = all.length > 1 ? all.shift() : all[0];
  return c.body(`${status}`, status === 200 ? 200 : 500);
});
const server = createAdaptorServer(site);
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => {
  answers = {};
});
afterAll(() => void server.close());

function turned(): Clock & { time: number } {
  const clock = {
    time: 1_000_000,
    now: () => clock.time,
    sleep: async (ms: number, signal: AbortSignal) => {
      signal.throwIfAborted();
      clock.time += ms;
    },
  };
  return clock;
}
const check = (id: string, more: object = {}) => ({ id, kind: 'http', url: `{SITE}/${id}`, ...more });
function planOf(checks: object[]) {
  const parsed = parseVerifyPlan({ v: 1, checks, symptom: { checks: ['order'] } });
  const bound = parsed.ok ? bind(parsed.plan, { SITE: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
const shop = () => planOf([check('order'), check('home'), check('search')]);
const spell = (samples: readonly Sample[], of: string) =>
  samples.map(({ check: id, outcome }) => (id === of ? outcome[0] : '')).join('');

test('each check that is no symptom is looked at five times; one that is red is left at once', async () => {
  answers = { search: [200, 500] };
  const clock = turned();
  const seen = await lookAtWitnesses({ plan: shop(), browser: {}, clock });
  expect([spell(seen, 'order'), spell(seen, 'home'), spell(seen, 'search')]).toEqual(['', 'ppppp', 'pf']);
  expect(clock.time - 1_000_000).toBe(12_000);
});
test('of what counts, what is red is looked at too', async () => {
  answers = { cart: [500] };
  const plan = planOf([check('order'), check('cart', { expect: { failing: '<= 5 %', of: 20 } })]);
  const seen = await lookAtWitnesses({ plan, browser: {}, clock: turned() });
  expect(seen.map(({ counts }) => counts)).toEqual(Array(5).fill({ failing: 20, of: 20 }));
});
test('without other checks nothing is looked at, and a job that is over has what it saw', async () => {
  expect(await lookAtWitnesses({ plan: planOf([check('order')]), browser: {}, clock: turned() })).toEqual([]);
  const seen = await lookAtWitnesses({
    ...{ plan: shop(), browser: {}, clock: turned(), signal: AbortSignal.abort() },
  });
  expect(seen).toEqual([]);
});

async function after(now: Record<string, number[]>, before?: Record<string, number[]>) {
  const plan = shop();
  answers = before ?? {};
  const witnesses = await lookAtWitnesses({ plan, browser: {}, clock: turned() });
  const red: Sample = {
    ...{ check: 'order', at: 0, ms: 1, outcome: 'fail', engine: 'http', overruled: null },
    reason: 'status 500',
  };
  answers = now;
  const clock = turned();
  const seen = await samplePlan({
    ...{ plan, which: 'green', before: [red, red, red, ...witnesses], browser: {}, clock },
  });
  return { ...seen, seconds: Math.round((clock.time - 1_000_000) / 1000) };
}

test('a fix that breaks what was well is worse, after a minute of it', async () => {
  const { verdict, worse, seconds } = await after({ order: [500], home: [500] });
  expect([verdict, worse]).toEqual([
    'refuted',
    'home was green in all 5 looks before the run, and failed in the last 6',
  ]);
  expect(seconds).toBeGreaterThanOrEqual(60);
  expect(seconds).toBeLessThanOrEqual(90);
});
test('a fix that heals the symptom and breaks something else is worse too', async () => {
  expect(await after({ home: [500] })).toMatchObject({ verdict: 'refuted', worse: expect.any(String) });
});
test('a fix that only did not help is not worse; that takes three looks at the others', async () => {
  const { verdict, worse, seconds, samples } = await after({ order: [500] });
  expect([verdict, worse, seconds]).toEqual(['refuted', undefined, 30]);
  expect([spell(samples, 'order'), spell(samples, 'home')]).toEqual(['f', 'ppp']);
});
test('what restarts and is well again is not worse', async () => {
  expect((await after({ order: [500], home: [500, 500, 200] })).worse).toBeUndefined();
});
test('what was red before cannot turn red: nothing is waited for', async () => {
  const red = { home: [500], search: [500] };
  const { verdict, worse, seconds } = await after({ order: [500], ...red }, { ...red });
  expect([verdict, worse, seconds]).toEqual(['refuted', undefined, 0]);
});
test('a service that is well is confirmed as before', async () => {
  expect(await after({})).toMatchObject({ verdict: 'confirmed', seconds: 120 });
});
