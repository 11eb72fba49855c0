// A git that hangs, one that is only slow, and one that fails.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runGit } from './run.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'run-'));
  // Its helper would live on if only git itself were ended.
  writeFileSync(
    join(dir, 'git'),
    `#!/bin/sh
case "$1" in
  silent) sleep 30 & wait ;;
  slow) for i in 1 2 3 4 5 6; do echo "Receiving objects:  $i%" >&2; sleep 0.1; done; echo done ;;
  broken) printf 'Receiving objects:  50%%\\rReceiving objects: 100%%\\nfatal: no such thing\\n' >&2; exit 128 ;;
esac
`,
  );
  chmodSync(join(dir, 'git'), 0o755);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const git = (what: string, limits: { silenceMs?: number; mostMs?: number } = {}) =>
  runGit([what], { dir, env: { PATH: `${dir}:${process.env['PATH']}` }, ...limits });

test('that says nothing is ended, with all its helpers', async () => {
  await expect(git('silent', { silenceMs: 200 })).rejects.toThrow('git silent said nothing for 0.2 s');
});

test('that shows its progress may take longer than it may be silent, up to a limit', async () => {
  expect(await git('slow', { silenceMs: 400 })).toBe('done\n');
  await expect(git('slow', { silenceMs: 400, mostMs: 300 })).rejects.toThrow(
    'git slow was not done after 0.3 s',
  );
});

test('that fails is told by its words, without its progress', async () => {
  await expect(git('broken')).rejects.toThrow('git broken ended with 128: fatal: no such thing');
});
