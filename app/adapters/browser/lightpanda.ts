// Reaches a Lightpanda browser over CDP: one that runs somewhere, or one that is started here from its binary.
// It must never share a connection (one connection has one context with one page), never close a browser that is not ours,
// and never repeat an endpoint's address in a reason, because it may hold a token.

import { execFile, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import { oneWorld } from './one-world.ts';
import { within } from './within.ts';

type Outcome<T> = ({ ok: true } & T) | { ok: false; reason: string };

/** Opens a new connection. End it with `disconnect()`, never with `close()`. */
export async function connectLightpanda(endpoint: string): Promise<Outcome<{ browser: Browser }>> {
  try {
    const browserWSEndpoint = await literal(endpoint);
    const connecting = oneWorld(browserWSEndpoint).then((transport) =>
      puppeteer.connect({ transport, defaultViewport: null, protocolTimeout: 60_000 }),
    );
    const browser = await within(10_000, connecting).catch((error) => {
      connecting.then((late) => late.disconnect()).catch(() => {});
      throw error;
    });
    return { ok: true, browser };
  } catch (error) {
    // A full Lightpanda closes the socket without a reason, so its limit looks like a refused connection.
    const said =
      error instanceof Error ? error.message.replaceAll(/\S*:\/\/\S*/g, 'its address') : 'unknown error';
    return { ok: false, reason: `Lightpanda cannot be reached (or is full): ${said.split('\n')[0]}` };
  }
}

// Lightpanda answers 403 to an upgrade when the Host is a name, even localhost. With TLS the certificate needs the name, and
// then the server that sees the Host is a proxy, not Lightpanda itself.
async function literal(endpoint: string): Promise<string> {
  const url = new URL(endpoint.replace(/^http/, 'ws'));
  if (url.protocol === 'ws:' && isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0) {
    const { address, family } = await lookup(url.hostname);
    url.hostname = family === 6 ? `[${address}]` : address;
  }
  return url.href;
}

export type Lightpanda = { readonly endpoint: string; alive(): boolean; close(): Promise<void> };

/** Starts `lightpanda serve` on a free port of 127.0.0.1. `close` kills it. */
export async function startLightpanda(path: string): Promise<Outcome<{ lightpanda: Lightpanda }>> {
  const env = {
    PATH: '/usr/bin:/bin',
    LIGHTPANDA_DISABLE_TELEMETRY: 'true',
    LIGHTPANDA_DISABLE_CORE_DUMP: 'true',
  };
  try {
    const version = (await promisify(execFile)(path, ['version'], { env, timeout: 10_000 })).stdout.trim();
    // From 0.4.0 on, frames are empty without this flag. Older builds end when they see the flag.
    const old = /^v?0\.[0-3]\./.test(version);
    const flags = [
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--http-timeout',
      '30000',
      ...(old ? [] : ['--load-resources', 'iframe']),
    ];
    const child = spawn(path, ['serve', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => child.kill('SIGKILL');
    const exited = new Promise<void>((done) => child.once('close', () => done()));
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
    const alive = () => child.exitCode === null && child.signalCode === null;
    if (typeof port === 'number')
      return { ok: true, lightpanda: { endpoint: `ws://127.0.0.1:${port}/`, alive, close } };
    await close();
    return { ok: false, reason: `Lightpanda ${version} did not say which port it listens on` };
  } catch (error) {
    return {
      ok: false,
      reason: `Lightpanda at ${path} did not start: ${error instanceof Error ? error.message : 'unknown error'}`,
    };
  }
}

// Its log names the address that it listens on, at every log level, on the same line or on the next. Afterwards the stream
// must still be read, because a full pipe would stop the process.
function portFromLog(stream: NodeJS.ReadableStream): Promise<number> {
  return new Promise((found) => {
    createInterface(stream).on('line', (line) => {
      const port = /\baddress ?= ?\S*:(\d+)/.exec(line)?.[1];
      if (port !== undefined) found(Number(port));
    });
  });
}
