// A Lightpanda that cannot be used says why and what helps, and never its address. The real one is started with flags it takes.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realLightpanda } from '../../../test/support/real-lightpanda.ts';
import { connectLightpanda, startLightpanda } from './lightpanda.ts';
import { openBrowsers } from './sessions.ts';

let folder = '';
const servers: Server[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-lightpanda-test-'));
});
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true, force: true });
});

async function port(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('one that cannot be reached', () => {
  const answering = (status: string) => () => {
    const server = createHttp();
    server.on('upgrade', (_, socket) => socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\nNo`));
    return port(server);
  };
  test.each([
    [
      'is full',
      answering('503 Service Unavailable'),
      'it is full (HTTP 503): start it with a higher --cdp-max-connections, or let fewer jobs look at once',
    ],
    [
      'refuses a name',
      answering('403 Forbidden'),
      'it refuses the name of its host (HTTP 403): write an IP address, or start it with --advertise-host',
    ],
    [
      'wants a token',
      answering('401 Unauthorized'),
      'it wants to know who asks (HTTP 401): correct the token in its address',
    ],
    [
      'stands behind something that lost it',
      answering('502 Bad Gateway'),
      'it answered HTTP 502 to who wants to connect: look at what stands before it',
    ],
    [
      'hangs up',
      () => port(createServer((socket) => void socket.destroy())),
      'it closed the connection before it said a word: look whether it still runs',
    ],
    ['does not run', async () => 1, 'nothing listens at its address: start it, or correct the address'],
    [
      'hangs',
      () => port(createServer((socket) => void socket.on('error', () => {}))),
      'it does not answer: it hangs, or no way leads to its host',
    ],
  ])('because it %s says so, and repeats no address', async (_, begin, reason) => {
    const endpoint = `ws://127.0.0.1:${await begin()}/?token=hush`;
    expect(await connectLightpanda(endpoint, 1_000)).toEqual({
      ok: false,
      reason: `Lightpanda cannot be reached: ${reason}`,
    });
  });
  test.each([
    ['ws://nobody.invalid:9222/?token=hush', /the name of its host does not resolve/],
    ['nobody:hush', /its address is none: write it as ws:\/\/HOST:PORT\/|cannot be reached/],
    ['', /its address is none: write it as ws:\/\/HOST:PORT\//],
  ])('by its address says so: %s', async (endpoint, reason) => {
    const said = await connectLightpanda(endpoint);
    expect(said).toEqual({ ok: false, reason: expect.stringMatching(reason) });
    expect(JSON.stringify(said)).not.toMatch(/hush|nobody/);
  });
  test('is told once, and never replaced by another engine', async () => {
    const told: string[] = [];
    const browsers = openBrowsers({
      lightpandaEndpoint: 'ws://127.0.0.1:1/',
      onNotice: (line) => told.push(line),
    });
    const asked = [await browsers.lease('lightpanda'), await browsers.lease('lightpanda')];
    expect([await browsers.has('lightpanda'), ...asked.map(({ ok }) => ok)]).toEqual([true, false, false]);
    expect(told).toEqual([
      'Lightpanda cannot be reached: nothing listens at its address: start it, or correct the address',
    ]);
    await browsers.close();
  });
});

describe('a path', () => {
  const file = async (name: string, text: string, mode = 0o700) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode });
    return path;
  };
  const none = 'it is no Lightpanda: asked for its version, it told none';
  test.each([
    [
      'where nothing is',
      async () => join(folder, 'none'),
      'there is no such file: install it, or correct the path',
    ],
    [
      'that may not be executed',
      () => file('plain', 'x', 0o600),
      'it may not be executed: set its execute bit (chmod +x), or correct the path',
    ],
    ['of a program that says nothing', async () => '/bin/true', none],
    ['of a program that fails', async () => '/bin/false', none],
    ['of another program', async () => process.execPath, none],
    ['of a text', () => file('text', 'Dear reader,\n'), none],
    [
      'of an old one',
      () => file('old', '#!/bin/sh\necho 0.4.1\n'),
      'version 0.4.1 is too old: install 1.0.0 or a newer one',
    ],
    [
      'of one that ends',
      () => file('ends', '#!/bin/sh\n[ "$1" = version ] && echo 1.0.2\n'),
      'it ended as soon as it was started',
    ],
  ])('%s is a reason with a cure', async (_, make, reason) => {
    const path = await make();
    expect(await startLightpanda(path)).toEqual({
      ok: false,
      reason: `Lightpanda at ${path} cannot be used: ${reason}`,
    });
  });
  test('gets its flags and no home', async () => {
    const log = join(folder, 'log');
    const path = await file(
      'tells',
      `#!/bin/sh\n[ "$1" = version ] && echo 1.0.2 && exit\necho "$@" "home=$HOME" "$LIGHTPANDA_DISABLE_TELEMETRY$LIGHTPANDA_DISABLE_CORE_DUMP" > '${log}'\necho address=127.0.0.1:7 >&2\nexec sleep 60\n`,
    );
    const started = await startLightpanda(path);
    if (started.ok) await started.lightpanda.close();
    expect([started.ok, await readFile(log, 'utf8')]).toEqual([
      true,
      'serve --host 127.0.0.1 --port 0 --load-resources iframe,stylesheet,image,worker --http-timeout 120000 --http-connect-timeout 30000 --watchdog-ms 10000 --v8-max-heap-mb 512 --cdp-max-connections 512 home= truetrue\n',
    ]);
  });
});

const real = realLightpanda('tests of its process');
describe.skipIf(real === null)('the real one', () => {
  test('is started, used and ended with the browsers', async () => {
    const browsers = openBrowsers({ lightpandaPath: real ?? '', chromiumPath: null });
    const lease = await browsers.lease('lightpanda');
    if (!lease.ok) throw new Error(lease.reason);
    const { session } = lease;
    expect([session.engine, await session.page.evaluate('1 + 1'), await session.whyLost()]).toEqual([
      'lightpanda',
      2,
      null,
    ]);
    const endpoint = session.page.browser().wsEndpoint();
    await session.release();
    await browsers.close();
    expect(await connectLightpanda(endpoint)).toMatchObject({ ok: false });
  });
  test('is reached by an address and by a name', async () => {
    const started = await startLightpanda(real ?? '');
    if (!started.ok) throw new Error(started.reason);
    const { endpoint, close } = started.lightpanda;
    try {
      for (const one of [
        endpoint,
        endpoint.replace('127.0.0.1', 'localhost'),
        endpoint.replace('ws:', 'http:'),
      ]) {
        const connected = await connectLightpanda(one);
        expect(connected.ok).toBe(true);
        if (connected.ok) await connected.browser.disconnect();
      }
    } finally {
      await close();
    }
  });
});
