// One git clone over simple-git: the only place that knows how a token reaches git.
// The token travels in the child's environment, never in an argument list, a URL or a config file.
import { mkdir } from 'node:fs/promises';
import { type SimpleGit, simpleGit } from 'simple-git';

export type Credentials = () => Promise<string | null>;
export type Clone = {
  dir: string;
  url: string;
  /** How many commits a fetch brings; null brings all of them. */
  depth: number | null;
  /** A git bound to the clone. With `remote`, it may talk to the origin with a fresh token. */
  local(): SimpleGit;
  remote(): Promise<SimpleGit>;
};
export type CloneOptions = {
  dir: string;
  url: string;
  credentials: Credentials;
  signingKey?: string | null;
  /** For a clone that only reads what stands at a branch's tip: fetches that many commits. */
  depth?: number;
  /** Who commits; the app's own bot unless told otherwise. */
  identity?: { name: string; email: string };
};

const TIMEOUT_MS = 30_000;
// What git and its servers say when the remote moved on in between.
export const LOST =
  /fetch first|non-fast-forward|cannot lock ref|failed to update ref|reference already exists|stale info/i;
const KEYS = ['GIT_CONFIG_COUNT', 'GIT_TERMINAL_PROMPT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'];

/**
 * simple-git waits 50 ms for more after a command that said nothing, so what runs for every fact is asked to say something
 * (https://github.com/steveukx/git-js/blob/main/simple-git/src/lib/plugins/completion-detection.plugin.ts).
 */
function bound(options: CloneOptions, environment: Record<string, string>): SimpleGit {
  const git = simpleGit({
    baseDir: options.dir,
    timeout: { block: TIMEOUT_MS },
    allowEnvironment: KEYS,
    unsafe: { allowUnsafeConfigEnvCount: true },
    maxConcurrentProcesses: 1,
    // By itself simple-git calls a failure without words on stderr a success.
    errors: (error, { exitCode }) =>
      error ?? (exitCode === 0 ? undefined : Buffer.from(`git ended with exit code ${exitCode}`)),
    config: [
      `user.name=${options.identity?.name ?? 'vigil[bot]'}`,
      `user.email=${options.identity?.email ?? 'vigil[bot]@users.noreply.github.com'}`,
      'gc.auto=0',
      'core.autocrlf=false',
      // A renamed or captured remote must fail, not lead the ledger somewhere else.
      'http.followRedirects=false',
      // What a short-lived clone fetches is kept as it comes, not taken apart and packed again.
      ...(options.depth === undefined ? [] : ['fetch.unpackLimit=1']),
      ...(options.signingKey
        ? ['gpg.format=ssh', `user.signingkey=${options.signingKey}`, 'commit.gpgsign=true']
        : ['commit.gpgsign=false']),
    ],
  });
  return git.env({ ...gitEnvironment(), ...environment });
}

/** All that a git process gets of this process's environment. */
export function gitEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, LANG: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0' };
}

/** What lets a git process talk to `url`, for as long as it runs. */
export async function tokenEnvironment(
  url: string,
  credentials: Credentials,
): Promise<Record<string, string>> {
  const token = await credentials();
  if (token === null) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

/** Makes the folder a repository that fetches from `url` (nothing is fetched yet). Calling it again is harmless. */
export async function openClone(options: CloneOptions): Promise<Clone> {
  await mkdir(options.dir, { recursive: true });
  const local = (): SimpleGit => bound(options, {});
  await local().raw('init', '--quiet', '--initial-branch=unborn');
  return {
    dir: options.dir,
    url: options.url,
    depth: options.depth ?? null,
    local,
    async remote() {
      return bound(options, await tokenEnvironment(options.url, options.credentials));
    },
  };
}

/** Fetches one branch into refs/remotes/origin and gives its commit; null when the remote has no such branch. */
export async function fetchBranch(clone: Clone, branch: string): Promise<string | null> {
  const ref = `refs/remotes/origin/${branch}`;
  const git = await clone.remote();
  try {
    const depth = clone.depth === null ? [] : [`--depth=${clone.depth}`];
    await git.raw('fetch', '--verbose', '--no-tags', ...depth, clone.url, `+refs/heads/${branch}:${ref}`);
  } catch (error) {
    if (/couldn't find remote ref/i.test(String(error))) return null;
    throw error;
  }
  return (await clone.local().raw('rev-parse', ref)).trim();
}

/** Pushes HEAD to a branch, never by force. `false`: somebody was first; fetch and decide again. */
export async function pushHead(clone: Clone, branch: string): Promise<boolean> {
  const git = await clone.remote();
  try {
    await git.raw('push', '--porcelain', clone.url, `HEAD:refs/heads/${branch}`);
    return true;
  } catch (error) {
    if (LOST.test(String(error))) return false;
    throw error;
  }
}
