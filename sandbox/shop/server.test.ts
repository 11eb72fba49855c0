import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { routingKey } from '../pagerduty/events.ts';
import { startPagerDuty } from '../pagerduty/server.ts';
import { startMonitor, watchCustomers } from './monitor.ts';
import { type Shop, startShop } from './server.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await startShop();
});
afterEach(() => shop.close());

const admin = (path: string, method = 'POST') => fetch(shop.admin + path, { method });
const buy = async (quantity = 1) => {
  const body = JSON.stringify({ name: 'Ann', email: 'ann@example.com', items: [{ id: 'mug', quantity }] });
  const answer = await fetch(`${shop.url}/api/checkout`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
};
const browse = async () =>
  Promise.all(
    ['/', '/products/mug', '/cart', '/health'].map(async (path) => (await fetch(shop.url + path)).status),
  );

/** What the pages' own script does for a customer: a cookie jar of one, a mug in the cart, a name, an order. */
const customer = async (name = 'Ann') => {
  let cookie = '';
  const send = async (path: string, fields: object) => {
    const init = { method: 'POST', headers: { cookie }, body: JSON.stringify(fields) };
    const answer = await fetch(`${shop.url}/api${path}`, init);
    const given = answer.headers.get('set-cookie');
    if (given) cookie = given.split(';')[0] ?? '';
    return { status: answer.status, given, said: await answer.json() };
  };
  const added = await send('/cart', { id: 'mug', quantity: 2 });
  const anonymous = await send('/checkout', {});
  const signed = await send('/session', { name, email: 'ann@example.com' });
  return { added, anonymous, signed, ordered: await send('/checkout', {}) };
};

it('sells a mug to a customer who signs in, by a cookie that scripts cannot read', async () => {
  const { added, anonymous, signed, ordered } = await customer('<b>Ann</b>');
  expect(added.given).toMatch(/^session=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
  expect(anonymous).toMatchObject({ status: 401, given: null });
  expect(signed).toMatchObject({
    status: 201,
    given: null,
    said: {
      lines: [{ name: 'Night shift mug', quantity: 2 }],
      customer: '<b>Ann</b>',
      checkout: '/assets/checkout.js',
    },
  });
  expect(ordered).toMatchObject({
    status: 201,
    said: { order: 'VS-00001', total: 2580, name: '<b>Ann</b>' },
  });
  expect(shop.state()).toMatchObject({ orders: 1, waiting: 0 });
});

it('lets a browser load its own files alone, and serves each as what it is', async () => {
  const page = await fetch(`${shop.url}/products/mug`);
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /api/reports",
  );
  const text = await page.text();
  expect(text).toContain('This is a stand-in for a production web shop');
  expect(text).not.toMatch(/<style|style=|<script(?![^>]* src=)/);
  const types = ['app.js', 'checkout.js', 'preact.js', 'shop.css'].map(async (name) =>
    (await fetch(`${shop.url}/assets/${name}`)).headers.get('content-type'),
  );
  const script = 'text/javascript; charset=utf-8';
  expect(await Promise.all(types)).toEqual([script, script, script, 'text/css; charset=utf-8']);
  expect((await fetch(`${shop.url}/assets/server.ts`)).status).toBe(404);
});

it('answers its API', async () => {
  expect(await (await fetch(`${shop.url}/api/products`)).json()).toHaveLength(3);
  expect(await (await fetch(`${shop.url}/api/price/mug`)).json()).toEqual({ id: 'mug', cents: 1290 });
  expect(await buy()).toEqual({ status: 201, body: { order: 'VS-00001', total: 1290, name: 'Ann' } });
  expect(await (await admin('/state', 'GET')).json()).toMatchObject({
    orders: 1,
    cache: { mug: '1290' },
    pool: { busy: 0 },
    flags: { 'new-pricing': false, 'asset-host': false },
  });
  expect((await fetch(`${shop.url}/api/checkout`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(`${shop.url}/break/cache`, { method: 'POST' })).status).toBe(404);
});

describe('it can be broken, while browsing goes on, and be healed', () => {
  it('by a poisoned price cache and a purge', async () => {
    await admin('/break/cache');
    expect(await buy()).toEqual({
      status: 500,
      body: { error: 'the total of the order is NaN: a cached price is not a number' },
    });
    expect(await (await fetch(`${shop.url}/api/price/mug`)).json()).toEqual({ id: 'mug', cents: null });
    expect((await customer()).ordered.status).toBe(500);
    await admin('/workers/restart');
    expect((await buy()).status).toBe(500);
    expect(await browse()).toEqual([200, 200, 200, 200]);
    await admin('/cache/purge');
    expect((await buy()).status).toBe(201);
  });

  it('by jobs that hold every worker and a restart', async () => {
    await admin('/break/workers');
    const refused = await buy();
    expect(refused).toEqual({
      status: 503,
      body: { error: 'no order worker became free within 400 ms (2 of 2 busy)' },
    });
    expect(await browse()).toEqual([200, 200, 200, 200]);
    expect(shop.state().pool).toEqual({ workers: 2, busy: 2, queued: 0, stuck: 2 });
    const waiting = buy();
    await vi.waitFor(() => expect(shop.state().pool.queued).toBe(1));
    await admin('/workers/restart');
    expect((await waiting).status).toBe(201);
    expect((await buy()).status).toBe(201);
    expect(shop.state().pool).toEqual({ workers: 2, busy: 0, queued: 0, stuck: 0 });
  });

  it('by a flag for pricing that was not finished, and switching it off', async () => {
    await admin('/break/flag');
    expect(await (await admin('/flags', 'GET')).json()).toEqual({
      'new-pricing': true,
      'asset-host': false,
    });
    expect(await buy()).toEqual({ status: 500, body: { error: 'new-pricing has no tier for quantity 1' } });
    expect((await buy(2)).status).toBe(201);
    expect((await admin('/flags/new-pricing/off', 'PUT')).status).toBe(200);
    expect((await buy()).status).toBe(201);
    expect((await admin('/flags/other/off')).status).toBe(404);
  });
});

it('pages when checkout fails three times in a row, and takes it back when it works again', async () => {
  const pagerduty = await startPagerDuty({
    apiKey: 'k',
    from: ['a@example.com'],
    service: [{ id: 'PSHOP01', name: 'Shop' }],
  });
  const where = {
    shopUrl: shop.url,
    events: pagerduty.events,
    routingKey: routingKey('PSHOP01'),
    everyMs: 10,
  };
  const monitor = startMonitor(where);
  const statuses = (...wanted: string[]) =>
    vi.waitFor(() => expect(pagerduty.incidents().map(({ status }) => status)).toEqual(wanted), {
      timeout: 3_000,
      interval: 10,
    });
  try {
    await vi.waitFor(() => expect(shop.state().orders).toBeGreaterThan(3));
    expect(pagerduty.incidents()).toEqual([]);
    await admin('/break/cache');
    await statuses('triggered');
    expect(pagerduty.incidents()[0]).toMatchObject({
      title: 'Checkout error rate is high on shop',
      alerts: [
        {
          details: {
            endpoint: 'POST /api/checkout',
            status: 500,
            failures_in_a_row: 3,
            error: expect.stringContaining('NaN'),
          },
        },
      ],
    });
    await admin('/cache/purge');
    await statuses('resolved');
    await admin('/break/flag');
    await statuses('resolved', 'triggered');
  } finally {
    await monitor.stop();
    await pagerduty.close();
  }
});

it('pages when three customers sign in and none orders, though partners do, and takes it back with the next order', async () => {
  const pagerduty = await startPagerDuty({
    apiKey: 'k',
    from: ['a@example.com'],
    service: [{ id: 'PSHOP01', name: 'Shop' }],
  });
  const where = {
    shopUrl: shop.url,
    events: pagerduty.events,
    routingKey: routingKey('PSHOP01'),
    everyMs: 10,
  };
  const monitor = watchCustomers(where, () => shop.state().waiting);
  try {
    await admin('/break/cache');
    for (const name of ['Ada', 'Bo', 'Cleo']) await customer(name);
    await admin('/cache/purge');
    await vi.waitFor(() => expect(monitor.alerting()).toBe(true), 3_000);
    expect(pagerduty.incidents()[0]).toMatchObject({
      title: 'Customers fill their carts and nobody buys',
      alerts: [{ details: { service: 'shop', carts_waiting: 3, orders_since: 0 } }],
    });
    expect((await buy()).status).toBe(201);
    expect(shop.state().waiting).toBe(3);
    await customer('Dora');
    await vi.waitFor(() => expect(monitor.alerting()).toBe(false), 3_000);
    expect(pagerduty.incidents().map(({ status }) => status)).toEqual(['resolved']);
  } finally {
    await monitor.stop();
    await pagerduty.close();
  }
});
