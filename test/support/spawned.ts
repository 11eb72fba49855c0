// Runs a command line of `vigil` as a process of its own, as somebody at a shell does. It must never share memory with
// the test: what is seen is what a user sees.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const cli = join(import.meta.dirname, '../../app/cli/index.ts');

export const spawned = (cwd: string, args: readonly string[], input = '') =>
  finished(process.execPath, [cli, ...args], cwd, input);

/** `npm run -s …`, by the npm of this machine. */
export const npmRun = (cwd: string, args: readonly string[]) =>
  finished('npm', ['run', '-s', ...args], cwd, '');

async function finished(program: string, args: readonly string[], cwd: string, input: string) {
  const child = spawn(program, args, { cwd, timeout: 60_000 });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

/** The objects of JSON Lines. */
export const objects = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
