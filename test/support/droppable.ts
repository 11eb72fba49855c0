// A way to a server that can be cut: all connections that lead through it end at once, and the next ones go through.
// It must never change a byte of what it passes on.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Droppable = { readonly endpoint: string; dropAll(): void; close(): Promise<void> };

/** Leads to the same path of a `ws://` address. */
export async function droppable(to: string): Promise<Droppable> {
  const target = new URL(to);
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const there = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [from, there],
      [there, from],
    ] as const) {
      open.add(one);
      one.on('error', () => {});
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dropAll = () => {
    for (const one of open) one.destroy();
  };
  return {
    endpoint: `ws://127.0.0.1:${port}${target.pathname}`,
    dropAll,
    close: async () => {
      dropAll();
      await new Promise((done) => server.close(done));
    },
  };
}
