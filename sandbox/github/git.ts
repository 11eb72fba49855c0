// Runs git in the sandbox's bare repository. It must never pass text from a request as an option: revisions are
// resolved by name first, everything else goes in on stdin.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

export const PATIENCE_MS = 60_000;
export const ZERO = '0'.repeat(40);
export type GitOptions = { input?: string | Buffer; env?: Record<string, string> };
export type Outcome = { ok: true; out: Buffer } | { ok: false; code: number; reason: string; out: Buffer };
export type Git = {
  dir: string;
  attempt(args: string[], options?: GitOptions): Promise<Outcome>;
  bytes(args: string[], options?: GitOptions): Promise<Buffer>; // throws when git fails
  text(args: string[], options?: GitOptions): Promise<string>; // the same, trimmed
  resolve(name: string): Promise<string | undefined>; // sha of the commit that a branch, tag, ref or sha names
  withIndex<T>(work: (env: Record<string, string>) => Promise<T>): Promise<T>; // with an index of its own
};

export function createGit(dir: string): Git {
  const attempt = (args: string[], options: GitOptions = {}) => run(dir, args, options);
  const bytes = async (args: string[], options?: GitOptions) => {
    const done = await attempt(args, options);
    if (!done.ok) throw new Error(`git ${args[0]} failed: ${done.reason}`);
    return done.out;
  };
  const text = async (args: string[], options?: GitOptions) => (await bytes(args, options)).toString().trim();
  return {
    dir,
    attempt,
    bytes,
    text,
    async resolve(name) {
      if (!/^[\w][\w./@+-]*$/.test(name) || name.includes('..') || name.includes('@{')) return undefined;
      if (/^[0-9a-f]{40}$/.test(name) || name === 'HEAD') {
        const found = await attempt(['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
        return found.ok ? found.out.toString().trim() : undefined;
      }
      const places = [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name].filter(
        (place) => place.startsWith('refs/') && !place.endsWith('/'),
      );
      // One call of git for all places; an annotated tag stands for the commit that it names.
      const listed = await text([
        'for-each-ref',
        '--format=%(refname) %(objectname) %(*objectname)',
        ...places,
      ]);
      const lines = listed.split('\n').map((line) => line.split(' '));
      for (const place of places) {
        const [, sha, peeled] = lines.find(([ref]) => ref === place) ?? [];
        if (sha) return peeled || sha;
      }
      return undefined;
    },
    async withIndex(work) {
      const index = join(dir, `index-${randomUUID()}`);
      try {
        return await work({ GIT_INDEX_FILE: index });
      } finally {
        await rm(index, { force: true });
      }
    },
  };
}

function run(dir: string, args: string[], { input, env = {} }: GitOptions): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', dir, ...args], {
      timeout: PATIENCE_MS,
      env: { ...gitEnvironment(), ...env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined); // git may end before it has read everything; its exit code tells
    child.on('error', reject);
    child.on('close', (code) => {
      const all = Buffer.concat(out);
      if (code === 0) resolve({ ok: true, out: all });
      else resolve({ ok: false, code: code ?? -1, reason: Buffer.concat(err).toString().trim(), out: all });
    });
    child.stdin.end(input);
  });
}

/** Nothing of the host's own git settings reaches the forge. */
export function gitEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return {
    PATH,
    HOME,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}
