// A Chromium must end with the process that started it, however that ends, and leave no profile behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installedChromium } from '../../../sandbox/browser.ts';
import { findChromium, launchChromium } from './chromium.ts';

let temporary = '';
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'vigil-chromium-test-'));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

/** A Node process of its own that starts a Chromium, says its pid, and then does what it is told. */
async function host(then: string) {
  const program = `
    import { launchChromium } from ${JSON.stringify(import.meta.resolve('./chromium.ts'))};
    const { chromium } = await launchChromium(${JSON.stringify(await installedChromium())});
    const secret = (await import('node:fs')).readFileSync('/proc/' + chromium.pid + '/environ', 'utf8').includes('hush');
    console.log(JSON.stringify({ pid: chromium.pid, secret }));
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], TMPDIR: temporary, TOKEN: 'hush' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  return { child, exited, ...(JSON.parse(String(line)) as { pid: number; secret: boolean }) };
}

async function gone(pid: number): Promise<boolean> {
  for (const stop = Date.now() + 5_000; Date.now() < stop; await setTimeout(20)) {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    if (state === null || / Z /.test(state)) return true; // Z: ended, and nobody has asked for its exit code yet
  }
  return false;
}

test.each([
  ['closes it', 'await chromium.close();', null, [0, null]],
  ['just exits', 'process.exit(3);', null, [3, null]],
  ['is asked to end', '', 'SIGTERM', [143, null]],
  ['is interrupted', '', 'SIGINT', [130, null]],
] as const)('a process that %s takes its browser and the profile with it', async (_, then, signal, code) => {
  const { child, exited, pid, secret } = await host(then);
  if (signal !== null) child.kill(signal);
  expect(await exited).toEqual(code);
  expect([await gone(pid), await readdir(temporary), secret]).toEqual([true, [], false]);
});

test('a process that is killed takes its browser with it', async () => {
  const { child, exited, pid } = await host('');
  child.kill('SIGKILL');
  await exited;
  expect(await gone(pid)).toBe(true);
});

test('a process that handles a signal itself is not ended by us', async () => {
  const { child, exited } = await host(
    `process.on('SIGTERM', async () => { await chromium.close(); process.exit(7); });`,
  );
  child.kill('SIGTERM');
  expect(await exited).toEqual([7, null]);
  expect(await readdir(temporary)).toEqual([]);
});

test('a browser that hangs is closed, and its broken pipe ends nobody', async () => {
  const { exited, pid } = await host(`
    process.kill(chromium.pid, 'SIGSTOP');
    chromium.browser.version().catch(() => {});
    await new Promise((done) => setTimeout(done, 200));
    await chromium.browser.disconnect();
    await chromium.close();
    await new Promise((done) => setTimeout(done, 200));
    process.exit(5);`);
  expect(await exited).toEqual([5, null]);
  expect(await gone(pid)).toBe(true);
});

test('what is turned down is not found', async () => {
  expect(await findChromium(async () => false)).toBe(null);
});

test('what is no browser is a reason, not an exception', async () => {
  const reason = expect.stringMatching(/^Chromium at \/bin\/true did not start: /);
  expect(await launchChromium('/bin/true')).toEqual({ ok: false, reason });
});

test('a browser that cannot start says why', async () => {
  const path = join(temporary, 'browser');
  await writeFile(
    path,
    '#!/bin/sh\necho "[1:1:ERROR] bus" >&2\necho "[1:1:FATAL] No usable sandbox! See the manual" >&2\nexit 1\n',
    { mode: 0o700 },
  );
  expect(await launchChromium(path)).toEqual({
    ok: false,
    reason: `Chromium at ${path} did not start: [1:1:FATAL] No usable sandbox! See the manual`,
  });
});
