// Somebody with push access who changes a ledger by hand, in a checkout of a copy. For tests of the audit.
// It must never touch the ledger that it copies.
import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestLedger } from './ledger.ts';

const run = promisify(execFile);
export type Git = (...args: string[]) => Promise<string>;
export type Deed = (git: Git, at: string) => Promise<unknown>;

/** A bare copy of the ledger after the deed; gives its path. */
export async function tamperedCopy(
  ledger: Pick<TestLedger, 'dir' | 'bare'>,
  name: string,
  deed: Deed,
): Promise<string> {
  const copy = join(ledger.dir, `${name}.git`);
  const at = join(ledger.dir, name);
  await cp(ledger.bare, copy, { recursive: true });
  await run('git', ['clone', '--quiet', '--branch', 'vigil/ledger', copy, at]);
  const git: Git = async (...args) => {
    const { stdout } = await run('git', args, {
      cwd: at,
      env: {
        ...{ PATH: process.env['PATH'], HOME: ledger.dir, GIT_CONFIG_NOSYSTEM: '1', GIT_EDITOR: 'true' },
        ...{ GIT_AUTHOR_NAME: 'eve', GIT_AUTHOR_EMAIL: 'eve@example.com' },
        ...{ GIT_COMMITTER_NAME: 'eve', GIT_COMMITTER_EMAIL: 'eve@example.com' },
      },
    });
    return stdout.trim();
  };
  await deed(git, at);
  await git('push', '--quiet', '--force', 'origin', 'HEAD:refs/heads/vigil/ledger');
  return copy;
}

/** Replaces text in a file of the checkout; throws where the text is not there. */
export async function edit(at: string, file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(at, file), 'utf8');
  if (text.replace(from, to) === text) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(at, file), text.replace(from, to));
}
