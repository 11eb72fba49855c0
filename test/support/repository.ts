// A real bare git repository in a temporary folder, written to by `git fast-import`. For tests only.
// It must never take its files from the checkout the tests run in.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Entry = string | Buffer | { mode: '100755' | '120000'; text: string };
export type Repository = {
  /** Holds `origin.git` and whatever clones a test puts beside it. */
  dir: string;
  origin: string;
  git(...args: string[]): string;
  /** One commit with these files changed (null deletes) on top of the branch; returns its sha. */
  commit(branch: string, files: Readonly<Record<string, Entry | null>>): string;
  remove(): void;
};

export function bareRepository(): Repository {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-git-'));
  const origin = join(dir, 'origin.git');
  const run = (args: string[], input?: Buffer): string =>
    execFileSync('git', args, {
      ...(input ? { input } : {}),
      env: { PATH: process.env['PATH'], HOME: dir, LANG: 'C.UTF-8' },
      stdio: ['pipe', 'pipe', 'pipe'],
    }).toString();
  run(['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  const git = (...args: string[]): string => run(['-C', origin, ...args]).trim();
  return {
    dir,
    origin,
    git,
    commit(branch, files) {
      const exists = git('for-each-ref', `refs/heads/${branch}`) !== '';
      const parts: (string | Buffer)[] = [
        `commit refs/heads/${branch}\ncommitter test <test@example.com> 1793674800 +0000\ndata 4\ntest\n`,
        exists ? `from refs/heads/${branch}^0\n` : '',
      ];
      for (const [path, entry] of Object.entries(files)) {
        if (entry === null) parts.push(`D ${path}\n`);
        else {
          const plain = typeof entry === 'string' || Buffer.isBuffer(entry);
          const bytes = Buffer.from(plain ? entry : entry.text);
          parts.push(
            `M ${plain ? '100644' : entry.mode} inline ${path}\ndata ${bytes.byteLength}\n`,
            bytes,
            '\n',
          );
        }
      }
      run(['-C', origin, 'fast-import', '--quiet'], Buffer.concat(parts.map((part) => Buffer.from(part))));
      return git('rev-parse', `refs/heads/${branch}`);
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Puts a hook into the repository, a shell script. */
export function hook(repository: Repository, name: 'pre-receive' | 'post-receive', script: string): void {
  const path = join(repository.origin, 'hooks', name);
  mkdirSync(join(repository.origin, 'hooks'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
