// The packed Chromium: unpacked once however many ask, past a lock whose owner died, and never from a foreign folder.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

let temporary = '';
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'vigil-unpack-test-'));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

/** Asks in a process of its own; `began` resolves with its first line, `said` with all of them. */
function ask() {
  const program = `const { unpackedChromium } = await import(${JSON.stringify(import.meta.resolve('./browser.ts'))});
    console.log(await unpackedChromium(console.log));`;
  const env = { PATH: process.env['PATH'], TMPDIR: temporary };
  const running = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  const began = once(running.child.stdout ?? running.child, 'data').then(([chunk]) => String(chunk).trim());
  return { began, said: running.then(({ stdout }) => stdout.trim().split('\n')) };
}

async function folder(): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  return join(
    temporary,
    `vigil-chromium-${devDependencies['@sparticuz/chromium']}-${process.getuid?.() ?? 'user'}`,
  );
}

test('it is unpacked once, past the lock of a process that died, while others wait', async () => {
  const own = await folder();
  await mkdir(own, { mode: 0o700 });
  await writeFile(join(own, 'lock'), '4194305'); // above every process id that Linux gives out
  const first = ask();
  expect(await first.began).toMatch(/another process is unpacking/i);
  const path = join(own, 'chromium');
  const told = await Promise.all([first, ask(), ask()].map((one) => one.said));
  expect(told.map((lines) => lines.at(-1))).toEqual([path, path, path]);
  expect(told.flat().filter((line) => line.startsWith('Unpacking'))).toHaveLength(1);
  expect(await readdir(own)).toEqual(['chromium']);
  expect((await promisify(execFile)(path, ['--version', '--no-sandbox'])).stdout).toMatch(/\d+\.\d+/);
});

test('a folder that others may write to is refused', async () => {
  await mkdir(await folder());
  await chmod(await folder(), 0o777);
  await expect(ask().said).rejects.toThrow('is not a folder that only this user may write to');
});
