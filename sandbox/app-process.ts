// The real app as a process of its own, configured through its environment like anywhere else.
// It must never be imported and run inside the sandbox: what is killed here is what would be killed in production.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type AppProcess = {
  url: string;
  child: ChildProcess;
  log: string;
  kill(signal: NodeJS.Signals): Promise<void>;
};
const START_MS = 90_000; // a loaded machine takes its time, and whoever does not start at all is seen at once
const DRAIN_MS = 5_000; // how long it may take to finish what it has claimed

/** One that nobody listens on. It lies below those that a machine gives to its own connections, which would take it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(16_000, 32_000);
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => probe.close(resolve));
    if (free) return port;
  }
}

/** Starts what listens on a port that was free a moment ago. Somebody else may have taken it since; then on another. */
export async function onFreePort<T>(begin: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await begin(await freePort());
    } catch (error) {
      if (tries === 3 || !/EADDRINUSE|another process listens/.test(String(error))) throw error;
    }
  }
}

/** Starts `node app/server.ts` and waits until it is at work: it answers before that, and takes nothing. */
export async function startApp(
  root: string,
  log: string,
  port: number,
  environment: Record<string, string>,
): Promise<AppProcess> {
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [join(root, 'app/server.ts')], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      ...environment,
    },
    // The channel carries nothing: its end tells the app that whoever started it is gone, however that came.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const file = createWriteStream(log, { flags: 'a' });
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  // Whatever ends this process ends the app it started.
  const orphan = (): void => void child.kill('SIGKILL');
  // Before its folder goes, or it would put something back.
  process.prependOnceListener('exit', orphan);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const patience = setTimeout(orphan, DRAIN_MS);
    await exited;
    clearTimeout(patience);
    process.removeListener('exit', orphan);
    file.end();
  };
  for (const deadline = Date.now() + START_MS; ; ) {
    const status = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) })
      .then(async (answer) => (await answer.json()) as { status: string })
      .catch(() => ({ status: 'starting' }));
    if (status.status !== 'starting') return { url, child, log, kill };
    if (child.exitCode !== null || Date.now() > deadline) {
      await kill('SIGKILL');
      throw new Error(`the app did not start; the end of its log:\n${await lastLines(log)}`);
    }
    await pause(50);
  }
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}
