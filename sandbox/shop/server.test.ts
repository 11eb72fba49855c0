import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { routingKey } from '../pagerduty/events.ts';
import { startPagerDuty } from '../pagerduty/server.ts';
import { startMonitor } from './monitor.ts';
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

/** A customer with a cookie jar of one, who puts a mug into the cart and orders it. */
const customer = async (name = 'Ann') => {
  const send = (path: string, fields: Record<string, string>, cookie = '') =>
    fetch(shop.url + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      headers: { cookie },
    });
  const added = await send('/cart', { id: 'mug', quantity: '2' });
  const cookie = added.headers.get('set-cookie')?.split(';')[0] ?? '';
  const cart = await (await fetch(`${shop.url}/cart`, { headers: { cookie } })).text();
  const answer = await send('/checkout', { name, email: 'ann@example.com' }, cookie);
  return { cart, status: answer.status, page: await answer.text() };
};

it('sells a mug to a customer who uses the forms', async () => {
  expect(await (await fetch(shop.url)).text()).toContain('Night shift mug');
  const { cart, status, page } = await customer('<b>Ann</b>');
  expect(cart).toContain('2 × Night shift mug');
  expect(status).toBe(200);
  expect(page).toContain(
    'Thank you, &lt;b&gt;Ann&lt;/b&gt;. Your order number is <strong id="order">VS-00001</strong>, you pay 25.80 €',
  );
  expect(shop.state().orders).toBe(1);
});

it('answers its API', async () => {
  expect(await (await fetch(`${shop.url}/api/products`)).json()).toHaveLength(3);
  expect(await (await fetch(`${shop.url}/api/price/mug`)).json()).toEqual({ id: 'mug', cents: 1290 });
  expect(await buy()).toEqual({ status: 201, body: { order: 'VS-00001', total: 1290 } });
  expect(await (await admin('/state', 'GET')).json()).toMatchObject({
    orders: 1,
    cache: { mug: '1290' },
    pool: { busy: 0 },
    flags: { 'new-pricing': false },
  });
  expect((await fetch(`${shop.url}/api/checkout`, { method: 'POST', body: '{}' })).status).toBe(400);
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
    expect(await customer()).toMatchObject({
      status: 500,
      page: expect.stringContaining('could not take your order'),
    });
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
    expect(await (await admin('/flags', 'GET')).json()).toEqual({ 'new-pricing': true });
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
  const monitor = startMonitor({
    shopUrl: shop.url,
    events: pagerduty.events,
    routingKey: routingKey('PSHOP01'),
    everyMs: 10,
  });
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
