// What goes over the wire to a Lightpanda and what does not, with a server in its place.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { oneWorld } from './one-world.ts';

test('a world beside the page is never asked for, and comes up as the page’s own', async () => {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    const created = (isDefault: boolean) =>
      JSON.stringify({
        method: 'Runtime.executionContextCreated',
        sessionId: 'S',
        params: { context: { id: 7, name: '', auxData: { isDefault, frameId: 'F' } } },
      });
    // Each message that comes is shown by its first context and answered by its length.
    socket.on('data', (data) => {
      for (const text of [created(true), created(false), `{"id":${data.length > 6 ? 9 : 0}}`])
        socket.write(
          Buffer.concat([Buffer.from([0x81, 126, text.length >> 8, text.length & 255]), Buffer.from(text)]),
        );
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const heard: Record<string, unknown>[] = [];
  const wire = await oneWorld(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    await new Promise<void>((done) => {
      wire.onmessage = (text) => {
        const said = JSON.parse(text);
        heard.push(said);
        if (said.id === 9) done();
      };
      wire.send(
        '{"id":1,"method":"Page.addScriptToEvaluateOnNewDocument","sessionId":"S","params":{"worldName":"apart"}}',
      );
      wire.send(
        '{"id":2,"method":"Page.createIsolatedWorld","sessionId":"S","params":{"worldName":"apart"}}',
      );
      wire.send(
        '{"id":3,"method":"Page.addScriptToEvaluateOnNewDocument","sessionId":"S","params":{"source":"1"}}',
      );
    });
  } finally {
    wire.close();
    server.close();
    server.closeAllConnections();
  }
  const context = (isDefault: boolean, name: string, more: object = {}) => ({
    method: 'Runtime.executionContextCreated',
    sessionId: 'S',
    params: { context: { id: 7, name, auxData: { isDefault, frameId: 'F', ...more } } },
  });
  expect(heard.toSorted((a, b) => Number('method' in a) - Number('method' in b))).toEqual([
    { id: 1, sessionId: 'S', result: { identifier: 'apart' } },
    { id: 2, sessionId: 'S', result: { executionContextId: 0 } },
    { id: 9 },
    context(true, ''),
    context(false, 'apart', { type: 'isolated' }),
    context(false, ''),
  ]);
});
