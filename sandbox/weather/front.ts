// A proxy before the app, as companies have them: who calls the app by its public address comes through here. It must never
// change what passes, beyond what the weather says.
import { Hono } from 'hono';
import { type Door, type Listening, listen } from '../listen.ts';

const PATIENCE_MS = 60_000;
const HOP = ['connection', 'transfer-encoding', 'content-length', 'content-encoding', 'keep-alive'];

/** `app` may be unknown yet when the first caller knows the address. */
export function startFront(app: () => string, door: Door): Promise<Listening> {
  const site = new Hono();
  site.all('*', async ({ req: { raw } }) => {
    const { pathname, search } = new URL(raw.url);
    const reads = raw.method === 'GET' || raw.method === 'HEAD';
    const headers = new Headers(raw.headers);
    for (const name of ['host', 'accept-encoding', ...HOP]) headers.delete(name);
    const answer = await fetch(`${app()}${pathname}${search}`, {
      ...{ method: raw.method, headers, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) },
      ...(reads ? {} : { body: await raw.arrayBuffer() }),
    }).catch(() => new Response('Bad Gateway\n', { status: 502 }));
    const kept = [...answer.headers].filter(([name]) => !HOP.includes(name));
    return new Response(await answer.arrayBuffer(), { status: answer.status, headers: kept });
  });
  return listen(site, door);
}
