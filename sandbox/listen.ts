// Serves one Hono app on a free loopback port. Every stand-in starts through here, so that none of them can ever
// be reached from another machine.
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';

export type Listening = { url: string; close(): Promise<void> };
/** Stands between a request and who carries it out; `cut` ends the connection without an answer. */
export type Door = (
  request: Request,
  carryOut: (request: Request) => Promise<Response>,
  cut: () => Response,
) => Promise<Response>;

/** Starts the app on 127.0.0.1; `url` has no trailing slash. `close` drops open connections instead of waiting for them. */
export async function listen(app: Hono, door?: Door | null): Promise<Listening> {
  const through = (request: Request, env: object) => {
    const cut = (): Response => {
      (env as HttpBindings).incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    };
    return !door ? app.fetch(request, env) : door(request, async (one) => app.fetch(one, env), cut);
  };
  const server = createAdaptorServer({ fetch: through });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
