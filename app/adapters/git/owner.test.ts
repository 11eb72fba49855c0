// Two processes with one data folder: the second is refused in a sentence; the next after a kill is not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeLocks } from './locks.ts';
import { own } from './owner.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'owner-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const say = (owner: unknown): void => writeFileSync(join(dir, 'owner.json'), JSON.stringify(owner));

test('a folder in which a process works is refused to another, and free once that one is killed', async () => {
  const source = `import { own } from ${JSON.stringify(join(import.meta.dirname, 'owner.ts'))};
    await own(${JSON.stringify(dir)}); console.log('mine'); setInterval(() => {}, 1000); setTimeout(() => process.exit(), 20000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await expect(own(dir)).rejects.toThrow(
    `process ${child.pid} on ${hostname()} already works in ${dir}; stop it first, or give this one another VIGIL_REPLICA or VIGIL_DATA_DIR`,
  );
  child.kill('SIGKILL');
  await once(child, 'close');
  const disown = await own(dir);
  expect(JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  await disown();
  await (await own(dir))();
});

test.each([
  ['whose number another process has by now', { host: hostname(), pid: 1, started: '1' }],
  ['that had this very number before', { host: hostname(), pid: process.pid, started: '1' }],
  ['that is gone', { host: hostname(), pid: 2 ** 22 + 1, started: '5' }],
  ['that wrote half a file', 'half'],
])('an owner %s is taken over from', async (_, owner) => {
  say(owner);
  await (await own(dir))();
});

test('an owner on another machine counts as long as it touches its file', async () => {
  say({ host: 'elsewhere', pid: 7, started: '9' });
  await expect(own(dir)).rejects.toThrow('process 7 on elsewhere already works in');
  const old = new Date(Date.now() - 120_000);
  utimesSync(join(dir, 'owner.json'), old, old);
  await (await own(dir))();
});

test('locks of every kind are removed, and nothing else', async () => {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(dir, 'refs/heads'), { recursive: true });
  mkdirSync(join(dir, 'objects/pack'), { recursive: true });
  const left = ['refs/heads/main.lock', 'shallow.lock', 'objects/pack/tmp_pack_a', 'objects/tmp_obj_b'];
  for (const name of [...left, 'config', 'refs/heads/lock', 'objects/pack/pack-1.pack'])
    writeFileSync(join(dir, name), '');
  expect(await removeLocks(dir)).toEqual([...left].sort());
  expect(await removeLocks(dir)).toEqual([]);
});
