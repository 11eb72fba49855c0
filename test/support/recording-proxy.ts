// Stands between the app and its vendors: passes everything on, keeps what the app sent, and can answer in a vendor's place.
// It must never change a request or an answer that no trouble was asked for.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Sent = { to: string; method: string; path: string; body: string };
/** `done`: it is passed on all the same, and only the answer is another one. */
export type Trouble = (
  sent: Sent,
) => { status: number; body: string; headers?: Record<string, string>; done?: true } | null;
export type RecordingProxy<Name extends string> = {
  urls: Record<Name, string>;
  /** Everything the app sent, oldest first. */
  sent: Sent[];
  /** From now on; null: none. */
  trouble(next: Trouble | null): void;
  close(): Promise<void>;
};

const own = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'content-length',
  'keep-alive',
  'accept-encoding',
]);

export async function recordingProxy<Name extends string>(
  targets: Record<Name, string>,
): Promise<RecordingProxy<Name>> {
  const sent: Sent[] = [];
  let trouble: Trouble | null = null;
  const serve =
    (to: string, target: string) => async (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      const { method = 'GET', url: path = '/' } = request;
      const one: Sent = { to, method, path, body: body.toString('utf8') };
      sent.push(one);
      const instead = trouble?.(one);
      const refuse = (): void => {
        const type = { 'content-type': 'application/json' };
        response.writeHead(instead?.status ?? 0, { ...type, ...instead?.headers }).end(instead?.body);
      };
      if (instead && !instead.done) return refuse();
      const headers = Object.entries(request.headers).filter(([name]) => !own.has(name));
      const answer = await fetch(`${target}${path}`, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
        ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
        redirect: 'manual',
        signal: AbortSignal.timeout(20_000),
      });
      if (instead) return refuse();
      const kept = [...answer.headers].filter(([name]) => !own.has(name) && name !== 'content-encoding');
      response.writeHead(answer.status, Object.fromEntries(kept));
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
  const servers = await Promise.all(
    (Object.entries(targets) as [Name, string][]).map(async ([name, target]) => {
      const handle = serve(name, target);
      const server = createServer((request, response) => {
        handle(request, response).catch(() => response.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { name, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    }),
  );
  return {
    urls: Object.fromEntries(servers.map(({ name, url }) => [name, url])) as Record<Name, string>,
    sent,
    trouble: (next) => {
      trouble = next;
    },
    close: async () => {
      await Promise.all(
        servers.map(
          ({ server }) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
}
