// The demo shop behind a careless front: what customers, operators and the log see of it is full of text that nobody should
// pass on, and an operators' address can be made to answer never. It must never change what the shop does.
import { Hono } from 'hono';
import { listen } from '../../sandbox/listen.ts';
import { type Shop, startShop } from '../../sandbox/shop/server.ts';

export type LeakyShop = Shop & {
  /** What operators, and scripts in their name, asked to be changed: method and path, oldest first. */
  asked: string[];
  /** From now on this path takes effect and never answers; resolves when the first one waits there. */
  stall(path: string): Promise<void>;
};

/** `spill` goes into every answer about flags and into the log line of a customer; a failed order leads to `address`. */
export async function startLeakyShop({
  spill,
  address,
}: {
  spill: string;
  address: string;
}): Promise<LeakyShop> {
  const shop = await startShop();
  const closing = Promise.withResolvers<void>();
  const opened = new Date().toISOString();
  const asked: string[] = [];
  const stalled = new Map<string, () => void>();
  const pass = async (base: string, request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const body = request.method === 'GET' ? null : await request.arrayBuffer();
    const [cookie, type] = [request.headers.get('cookie'), request.headers.get('content-type')];
    const headers = { ...(cookie ? { cookie } : {}), ...(type ? { 'content-type': type } : {}) };
    return fetch(`${base}${pathname}${search}`, {
      ...{ method: request.method, body, headers, redirect: 'manual', signal: AbortSignal.timeout(15_000) },
    });
  };
  const copy = async (answer: Response, more = ''): Promise<Response> => {
    const kept = [...answer.headers].filter(([name]) =>
      /^(content-type|location|set-cookie|content-security-policy)$/.test(name),
    );
    return new Response((await answer.text()) + more, { status: answer.status, headers: kept });
  };

  const front = new Hono();
  front.get('/sorry/*', (c) => c.html('<p id="error">We could not take your order.</p>', 500));
  front.all('*', async (c) => {
    const answer = await pass(shop.url, c.req.raw);
    const failed = c.req.path === '/api/checkout' && answer.status >= 500;
    return failed ? c.redirect(`/sorry/${address}`, 303) : copy(answer);
  });
  const back = new Hono();
  back.all('*', async (c) => {
    const { method, path } = c.req;
    if (method !== 'GET') asked.push(`${method} ${path}`);
    const answer = await pass(shop.admin, c.req.raw).then((plain) =>
      copy(plain, path.startsWith('/flags') ? `\n${spill}\n` : ''),
    );
    const waits = stalled.get(path);
    if (waits) {
      waits();
      await closing.promise;
    }
    return answer;
  });
  const [customers, operators] = await Promise.all([listen(front), listen(back)]);
  return {
    ...shop,
    url: customers.url,
    admin: operators.url,
    journal: () => [
      { at: opened, status: 'error', message: `order refused: ${spill.replaceAll('\n', ' ')}` },
      ...shop.journal(),
    ],
    asked,
    stall: (path) => new Promise<void>((resolve) => void stalled.set(path, resolve)),
    async close() {
      closing.resolve();
      await Promise.all([customers.close(), operators.close(), shop.close()]);
    },
  };
}
