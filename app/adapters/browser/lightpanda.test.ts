// Reaching Lightpanda. The binary is not here: a Chromium behind a proxy that enforces Lightpanda's limits stands in.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedChromium } from '../../../sandbox/browser.ts';
import { type Limits, lightpandaLimits } from '../../../test/support/lightpanda-limits.ts';
import { connectLightpanda, startLightpanda } from './lightpanda.ts';
import { openBrowsers } from './sessions.ts';

let limits: Limits;
let chromiumPath = '';
let folder = '';
beforeAll(async () => {
  chromiumPath = await installedChromium();
  limits = await lightpandaLimits({ chromiumPath, maxConnections: 2 });
  folder = await mkdtemp(join(tmpdir(), 'vigil-lightpanda-test-'));
});
afterAll(async () => {
  await limits.close();
  await rm(folder, { recursive: true, force: true });
});

async function connected(endpoint = limits.endpoint): Promise<Browser> {
  const outcome = await connectLightpanda(endpoint);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.browser;
}

describe('the stand-in keeps the rules', () => {
  const upgrade = (headers: Record<string, string>) =>
    new Promise<number | string>((done) => {
      const key = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      const asked = request(limits.endpoint.replace('ws', 'http'), { headers: { ...key, ...headers } });
      asked
        .on('response', (response) => done(response.statusCode ?? 0))
        .on('error', (error) => done(error.message));
      asked.on('upgrade', (_, socket) => {
        socket.destroy();
        done('upgraded');
      });
      asked.end();
    });

  test('a named host and a page of another origin are turned away', async () => {
    const address = new URL(limits.endpoint).host;
    expect(await upgrade({ host: address.replace('127.0.0.1', 'localhost') })).toBe(403);
    expect(await upgrade({ host: address, origin: 'https://shop.example' })).toBe(403);
  });
  test('one connection has one context with one page, no keys but those that type, and no real pictures', async () => {
    const browser = await connected();
    try {
      const context = await browser.createBrowserContext();
      await expect(browser.createBrowserContext()).rejects.toThrow(
        'Cannot have more than one browser context at a time',
      );
      const page = await context.newPage();
      await expect(context.newPage()).rejects.toThrow('TargetAlreadyLoaded');
      await expect(page.setContent('<p>Hi</p>')).rejects.toThrow('UnknownMethod');
      await page.evaluate(
        `document.body.innerHTML = '<input id="i" value="ab">'; document.getElementById('i').focus()`,
      );
      await page.keyboard.press('Backspace');
      await page.keyboard.type('c');
      expect(await page.evaluate(`document.getElementById('i').value`)).toBe('cab');
      expect((await page.screenshot()).length).toBeLessThan(100);
      await context.close();
      await (await browser.createBrowserContext()).close();
    } finally {
      await browser.disconnect();
    }
  });
});

test('a full Lightpanda is a reason, which does not repeat the address and its token', async () => {
  const held = [await connected(), await connected()];
  expect(await connectLightpanda(`${limits.endpoint}?token=hush`)).toEqual({
    ok: false,
    reason: expect.stringMatching(/^Lightpanda cannot be reached \(or is full\): (?!.*(hush|127\.0)).+$/),
  });
  await Promise.all(held.map((browser) => browser.disconnect()));
});

test('a server without a word is a reason, and never another engine instead', async () => {
  const browsers = openBrowsers({ lightpandaEndpoint: 'ws://127.0.0.1:1/', chromiumPath });
  expect([await browsers.has('lightpanda'), await browsers.lease('lightpanda')]).toMatchObject([
    true,
    { ok: false },
  ]);
  await browsers.close();
});

describe('a binary', () => {
  /** A program that behaves as `lightpanda version` and `lightpanda serve` do, and writes down how it was called. */
  async function binary(version: string): Promise<string> {
    const program = join(folder, `${version}.mjs`);
    await writeFile(
      program,
      `
      import { appendFileSync } from 'node:fs';
      import { lightpandaLimits } from ${JSON.stringify(import.meta.resolve('../../../test/support/lightpanda-limits.ts'))};
      process.env.TMPDIR = ${JSON.stringify(folder)}; // it is killed, and cannot tidy up
      const [command, ...rest] = process.argv.slice(2);
      appendFileSync(${JSON.stringify(join(folder, `${version}.log`))}, rest.join(' '));
      if (command === 'version') console.log(${JSON.stringify(version)});
      else {
        const { endpoint } = await lightpandaLimits({ chromiumPath: ${JSON.stringify(chromiumPath)} });
        console.error('$time=1 $scope=app $level=note $msg="server running" address=' + new URL(endpoint).host);
      }`,
    );
    const path = join(folder, version);
    await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    await chmod(path, 0o700);
    return path;
  }

  test('is started, used and ended with the browsers', async () => {
    const browsers = openBrowsers({ lightpandaPath: await binary('1.0.0') });
    const lease = await browsers.lease('lightpanda');
    if (!lease.ok) throw new Error(lease.reason);
    expect(lease.session.engine).toBe('lightpanda');
    expect(await lease.session.page.evaluate('1 + 1')).toBe(2);
    const endpoint = lease.session.page.browser().wsEndpoint();
    await lease.session.release();
    await browsers.close();
    await expect(puppeteer.connect({ browserWSEndpoint: endpoint })).rejects.toThrow();
  });
  test.each([
    ['0.3.7', '--host 127.0.0.1 --port 0 --http-timeout 30000'],
    ['0.4.1', '--host 127.0.0.1 --port 0 --http-timeout 30000 --load-resources iframe'],
  ])('of version %s gets the flags it knows', async (version, flags) => {
    const started = await startLightpanda(await binary(version));
    if (started.ok) await started.lightpanda.close();
    expect([started.ok, await readFile(join(folder, `${version}.log`), 'utf8')]).toEqual([true, flags]);
  });
  test('that is none is a reason', async () => {
    expect(await startLightpanda('/bin/false')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('/bin/false did not start'),
    });
    expect(await startLightpanda('/bin/true')).toEqual({
      ok: false,
      reason: 'Lightpanda  did not say which port it listens on',
    });
  });
});
