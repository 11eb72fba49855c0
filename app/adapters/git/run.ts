// Runs one git process. Talking to a remote may take long, but never in silence: a time-out counts from the last sign of life.
// Must never put a secret into an argument; what git needs to know of one is in its environment.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** git failed; the message is what it said. */
export class GitFailed extends Error {
  override name = 'GitFailed';
  /** It was ended for saying nothing: waiting longer was tried already. */
  silent = false;
  /** What the other side answered, over HTTP. 500: it could not be reached, as Octokit has it. Undefined: it was not that. */
  status: number | undefined = undefined;
  /** The wait that the other side asked for; null when it named none. */
  retryAfterMs: number | null = null;
}

export type RunOptions = {
  dir: string;
  env: Record<string, string>;
  input?: string;
  /** So long may it say nothing, and so long may it take at most. */
  silenceMs?: number;
  mostMs?: number;
  /** Ends it, with its helpers. */
  signal?: AbortSignal;
  /** It talks to another machine, whose headers are looked at. */
  remote?: boolean;
};
/** git tells the headers of its requests there, without the one that holds the token (https://git-scm.com/docs/git#Documentation/git.txt-GITTRACECURL). */
const HEADERS = { GIT_TRACE_CURL: '3', GIT_TRACE_CURL_NO_DATA: '1', GIT_TRACE_REDACT: '1' };
const SILENCE_MS = 30_000;
const MOST_MS = 15 * 60_000;
const KEPT = 20_000;
/** curl's and git's words for a network that failed. */
const UNREACHED =
  /Could not resolve|Failed to connect|Couldn't connect|Connection (reset|refused|timed out)|timed? ?out|Empty reply|early EOF|RPC failed|unexpected disconnect|hung up|TLS|SSL/i;

export function runGit(args: readonly string[], options: RunOptions): Promise<string> {
  const { dir, env, input = '', silenceMs = SILENCE_MS, mostMs = MOST_MS, signal, remote = false } = options;
  return new Promise((resolve, reject) => {
    // A group of its own: git's helpers end with it.
    const child = spawn('git', [...args], {
      ...{ cwd: dir, env: remote ? { ...env, ...HEADERS } : env, detached: true },
      stdio: ['pipe', 'pipe', 'pipe', remote ? 'pipe' : 'ignore'],
    });
    const { stdin, stdout, stderr } = child;
    const out: Buffer[] = [];
    let said = '';
    let headers = '';
    let late: string | null = null;
    const stop = (why: string) => (): void => {
      late ??= why;
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // It has ended in between.
      }
    };
    let quiet = setTimeout(stop(`said nothing for ${silenceMs / 1000} s`), silenceMs);
    const most = setTimeout(stop(`was not done after ${mostMs / 1000} s`), mostMs);
    const alive = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(stop(`said nothing for ${silenceMs / 1000} s`), silenceMs);
    };
    const closed = stop('was ended, since nobody waits for it');
    signal?.addEventListener('abort', closed, { once: true });
    if (signal?.aborted) closed();
    stdout?.on('data', (chunk: Buffer) => {
      alive();
      out.push(chunk);
    });
    stderr?.on('data', (chunk: Buffer) => {
      alive();
      said = (said + chunk.toString()).slice(-KEPT);
    });
    (child.stdio[3] as Readable | null)?.on('data', (chunk: Buffer) => {
      headers = (headers + chunk.toString()).slice(-KEPT);
    });
    stdin?.on('error', () => undefined); // git may end before it has read everything; its exit code tells
    stdin?.end(input);
    const done = (): void => {
      clearTimeout(quiet);
      clearTimeout(most);
      signal?.removeEventListener('abort', closed);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      done();
      // The same code stands for a folder that is not there.
      const none = error.code === 'ENOENT' && existsSync(dir);
      const cure = 'git 2.34 or newer must be on the PATH of whatever runs Vigil or its jobs';
      reject(
        new GitFailed(none ? `there is no git here: ${cure}` : `git cannot be run: ${error.message}`, {
          cause: error,
        }),
      );
    });
    child.on('close', (code) => {
      done();
      const text = Buffer.concat(out).toString();
      // A page says 200 to everything, and git takes what has no rows for a repository without branches.
      const foreign = answers(headers).some(
        (one) => one.startsWith('200') && /Recv header: content-type: *(?!application\/x-git-)\S/i.test(one),
      );
      if (foreign) late ??= 'was answered with something that is not git’s';
      if (code === 0 && late === null) return resolve(text);
      const name = args.find((arg) => /^[a-z]/.test(arg) && !arg.includes('=')) ?? '';
      const failed = new GitFailed(`git ${name} ${late ?? `ended with ${code}`}: ${words(said, text)}`);
      failed.silent = late !== null && !foreign;
      Object.assign(failed, answered(headers));
      if (foreign || (remote && (failed.status ?? 200) < 300))
        failed.status = late !== null || UNREACHED.test(said) ? 500 : undefined;
      reject(failed);
    });
  });
}

/** Each answer's headers, which begin with its status. */
const answers = (headers: string): string[] => headers.split(/Recv header: HTTP\/\S+ /).slice(1);

/** The last answer; Retry-After is in seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#name-retry-after). */
function answered(headers: string): Pick<GitFailed, 'status' | 'retryAfterMs'> {
  const last = answers(headers).at(-1) ?? '';
  const status = /^\d{3}/.exec(last)?.[0];
  const told = /Recv header: retry-after: *([^\r\n]+)/i.exec(last)?.[1]?.trim() ?? '';
  const ms = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return {
    status: status === undefined ? undefined : Number(status),
    retryAfterMs: Number.isFinite(ms) ? Math.max(0, ms) : null,
  };
}

/** What it said without its progress, which overwrites itself on a terminal. */
function words(said: string, out: string): string {
  const lines = `${said}\n${out}`.split(/[\r\n]+/).map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^(remote: )?\w[\w ]*: +\d+%/.test(line));
  return telling.join('\n').slice(0, 4000) || 'it said nothing';
}
