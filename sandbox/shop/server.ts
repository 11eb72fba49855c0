// The demo shop, which can really be broken and healed: one port for customers, one for those who run it. It must never be
// healthy or broken by decree: the admin port changes the cache, the workers and the flags, and checkout lives with them.
import { Hono } from 'hono';
import { listen } from '../listen.ts';
import { openAssets } from './assets.ts';
import { type Cart, checkout, type Flags } from './checkout.ts';
import { openCustomers } from './customers.ts';
import { type LoggedLine, openJournal } from './journal.ts';
import { openPriceCache } from './prices.ts';
import { openSessions } from './sessions.ts';
import { openPool, type Pool } from './workers.ts';

type State = {
  orders: number;
  /** How many customers signed in at their cart since one of them ordered. */
  waiting: number;
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

export async function startShop(): Promise<Shop> {
  const cache = openPriceCache();
  const pool = openPool();
  // Whoever made the asset host forgot that the shop's own policy lets browsers load scripts from the shop alone.
  const flags: Flags = new Map([
    ['new-pricing', false],
    ['asset-host', false],
  ]);
  const sessions = openSessions();
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
    waiting: sessions.waiting(),
    cache: Object.fromEntries(cache.entries),
    pool: pool.state(),
    flags: Object.fromEntries(flags),
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
  act('/break/release', () => flags.set('asset-host', true));
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

  const [assets, operators] = await Promise.all([listen(openAssets()), listen(back)]);
  const front = openCustomers({ cache, flags, journal, sessions, assetHost: assets.url, buy });
  const customers = await listen(front);
  return {
    url: customers.url,
    admin: operators.url,
    state,
    journal: journal.lines,
    close: async () => void (await Promise.all([customers, operators, assets].map((one) => one.close()))),
  };
}
