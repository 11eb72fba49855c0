// The port for customers: pages, their files, and the API that both the pages and partners use. It must never say what went wrong
// on a page, and never load anything that the policy does not allow.
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { openAssets, POLICY } from './assets.ts';
import type { Cart, Flags, Outcome } from './checkout.ts';
import type { Journal } from './journal.ts';
import { nothing, shopPage, sorry } from './pages.ts';
import { type PriceCache, productOf, products } from './prices.ts';
import type { Sessions, Visit } from './sessions.ts';

type Parts = {
  cache: PriceCache;
  flags: Flags;
  journal: Journal;
  sessions: Sessions;
  /** Where the files of the newest release lie. */
  assetHost: string;
  buy(items: Cart, name: string): Promise<Outcome>;
};

const Line = z.object({ id: z.string(), quantity: z.coerce.number().int().min(1).max(99).default(1) });
const Customer = z.object({ name: z.string().trim().min(1).max(100), email: z.email() });
const Partner = Customer.extend({ items: z.array(Line).min(1).max(50) });
const Report = z.object({ 'csp-report': z.object({ 'blocked-uri': z.string().max(300) }) });
const bodyOf = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);

export function openCustomers({ cache, flags, journal, sessions, assetHost, buy }: Parts): Hono {
  const seenBy = ({ cart, customer }: Visit) => ({
    lines: cart.map(({ id, quantity }) => ({ name: productOf(id)?.name, quantity })),
    customer,
    checkout: `${flags.get('asset-host') ? assetHost : ''}/assets/checkout.js`,
  });
  const front = new Hono();
  front.use(async (c, next) => {
    await next();
    c.header('content-security-policy', POLICY);
  });
  front.route('/', openAssets());
  front.get('/', (c) => c.html(shopPage('Vigil Shop')));
  front.get('/products/:id', (c) => {
    const found = productOf(c.req.param('id'));
    return found ? c.html(shopPage(found.name)) : c.notFound();
  });
  front.get('/cart', (c) => c.html(shopPage('Cart')));
  front.get('/sorry', (c) => c.html(sorry(), 500));
  front.notFound((c) => c.html(nothing(), 404));
  front.get('/health', (c) => c.json({ status: 'ok' }));
  front.get('/api/products', (c) => c.json(products));
  front.get('/api/price/:id', (c) => {
    const found = productOf(c.req.param('id'));
    return found
      ? c.json({ id: found.id, cents: cache.cents(found) })
      : c.json({ error: 'no such product' }, 404);
  });
  front.get('/api/cart', (c) => c.json(seenBy(sessions.of(c))));
  front.post('/api/cart', async (c) => {
    const line = Line.safeParse(await bodyOf(c));
    if (!line.success || !productOf(line.data.id)) return c.json({ error: 'no such product' }, 400);
    const visit = sessions.begun(c);
    visit.cart = [...visit.cart, line.data].slice(-20);
    return c.json(seenBy(visit), 201);
  });
  front.post('/api/session', async (c) => {
    const customer = Customer.safeParse(await bodyOf(c));
    if (!customer.success) return c.json({ error: 'name and email are wanted' }, 400);
    const visit = sessions.begun(c);
    sessions.signIn(visit, customer.data.name);
    return c.json(seenBy(visit), 201);
  });
  // A customer orders the cart of the session. A partner has none, and says who orders what.
  front.post('/api/checkout', async (c) => {
    const partner = Partner.safeParse(await bodyOf(c));
    const visit = sessions.of(c);
    const name = partner.success ? partner.data.name : visit.customer;
    if (name === null) return c.json({ error: 'sign in, or send name, email and items' }, 401);
    const outcome = await buy(partner.success ? partner.data.items : visit.cart, name);
    if (!outcome.ok) return c.json({ error: outcome.reason }, outcome.status);
    if (!partner.success) sessions.ordered(visit);
    return c.json({ order: outcome.order.number, total: outcome.order.total, name }, 201);
  });
  // What browsers tell by themselves: https://www.w3.org/TR/CSP3/#deprecated-serialize-violation
  front.post('/api/reports', async (c) => {
    const report = Report.safeParse(await bodyOf(c));
    if (report.success)
      journal.note(
        'warn',
        `a customer's browser refused to load ${report.data['csp-report']['blocked-uri']}`,
      );
    return c.body(null, 204);
  });
  return front;
}
