// One git clone over simple-git: the only place that knows how a token reaches git.
// The token travels in the child's environment, never in an argument list, a URL or a config file.
import { mkdir } from 'node:fs/promises';
import { type SimpleGit, simpleGit } from 'simple-git';

export type Credentials = () => Promise<string | null>;
export type Clone = {
  dir: string;
  /** A git bound to the clone. With `remote`, it may talk to the origin with a fresh token. */
  local(): SimpleGit;
  remote(): Promise<SimpleGit>;
};
export type CloneOptions = { dir: string; url: string; credentials: Credentials; signingKey?: string | null };

const TIMEOUT_MS = 30_000;
const KEYS = ['GIT_CONFIG_COUNT', 'GIT_TERMINAL_PROMPT', 'GIT_CONFIG_KEY_0', 'GIT_CONFIG_VALUE_0'];

function bound(options: CloneOptions, environment: Record<string, string>): SimpleGit {
  const git = simpleGit({
    baseDir: options.dir,
    timeout: { block: TIMEOUT_MS },
    allowEnvironment: KEYS,
    unsafe: { allowUnsafeConfigEnvCount: true },
    maxConcurrentProcesses: 1,
  });
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return git.env({ PATH, HOME, LANG: 'C.UTF-8', GIT_TERMINAL_PROMPT: '0', ...environment });
}

/** Makes the folder a clone of `url` (nothing is fetched yet). Calling it again is harmless. */
export async function openClone(options: CloneOptions): Promise<Clone> {
  await mkdir(options.dir, { recursive: true });
  const local = (): SimpleGit => bound(options, {});
  await local().raw('init', '--quiet', '--initial-branch=unborn');
  const settings: [string, string][] = [
    ['remote.origin.url', options.url],
    ['user.name', 'vigil[bot]'],
    ['user.email', 'vigil[bot]@users.noreply.github.com'],
    ['gc.auto', '0'],
    ['commit.gpgsign', 'false'],
    ['core.autocrlf', 'false'],
    ...(options.signingKey
      ? ([
          ['gpg.format', 'ssh'],
          ['user.signingkey', options.signingKey],
          ['commit.gpgsign', 'true'],
        ] as [string, string][])
      : []),
  ];
  for (const [name, value] of settings) await local().raw('config', name, value);
  return {
    dir: options.dir,
    local,
    async remote() {
      const token = await options.credentials();
      if (token === null) return local();
      const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
      return bound(options, {
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `http.${new URL(options.url).origin}/.extraheader`,
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
      });
    },
  };
}

/** Fetches branches into refs/remotes/origin; a branch that does not exist there is reported by absence. */
export async function fetchBranches(clone: Clone, branches: readonly string[]): Promise<Map<string, string>> {
  const git = await clone.remote();
  const listed = await git.raw('ls-remote', 'origin', ...branches.map((branch) => `refs/heads/${branch}`));
  const heads = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const [sha, ref] = line.split('\t');
    if (sha && ref) heads.set(ref.replace('refs/heads/', ''), sha);
  }
  const known = [...heads.keys()];
  if (known.length > 0) {
    await git.raw(
      'fetch',
      '--quiet',
      '--no-tags',
      'origin',
      ...known.map((branch) => `+refs/heads/${branch}:refs/remotes/origin/${branch}`),
    );
  }
  for (const branch of known)
    heads.set(branch, (await clone.local().raw('rev-parse', `refs/remotes/origin/${branch}`)).trim());
  return heads;
}
