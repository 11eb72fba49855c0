// Runs one git process. Talking to a remote may take long, but never in silence: a time-out counts from the last sign of life.
// Must never put a secret into an argument; what git needs to know of one is in its environment.
import { spawn } from 'node:child_process';

/** git failed; the message is what it said. */
export class GitFailed extends Error {
  override name = 'GitFailed';
}

export type RunOptions = {
  dir: string;
  env: Record<string, string>;
  input?: string;
  /** So long may it say nothing, and so long may it take at most. */
  silenceMs?: number;
  mostMs?: number;
};
const SILENCE_MS = 30_000;
const MOST_MS = 15 * 60_000;
const KEPT = 20_000;

export function runGit(args: readonly string[], options: RunOptions): Promise<string> {
  const { dir, env, input = '', silenceMs = SILENCE_MS, mostMs = MOST_MS } = options;
  return new Promise((resolve, reject) => {
    // A group of its own: git's helpers end with it.
    const child = spawn('git', [...args], { cwd: dir, env, detached: true });
    const out: Buffer[] = [];
    let said = '';
    let late: string | null = null;
    const stop = (why: string) => (): void => {
      late = why;
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
    child.stdout.on('data', (chunk: Buffer) => {
      alive();
      out.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      alive();
      said = (said + chunk.toString()).slice(-KEPT);
    });
    child.stdin.on('error', () => undefined); // git may end before it has read everything; its exit code tells
    child.stdin.end(input);
    const done = (): void => {
      clearTimeout(quiet);
      clearTimeout(most);
    };
    child.on('error', (error) => {
      done();
      reject(new GitFailed(`git cannot be run: ${error.message}`, { cause: error }));
    });
    child.on('close', (code) => {
      done();
      const text = Buffer.concat(out).toString();
      if (code === 0 && late === null) resolve(text);
      else
        reject(
          new GitFailed(
            `git ${args.find((arg) => /^[a-z]/.test(arg) && !arg.includes('=')) ?? ''} ${late ?? `ended with ${code}`}: ${words(said, text)}`,
          ),
        );
    });
  });
}

/** What it said without its progress, which overwrites itself on a terminal. */
function words(said: string, out: string): string {
  const lines = `${said}\n${out}`.split(/[\r\n]+/).map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^(remote: )?\w[\w ]*: +\d+%/.test(line));
  return telling.join('\n').slice(0, 4000) || 'it said nothing';
}
