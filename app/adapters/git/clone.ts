// One git clone of which the app or a job reads what stands at a branch, and pushes a branch of its own.
// Must never have a remote in its config, nor a token in an argument list, a URL or a file. Only what talks to a remote may hang: that
// is run with its helpers in a group of its own; all else goes through simple-git.
import { mkdir } from 'node:fs/promises';
import { simpleGit } from 'simple-git';
import { askRemote, type Remote, readRemote } from './remote.ts';
import { runGit } from './run.ts';

export type Git = { raw(...args: string[]): Promise<string> };
export type Clone = Remote & {
  dir: string;
  /** How many commits a fetch brings; null brings all of them. */
  depth: number | null;
  /** A git bound to the clone. */
  local(): Git;
  /** One that may talk to the origin; each command with a fresh token, and once. */
  remote(): Git;
  /** One that only reads there, as patiently as the clone's owner can wait. */
  reading(): Git;
};
export type CloneOptions = Remote & {
  dir: string;
  /** For a clone that only reads what stands at a branch's tip: fetches that many commits. */
  depth?: number;
  /** Who commits; the app's own bot unless told otherwise. */
  identity?: { name: string; email: string };
};

// What git and its servers say when the remote moved on in between.
export const LOST =
  /fetch first|non-fast-forward|cannot lock ref|failed to update ref|reference already exists|stale info/i;

const TIMEOUT_MS = 30_000;
const KEYS = ['GIT_TERMINAL_PROMPT'];

function settingsOf({ identity, depth }: CloneOptions): string[] {
  const { name = 'vigil[bot]', email = 'vigil[bot]@users.noreply.github.com' } = identity ?? {};
  return [
    `user.name=${name}`,
    `user.email=${email}`,
    'gc.auto=0',
    'core.autocrlf=false',
    'commit.gpgsign=false',
    // A renamed or captured remote must fail, not lead the ledger somewhere else.
    'http.followRedirects=false',
    // What a short-lived clone fetches is kept as it comes, not taken apart and packed again.
    ...(depth === undefined ? [] : ['fetch.unpackLimit=1']),
  ];
}

/** All that a git process gets of this process's environment. */
export function gitEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0' };
}

/** Makes the folder a repository that fetches from `url` (nothing is fetched yet). Calling it again is harmless. */
export async function openClone(options: CloneOptions): Promise<Clone> {
  const { dir, url, credentials, patienceMs = 0, depth = null } = options;
  await mkdir(dir, { recursive: true });
  const settings = settingsOf(options);
  const flags = settings.flatMap((one) => ['-c', one]);
  const bound = { dir, env: gitEnvironment() };
  const remote: Remote = { url, credentials, patienceMs };
  const git = (run: (args: readonly string[]) => Promise<string>) => (): Git => ({
    raw: (...args) => run([...flags, ...args]),
  });
  const local = (): Git =>
    simpleGit({
      baseDir: dir,
      timeout: { block: TIMEOUT_MS },
      allowEnvironment: KEYS,
      maxConcurrentProcesses: 1,
      // By itself simple-git calls a failure without words on stderr a success.
      errors: (error, { exitCode }) =>
        error ?? (exitCode === 0 ? undefined : Buffer.from(`git ended with exit code ${exitCode}`)),
      config: settings,
    }).env(bound.env);
  // The first command of a clone: where there is no git, it says so in a sentence.
  await runGit(['init', '--quiet', '--initial-branch=unborn'], bound);
  return {
    ...{ dir, depth, local, ...remote },
    remote: git((args) => askRemote(args, remote, bound)),
    reading: git((args) => readRemote(args, remote, bound)),
  };
}

/** Fetches one branch into refs/remotes/origin and gives its commit; null when the remote has no such branch. */
export async function fetchBranch(clone: Clone, branch: string): Promise<string | null> {
  const ref = `refs/remotes/origin/${branch}`;
  try {
    const depth = clone.depth === null ? [] : [`--depth=${clone.depth}`];
    const from = [...depth, clone.url, `+refs/heads/${branch}:${ref}`];
    await clone.reading().raw('fetch', '--progress', '--no-tags', ...from);
  } catch (error) {
    if (/couldn't find remote ref/i.test(String(error))) return null;
    throw error;
  }
  return (await clone.local().raw('rev-parse', ref)).trim();
}

/** Pushes HEAD to a branch, never by force. `false`: somebody was first; fetch and decide again. */
export async function pushHead(clone: Clone, branch: string): Promise<boolean> {
  try {
    await clone.remote().raw('push', '--porcelain', clone.url, `HEAD:refs/heads/${branch}`);
    return true;
  } catch (error) {
    if (LOST.test(String(error))) return false;
    throw error;
  }
}
