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
    const path = await unpackedChromium(console.log, [${JSON.stringify(join(temporary, 'cache'))}]);
    console.log((await import('node:fs')).existsSync(path));
    console.log(path);`;
  const env = { PATH: process.env['PATH'], TMPDIR: temporary };
  const running = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
  const began = once(running.child.stdout ?? running.child, 'data').then(([chunk]) => String(chunk).trim());
  return { began, said: running.then(({ stdout }) => stdout.trim().split('\n')) };
}

async function folder(): Promise<string> {
  const { devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  return join(temporary, 'cache', `chromium-${devDependencies['@sparticuz/chromium']}`);
}

test('it is unpacked once, past the lock of a process that died, while others wait', async () => {
  const own = await folder();
  await mkdir(own, { recursive: true });
  await writeFile(join(own, 'lock'), '4194305'); // above every process id that Linux gives out
  const first = ask();
  expect(await first.began).toMatch(/another process is unpacking/i);
  const path = join(own, 'chromium');
  const told = await Promise.all([first, ask(), ask()].map((one) => one.said));
  // Where the machine has no libraries or fonts for it, it is started by a script beside it.
  const named = (name: string) => name.replace(/-with-its-parts$/, '');
  expect(told.map((lines) => named(lines.at(-1) ?? ''))).toEqual([path, path, path]);
  expect(told.flat().filter((line) => line.startsWith('Unpacking'))).toHaveLength(1);
  expect((await readdir(own)).filter((name) => /lock|\.\d+$|-\w{6}$/.test(name))).toEqual([]);
  expect((await promisify(execFile)(told[0]?.at(-1) ?? '', ['--version', '--no-sandbox'])).stdout).toMatch(
    /\d+\.\d+/,
  );
});

test('a folder that others may write to is not used, and what is unpacked instead goes with the process', async () => {
  await mkdir(await folder(), { recursive: true });
  await chmod(await folder(), 0o777);
  const said = await ask().said;
  expect(said.at(-2)).toBe('true');
  expect(said.at(-1)).toMatch(/\/vigil-chromium-\w+\/chromium(-with-its-parts)?$/);
  expect([await readdir(await folder()), await readdir(temporary)]).toEqual([[], ['cache']]);
});
