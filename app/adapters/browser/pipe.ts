// Talks CDP with a browser over two pipes, message by message, each ended by a zero byte.
// It must never let a pipe that breaks end this process: a browser dies whenever it likes, also with half a message written.

import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer-core';

/**
 * puppeteer has one of its own, which stops to listen to its pipes when it is closed. What breaks after that, or before the launch
 * is done, is an error event that nobody hears, and that ends Node.
 */
export function overPipes(input: Writable, output: Readable): ConnectionTransport & { end(): void } {
  const waiting: Buffer[] = [];
  let open = true;
  const transport: ConnectionTransport & { end(): void } = {
    send: (message) => {
      if (open) input.write(`${message}\0`);
    },
    close: () => {
      open = false;
    },
    /** Tells whoever listens that nothing will come any more. */
    end: () => {
      if (!open) return;
      open = false;
      transport.onclose?.();
    },
  };
  const told = (message: string) => {
    if (!open) return;
    // What it returns is a promise, whatever its type says. A message cut short by a death is no error of ours.
    void Promise.resolve(transport.onmessage?.(message) as unknown).catch(() => {});
  };
  output.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      const message = Buffer.concat([...waiting.splice(0), rest.subarray(0, end)]).toString();
      rest = rest.subarray(end + 1);
      // Each in a turn of its own: what waits for one message may want to listen before the next.
      setImmediate(told, message);
    }
    if (rest.length > 0) waiting.push(rest);
  });
  for (const pipe of [input, output]) {
    // After the messages that came before it: the last of them may tell why.
    for (const event of ['error', 'close']) pipe.on(event, () => setImmediate(transport.end));
  }
  return transport;
}
