// Stands between the app and the outside, one address for each vendor, sees every write on its way, and can end the app at one
// of them. It must never change what passes, and never count a read as a write, whatever its method.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Urls } from '../support/quick-world.ts';

export const moments = ['before', 'unanswered', 'answered'] as const;
/** Killed when the write arrived and was not carried out; when it was and nobody answered; right after the answer. */
export type Moment = (typeof moments)[number];
export type Plan = { at: number; moment: Moment };
export type Gate = {
  urls: Urls;
  /** Begins to count anew; the write number `plan.at` (from 0) ends the app by `kill`. */
  watch(plan: Plan | null, kill: () => Promise<void>): void;
  /** Names of the writes since `watch`, in order. */
  writes(): readonly string[];
  close(): Promise<void>;
};

const HOP =
  /^(host|connection|keep-alive|content-length|transfer-encoding|accept-encoding|content-encoding)$/;

export async function openGate(outside: Urls): Promise<Gate> {
  let writes: string[] = [];
  let plan: Plan | null = null;
  let kill: () => Promise<void> = async () => undefined;
  const pass = async (vendor: keyof Urls, request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', url = '/' } = request;
    const sent = await buffer(request);
    const name = nameOf(vendor, method, url);
    const number = name === null ? -1 : writes.push(name) - 1;
    const moment = number >= 0 && plan?.at === number ? plan.moment : null;
    const hangUp = async () => {
      await kill();
      response.destroy();
    };
    if (moment === 'before') return hangUp();
    const headers = Object.entries(request.headers).flatMap(([key, value]): [string, string][] =>
      (HOP.test(key) && key !== 'content-encoding') || value === undefined || key === 'expect'
        ? []
        : [[key, String(value)]],
    );
    const answer = await fetch(`${outside[vendor]}${url}`, {
      ...{ method, headers, redirect: 'manual', signal: AbortSignal.timeout(60_000) },
      ...(method === 'GET' || method === 'HEAD' ? {} : { body: Uint8Array.from(sent) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (moment === 'unanswered') return hangUp();
    response.writeHead(answer.status, [...answer.headers].filter(([key]) => !HOP.test(key)).flat());
    response.end(bytes, () => void (moment === 'answered' && kill()));
  };
  const doors = await Promise.all(
    (['github', 'pagerduty', 'slack'] as const).map(async (vendor) => {
      const server = createServer((request, response) => {
        pass(vendor, request, response).catch(() => response.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { vendor, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    }),
  );
  const urlOf = (vendor: keyof Urls): string => doors.find((door) => door.vendor === vendor)?.url ?? '';
  return {
    urls: { github: urlOf('github'), pagerduty: urlOf('pagerduty'), slack: urlOf('slack') },
    watch(next, end) {
      [writes, plan, kill] = [[], next, end];
    },
    writes: () => writes,
    async close() {
      for (const { server } of doors) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** The write's name without what differs from incident to incident; null for what only reads or asks for a token. */
function nameOf(vendor: keyof Urls, method: string, url: string): string | null {
  const path = url.split('?')[0] ?? '';
  if (method === 'GET' || method === 'HEAD') return null;
  if (/\/git-upload-pack$|\/access_tokens$|\/api\/(conversations\.history|auth\.test)$/.test(path))
    return null;
  if (path.endsWith('/git-receive-pack')) return 'git push';
  const plain = path
    .replace(/^\/api\/v3\/repos\/[^/]+\/[^/]+/, '')
    .replace(/\/(\d+|[0-9A-Z]{14})(?=\/|$)/g, '/*');
  return `${vendor} ${method} ${plain}`;
}
