// Reaches a Lightpanda browser over CDP: one that runs somewhere, or one that is started here from its binary.
// It must never share a connection (one connection has one context with one page), never close a browser that is not ours,
// and never repeat an endpoint's address in a reason, because it may hold a token.

import { execFile, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import { environment, flags, versionOf } from './lightpanda-flags.ts';
import { whyNotReached, whyNotStarted } from './lightpanda-trouble.ts';
import { oneWorld } from './one-world.ts';
import { within } from './within.ts';

type Outcome<T> = ({ ok: true } & T) | { ok: false; reason: string };

/** Opens a new connection. End it with `disconnect()`, never with `close()`. */
export async function connectLightpanda(
  endpoint: string,
  timeoutMs = 10_000,
): Promise<Outcome<{ browser: Browser }>> {
  try {
    const connecting = literal(endpoint)
      .then(oneWorld)
      .then((transport) => puppeteer.connect({ transport, defaultViewport: null, protocolTimeout: 60_000 }));
    const browser = await within(timeoutMs, connecting).catch((error) => {
      connecting.then((late) => late.disconnect()).catch(() => {});
      throw error;
    });
    return { ok: true, browser };
  } catch (error) {
    return { ok: false, reason: `Lightpanda cannot be reached: ${whyNotReached(error)}` };
  }
}

// Lightpanda answers 403 to an upgrade when the Host is a name other than localhost. With TLS the certificate needs the name, and
// then the server that sees the Host is a proxy, not Lightpanda itself.
async function literal(endpoint: string): Promise<string> {
  const url = new URL(endpoint.replace(/^http/, 'ws'));
  const known = url.hostname === 'localhost' || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  if (url.protocol === 'ws:' && !known) {
    const { address, family } = await lookup(url.hostname);
    url.hostname = family === 6 ? `[${address}]` : address;
  }
  return url.href;
}

export type Lightpanda = {
  readonly endpoint: string;
  readonly pid: number;
  alive(): boolean;
  close(): Promise<void>;
};

/** Starts `lightpanda serve` on a free port of 127.0.0.1. `close` kills it. */
export async function startLightpanda(path: string): Promise<Outcome<{ lightpanda: Lightpanda }>> {
  const no = (reason: string) =>
    ({ ok: false, reason: `Lightpanda at ${path} cannot be used: ${reason}` }) as const;
  const asked = await promisify(execFile)(path, ['version'], { env: environment, timeout: 10_000 }).then(
    ({ stdout }) => versionOf(stdout),
    (error: unknown) => ({ ok: false, reason: whyNotStarted(error) }) as const,
  );
  if (!asked.ok) return no(asked.reason);
  const child = spawn(path, ['serve', ...flags()], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  const alive = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const exited = new Promise<void>((done) => {
    child.on('error', () => child.pid === undefined && done());
    child.once('exit', () => done());
  });
  process.once('exit', kill);
  const close = async () => {
    process.off('exit', kill);
    kill();
    await exited;
  };
  const port = await within(
    15_000,
    Promise.race([portFromLog(child.stdout), portFromLog(child.stderr), exited]),
  ).catch(() => undefined);
  if (typeof port === 'number' && child.pid !== undefined)
    return {
      ok: true,
      lightpanda: { endpoint: `ws://127.0.0.1:${port}/`, pid: child.pid, alive, close },
    };
  const ended = !alive();
  await close();
  return no(ended ? 'it ended as soon as it was started' : 'it did not say on which port it listens');
}

// Its log names the address that it listens on, at every log level, on the same line or on the next. Afterwards the stream
// must still be read, because a full pipe would stop the process.
function portFromLog(stream: NodeJS.ReadableStream): Promise<number> {
  return new Promise((found) => {
    stream.on('error', () => {});
    createInterface(stream).on('line', (line) => {
      const port = /\baddress ?= ?\S*:(\d+)/.exec(line)?.[1];
      if (port !== undefined) found(Number(port));
    });
  });
}
