// Serves one construct on loopback, from two origins: its own and another. Must never outlive the look: what hangs ends with it.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fixed, Site } from './construct.ts';

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
  woff2: 'font/woff2',
};
const MOST_BODY = 100_000;

export type Served = { readonly url: string; readonly other: string; close(): Promise<void> };

export async function serve(site: Site): Promise<Served> {
  const ends = new AbortController();
  const origins = ['', ''];
  const say = (text: string) =>
    text.replaceAll('{{SELF}}', origins[0] ?? '').replaceAll('{{OTHER}}', origins[1] ?? '');
  const answer = async (request: IncomingMessage): Promise<[Exclude<Fixed, string>, string]> => {
    const url = new URL(request.url ?? '/', origins[0]);
    let body = '';
    for await (const chunk of request) if (body.length < MOST_BODY) body += String(chunk);
    const route = site[`${request.method} ${url.pathname}`] ?? site[url.pathname] ?? nothing(url.pathname);
    const fixed = typeof route === 'function' ? route({ url, body, headers: request.headers }) : route;
    const full = typeof fixed === 'string' ? { body: fixed } : fixed;
    if (full.late_ms !== undefined) await sleep(full.late_ms, undefined, { signal: ends.signal });
    return [full, url.pathname];
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [{ status = 200, headers = {}, body = '', how }, path] = await answer(request);
    if (how === 'hangs') return;
    if (how === 'reset') return void response.destroy();
    const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? ''] ?? 'text/html; charset=utf-8';
    const given = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? say(value) : value.map(say),
    ]);
    const sent: Record<string, string | string[]> = { 'content-type': type, ...Object.fromEntries(given) };
    const isPage = String(sent['content-type']).startsWith('text/html') && typeof body === 'string';
    const bytes = typeof body === 'string' ? Buffer.from(say(isPage ? asPage(body) : body)) : body;
    if (how === 'short') {
      response.writeHead(status, { ...sent, 'content-length': String(bytes.length + 1000) });
      return void response.write(bytes, () => response.destroy());
    }
    if (how === 'endless') {
      response.writeHead(status, sent);
      return void response.write(bytes);
    }
    if (status === 204) return void response.writeHead(status, headers).end();
    response.writeHead(status, { ...sent, 'content-length': String(bytes.length) }).end(bytes);
  };
  const servers = await Promise.all(
    origins.map(async (_, at) => {
      const server = createServer((request, response) => {
        respond(request, response).catch(() => response.destroy());
      });
      server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
        const route = site[request.url ?? ''];
        const { how = '', body = '' } = typeof route === 'object' ? route : {};
        if (how === 'socket') greet(request, socket, String(body));
        else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
        ends.signal.addEventListener('abort', () => socket.destroy());
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      origins[at] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return server;
    }),
  );
  const close = async (): Promise<void> => {
    ends.abort();
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  };
  return { url: origins[0] ?? '', other: origins[1] ?? '', close };
}

const nothing = (path: string): Fixed => ({
  status: path === '/favicon.ico' ? 204 : 404,
  headers: path === '/favicon.ico' ? {} : { 'content-type': 'text/plain' },
  body: 'Not found',
});

const asPage = (body: string): string =>
  body === '' || /^\s*<[!?]/.test(body) ? body : `<!doctype html><html lang="en"><title>Shop</title>${body}`;

/** Shakes hands as RFC 6455 wants it, and sends one short text. */
function greet(request: IncomingMessage, socket: Socket, text: string): void {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const head = `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`;
  socket.on('error', () => {});
  socket.write(head);
  socket.write(Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]));
}
