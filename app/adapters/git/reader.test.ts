// What whoever reads objects sees of the process behind: nothing while it is whole, one more try when it dies, its words when it
// cannot be helped.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gitEnvironment } from './clone.ts';
import { openReader } from './reader.ts';

let dir: string;
let id: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-reader-'));
  execFileSync('git', ['init', '--quiet', '--bare', dir]);
  id = execFileSync('git', ['-C', dir, 'hash-object', '-w', '--stdin'], { input: 'hello' }).toString().trim();
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A git that dies so many times before it is the real one. */
function mortal(deaths: number): Record<string, string> {
  const env = gitEnvironment();
  const real = execFileSync('sh', ['-c', 'command -v git'], { env }).toString().trim();
  const body = `#!/bin/sh\nn=$(cat '${dir}/n' 2>/dev/null || echo 0)\necho $((n+1)) > '${dir}/n'\n[ "$n" -ge ${deaths} ] || { echo 'fatal: no room' >&2; exit 128; }\nexec '${real}' "$@"\n`;
  writeFileSync(join(dir, 'git'), body);
  chmodSync(join(dir, 'git'), 0o755);
  return { ...env, PATH: `${dir}:${env['PATH']}` };
}

test('a process that died is followed by another, and nobody notices', async () => {
  const reader = openReader(dir, mortal(1));
  const both = await Promise.all([reader.read(id), reader.has('0'.repeat(40))]);
  expect([both[0]?.bytes.toString(), both[1]]).toEqual(['hello', false]);
  reader.close();
});

test('one that dies again says why', async () => {
  const reader = openReader(dir, mortal(9));
  await expect(reader.read(id)).rejects.toThrow('git cat-file ended with 128: fatal: no room');
  reader.close();
});

test('nobody is asked again once it is closed', async () => {
  const reader = openReader(dir, gitEnvironment());
  const asked = reader.read(id);
  reader.close();
  await expect(asked).rejects.toThrow('git cat-file was closed');
});
