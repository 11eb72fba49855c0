// Nothing kills Vigil: however a browser is killed, while it is started, used or closed, no error goes uncaught and nothing is left.
// VIGIL_TEST_KILLS says how often, and VIGIL_TEST_BROWSERS which more Chromiums are tried, by their paths with a colon between them.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { installedChromium } from '../../sandbox/browser.ts';
import { killOften } from '../support/killing.ts';
import { realLightpanda } from '../support/real-lightpanda.ts';

const times = Number(process.env['VIGIL_TEST_KILLS'] || 10);
const real = realLightpanda('kills of a browser');
const scripts = ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'].filter((path) => existsSync(path));
const more = (process.env['VIGIL_TEST_BROWSERS'] ?? '').split(':').filter((path) => path !== '');

let folder = '';
const server = createServer((_, response) => {
  response.setHeader('content-type', 'text/html').end(`<p>Hi</p>${'x'.repeat(100_000)}`);
}).listen(0, '127.0.0.1');
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'vigil-killed-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['the Chromium of the tests', 'chromium', installedChromium],
  ...[...scripts, ...more].map((path) => [path, 'chromium', async () => path] as const),
  ...(real === null ? [] : [['Lightpanda', 'lightpanda', async () => real] as const]),
] as const)('%s', { timeout: 60_000 + times * 30_000 }, async (_, engine, path) => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { rounds, uncaught, left } = await killOften(engine, await path(), url, times, 1_500);
  const folders = (await readdir(folder)).filter((name) => name.startsWith('vigil-browser-'));
  expect({ rounds, uncaught, left, folders }).toEqual({ rounds: times, uncaught: [], left: [], folders: [] });
});
