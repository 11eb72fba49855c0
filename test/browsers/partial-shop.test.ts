// The demo shop behind a door that loses every fourth order: what the shipped journey sees of it, one by one and counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samplePlan } from '#adapters/browser/checks/sampler';
import type { Clock } from '#adapters/browser/checks/sampling';
import { parseRunbook } from '#adapters/git/source';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { installedChromium } from '../../sandbox/browser.ts';
import { type Shop, startShop } from '../../sandbox/shop/server.ts';
import { root } from '../support/files.ts';

let shop: Shop;
let chromiumPath = '';
let url = '';
let [orders, every] = [0, 0];
const door = new Hono().all('*', async (c) => {
  const { path } = c.req;
  const { method, headers: sent } = c.req.raw;
  if (path === '/api/checkout' && method === 'POST') {
    orders += 1;
    if (every > 0 && orders % every === 0) return c.json({ error: 'lost' }, 500);
  }
  const headers = ['cookie', 'content-type'].flatMap((name): [string, string][] => {
    const value = sent.get(name);
    return value === null ? [] : [[name, value]];
  });
  const body = method === 'GET' ? null : await c.req.arrayBuffer();
  const answer = await fetch(shop.url + path, { method, headers, body, redirect: 'manual' });
  const kept = [...answer.headers].filter(([name]) => /^(content-type|location|set-cookie)$/.test(name));
  return new Response(await answer.text(), { status: answer.status, headers: kept });
});
const server = createAdaptorServer(door);
beforeAll(async () => {
  shop = await startShop();
  chromiumPath = await installedChromium();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(async () => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
  await shop.close();
});

/** The journey of the shipped runbook; `counted` by twenty sessions a look. */
function plan(counted: boolean) {
  const file = 'runbooks/shop-checkout-errors.md';
  const read = parseRunbook(readFileSync(join(root, file), 'utf8'), file);
  const order = read.ok && read.value.remediation?.plan.checks.find(({ id }) => id === 'order');
  if (!order) throw new Error('the runbook has no journey called order');
  const rules = { red: { need: 3, of: 5, over_s: 40 }, green: { need: 3, of: 5, over_s: 40 } };
  const check = { ...order, timeout_s: 40, ...(counted ? { expect: { failing: '<= 10 %', of: 20 } } : {}) };
  const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['order'], ...rules } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SHOP_URL: url });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
function sample(counted: boolean, which: 'red' | 'green', before: Sample[] = []) {
  let time = 1_000_000;
  const clock: Clock = {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
    },
  };
  return samplePlan({ plan: plan(counted), which, before, browser: { chromiumPath }, clock });
}

test('every fourth order is lost: one journey a look sees nothing, twenty see it, and that it is mended', async () => {
  [orders, every] = [0, 4];
  expect((await sample(false, 'red')).verdict).toBe('absent');
  [orders, every] = [0, 4];
  const red = await sample(true, 'red');
  expect([red.verdict, red.samples[0]?.counts]).toEqual(['red', { failing: 5, of: 20 }]);
  every = 0;
  const green = await sample(true, 'green', red.samples);
  expect([green.verdict, green.samples[0]?.counts]).toEqual(['confirmed', { failing: 0, of: 20 }]);
});
