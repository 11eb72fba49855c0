// Talks to the other side by git, with a fresh token each time: the one place that fetches, lists and pushes. Reads are repeated
// while the other side is away or asks for patience, as long as whoever asks can wait. Must never repeat a push: whoever pushes
// looks first. Must never put a token into an argument, a file or an error.
import { setTimeout as delay } from 'node:timers/promises';
import { GitFailed, type RunOptions, runGit } from './run.ts';

export type Credentials = () => Promise<string | null>;
export type Remote = {
  url: string;
  credentials: Credentials;
  /** How long reads are repeated. 0, and without it: whoever asks repeats by itself. */
  patienceMs?: number;
};

const FIRST_PAUSE_MS = 1000;
const MOST_PAUSE_MS = 15_000;
// Limits and short absences (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit).
const NOT_NOW: readonly (number | undefined)[] = [408, 425, 429];

/** What lets a git process talk to `url`, for as long as it runs. */
export async function tokenEnvironment({ url, credentials }: Remote): Promise<Record<string, string>> {
  const token = await credentials();
  if (token === null) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraheader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

/** One command that talks to the other side. Throws `GitFailed`; a refusal names its cure. */
export async function askRemote(
  args: readonly string[],
  remote: Remote,
  options: RunOptions,
): Promise<string> {
  const env = { ...options.env, ...(await tokenEnvironment(remote)) };
  try {
    return await runGit(args, { ...options, env, remote: true });
  } catch (error) {
    throw error instanceof GitFailed ? inWords(error, remote) : error;
  }
}

/** The same for a command that only reads: repeated until the patience is over, by Retry-After where the other side names it. */
export async function readRemote(
  args: readonly string[],
  remote: Remote,
  options: RunOptions,
): Promise<string> {
  // By a clock that nobody sets.
  const until = performance.now() + (remote.patienceMs ?? 0);
  for (let tries = 0; ; tries++) {
    try {
      return await askRemote(args, remote, options);
    } catch (error) {
      const pause = error instanceof GitFailed && mayPass(error) ? pauseAfter(error, tries) : null;
      if (pause === null || performance.now() + pause > until || options.signal?.aborted) throw error;
      await delay(pause, undefined, options.signal ? { signal: options.signal } : {}).catch(() => undefined);
    }
  }
}

/** Whether the same may go well in a while. What was silent has been waited for already. */
function mayPass({ silent, status, retryAfterMs }: GitFailed): boolean {
  if (silent) return false;
  return (status ?? 0) >= 500 || NOT_NOW.includes(status) || (status === 403 && retryAfterMs !== null);
}

function pauseAfter({ retryAfterMs }: GitFailed, tries: number): number {
  const backoff = Math.min(FIRST_PAUSE_MS * 2 ** tries, MOST_PAUSE_MS) * (0.5 + Math.random() / 2);
  return retryAfterMs ?? backoff;
}

function inWords(failed: GitFailed, { url }: Remote): GitFailed {
  const { status } = failed;
  const cure = cures[status ?? 0];
  if (cure && !(status === 403 && failed.retryAfterMs !== null))
    // What git says of a 401 is about a terminal that nobody has.
    failed.message = `${new URL(url).host} answered ${status} to git: ${cure}${status === 401 ? '' : ` (${failed.message})`}`;
  return failed;
}

const REDIRECTED = 'it sends git elsewhere, which is not followed; name the address that it sends to';
const cures: Readonly<Record<number, string>> = {
  ...{ 301: REDIRECTED, 302: REDIRECTED, 307: REDIRECTED, 308: REDIRECTED },
  401: 'the token was refused; it must be one that is still valid, and a job needs `contents: read`',
  403: 'the token may not do this; it needs the right to read the contents of the repository, and whoever pushes to write them',
  404: 'there is no such repository, or the token may not see it',
};
