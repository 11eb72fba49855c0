// The demo shop, which can really be broken and healed: one port for customers, one for those who run it. It must never be
// healthy or broken by decree: the admin port changes the cache, the workers and the flags, and checkout lives with them.
import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { type Cart, checkout, type Flags } from './checkout.ts';
import { type LoggedLine, openJournal } from './journal.ts';
import * as pages from './pages.ts';
import { openPriceCache, productOf, products } from './prices.ts';
import { openPool, type Pool } from './workers.ts';

type State = {
  orders: number;
  cache: Record<string, string>;
  pool: ReturnType<Pool['state']>;
  flags: Record<string, boolean>;
};
/** `url` is for customers, `admin` for those who run the shop. */
export type Shop = {
  url: string;
  admin: string;
  state(): State;
  journal(): readonly LoggedLine[];
  close(): Promise<void>;
};

const Line = z.object({ id: z.string(), quantity: z.coerce.number().int().min(1).max(99).default(1) });
const Customer = z.object({ name: z.string().trim().min(1).max(100), email: z.email() });
const Order = Customer.extend({ items: z.array(Line).min(1).max(50) });
const Saved = z.array(Line).catch([]);
const cartOf = (c: Context): Cart => {
  try {
    return Saved.parse(JSON.parse(getCookie(c, 'cart') ?? '[]'));
  } catch {
    return [];
  }
};

export async function startShop(): Promise<Shop> {
  const cache = openPriceCache();
  const pool = openPool();
  const flags: Flags = new Map([['new-pricing', false]]);
  let orders = 0;
  const numbers = () => {
    orders += 1;
    return `VS-${String(orders).padStart(5, '0')}`;
  };
  const parts = { cache, pool, flags, numbers };
  const journal = openJournal();
  const buy = async (items: Cart, name: string) => {
    const outcome = await checkout(items, name, parts);
    if (outcome.ok)
      journal.note('info', `order ${outcome.order.number} taken, total ${outcome.order.total} cents`);
    else journal.note('error', `checkout answered ${outcome.status}: ${outcome.reason}`);
    return outcome;
  };
  const state = (): State => ({
    orders,
    cache: Object.fromEntries(cache.entries),
    pool: pool.state(),
    flags: Object.fromEntries(flags),
  });

  const front = new Hono();
  front.get('/', (c) => c.html(pages.home()));
  front.get('/products/:id', (c) => {
    const found = productOf(c.req.param('id'));
    return found ? c.html(pages.product(found)) : c.notFound();
  });
  front.get('/cart', (c) => c.html(pages.cart(cartOf(c))));
  front.post('/cart', async (c) => {
    const line = Line.safeParse(await c.req.parseBody());
    if (!line.success || !productOf(line.data.id)) return c.text('no such product', 400);
    setCookie(c, 'cart', JSON.stringify([...cartOf(c), line.data].slice(-20)), {
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    });
    return c.redirect('/cart', 303);
  });
  front.post('/checkout', async (c) => {
    const customer = Customer.safeParse(await c.req.parseBody());
    if (!customer.success) return c.html(pages.cart(cartOf(c)), 400);
    const outcome = await buy(cartOf(c), customer.data.name);
    if (!outcome.ok) return c.html(pages.sorry(), outcome.status);
    setCookie(c, 'cart', '[]', { path: '/' });
    return c.html(pages.thanks(outcome.order));
  });
  front.notFound((c) => c.html(pages.nothing(), 404));
  front.get('/health', (c) => c.json({ status: 'ok' }));
  front.get('/api/products', (c) => c.json(products));
  front.get('/api/price/:id', (c) => {
    const found = productOf(c.req.param('id'));
    return found
      ? c.json({ id: found.id, cents: cache.cents(found) })
      : c.json({ error: 'no such product' }, 404);
  });
  front.post('/api/checkout', async (c) => {
    const order = Order.safeParse(await c.req.json().catch(() => undefined));
    if (!order.success) return c.json({ error: 'name, email and items are wanted' }, 400);
    const outcome = await buy(order.data.items, order.data.name);
    return outcome.ok
      ? c.json({ order: outcome.order.number, total: outcome.order.total }, 201)
      : c.json({ error: outcome.reason }, outcome.status);
  });

  const back = new Hono();
  const act = (path: string, effect: () => void) =>
    back.post(path, (c) => {
      effect();
      return c.json(state());
    });
  act('/break/cache', cache.poison);
  act('/break/workers', pool.exhaust);
  act('/break/flag', () => flags.set('new-pricing', true));
  act('/cache/purge', cache.purge);
  act('/workers/restart', pool.restart);
  back.get('/flags', (c) => c.json(Object.fromEntries(flags)));
  back.on(['PUT', 'POST'], '/flags/:name/:state{on|off}', (c) => {
    const { name, state: wanted } = c.req.param();
    if (!flags.has(name)) return c.json({ error: 'no such flag' }, 404);
    flags.set(name, wanted === 'on');
    return c.json(Object.fromEntries(flags));
  });
  back.get('/state', (c) => c.json(state()));

  const [customers, operators] = await Promise.all([listen(front), listen(back)]);
  return {
    url: customers.url,
    admin: operators.url,
    state,
    journal: journal.lines,
    close: async () => void (await Promise.all([customers.close(), operators.close()])),
  };
}
