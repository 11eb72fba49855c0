// A temporary folder goes with its process, whoever is still writing to it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Runs a program that has such a folder, in a temporary folder of its own; gives that one when it has ended. */
async function leftBy(program: string): Promise<string> {
  const own = await mkdtemp(join(tmpdir(), 'folder-'));
  made.push(own);
  const first = `import { folderOfProcess } from '${join(import.meta.dirname, 'folder.ts')}';
    import { spawn } from 'node:child_process';`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', first + program], {
    env: { ...process.env, TMPDIR: own },
  });
  await once(child, 'exit');
  return own;
}

test('one that a child puts back after the end is taken away again', async () => {
  const own = await leftBy(`const { path } = folderOfProcess('vigil-');
    const late = 'sleep 1.5; mkdir -p ' + path + '/deep && touch ${'$'}TMPDIR/late';
    spawn('sh', ['-c', late], { stdio: 'ignore', detached: true }).unref();
    process.exit(0);`);
  await vi.waitFor(() => expect(existsSync(join(own, 'late'))).toBe(true), 5000);
  await vi.waitFor(async () => expect(await readdir(own)).toEqual(['late']), 8000);
});

test('one whose process ends at once is not forgotten', async () => {
  const own = await leftBy(`folderOfProcess('vigil-'); process.exit(0);`);
  await vi.waitFor(async () => expect(await readdir(own)).toEqual([]), 8000);
});
