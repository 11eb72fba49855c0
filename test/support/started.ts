// The real app as a process of its own with whatever settings a test gives it, also ones that it cannot start with.
// Must never give it a setting that the test did not name.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './files.ts';

export type Started = {
  child: ChildProcess;
  url: string;
  /** All that it said so far, on both channels. */
  said(): string;
  /** Its exit code, once it has ended by itself. */
  ended: Promise<number | null>;
  get(path: string): Promise<{ status: number; body: Record<string, unknown> }>;
  /** Asks /readyz until its answer is what is waited for; fails with the last answer. */
  untilReady(wanted: (ready: { status: number; body: Record<string, unknown> }) => boolean): Promise<Ready>;
  kill(): Promise<void>;
};
export type Ready = { status: number; body: Record<string, unknown> };

const PATIENCE_MS = 60_000;

export function begin(
  settings: Record<string, string>,
  [program = process.execPath, ...args] = command,
): Started {
  const child = spawn(program, args, {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const orphan = (): void => void child.kill('SIGKILL');
  process.once('exit', orphan);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => process.removeListener('exit', orphan));
  const url = `http://127.0.0.1:${settings['PORT']}`;
  const get = async (path: string): Promise<Ready> => {
    const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5000) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return {
    ...{ child, url, ended, get },
    said: () => said,
    async untilReady(wanted) {
      let last: Ready | null = null;
      for (
        const end = Date.now() + PATIENCE_MS;
        Date.now() < end && child.exitCode === null;
        await pause(50)
      ) {
        last = await get('/readyz').catch(() => null);
        if (last && wanted(last)) return last;
      }
      throw new Error(`it never came to that: ${JSON.stringify(last)}\n${said}`);
    },
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

const command: readonly string[] = [process.execPath, join(root, 'app/server.ts')];
