// Finds and starts a Chromium: one process, headless, with a profile of its own that is deleted at its end.
// It must never hand our environment to the browser, open a debugging port, or outlive this process.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { access, constants, mkdtemp, realpath, rm } from 'node:fs/promises';
import { constants as os, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import puppeteer, { type Browser } from 'puppeteer-core';
import { overPipes } from './pipe.ts';
import { TooLate, within } from './within.ts';

// Headless shells first: with the same memory they serve several times more sessions than a full Chromium.
const WELL_KNOWN = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chrome-headless-shell',
  '/usr/local/bin/chrome-headless-shell',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// Scripts that wait for the program, or become it. Who starts the program itself can see it die, and ends it for certain.
const BEHIND: Readonly<Record<string, string>> = {
  '/usr/bin/chromium': '/usr/lib/chromium/chromium',
  '/usr/bin/chromium-headless-shell': '/usr/lib/chromium/chromium-headless-shell',
  '/opt/google/chrome/google-chrome': '/opt/google/chrome/chrome',
};

// https://peter.sh/experiments/chromium-command-line-switches/: no first-run pages, no traffic of its own.
const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--mute-audio',
  // A page that eats memory ends at this, and not when the machine has none left. Shops need a tenth of it.
  '--js-flags=--max-old-space-size=1024',
];

export type Chromium = {
  readonly browser: Browser;
  /** Of what was started, which leads the group of all its processes. */
  readonly pid: number;
  close(): Promise<void>;
};

/** Whether this user may execute the file. */
export const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The first well-known Chromium that this user may execute and that `accept` does not turn down. Null: there is none. */
export async function findChromium(
  accept: (path: string) => Promise<boolean> = async () => true,
): Promise<string | null> {
  for (const path of WELL_KNOWN) if ((await isExecutable(path)) && (await accept(path))) return path;
  return null;
}

/** The program behind a script of a distribution; any other path as it is. */
async function programOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => path);
  const program = BEHIND[path] ?? BEHIND[real];
  return program !== undefined && (await isExecutable(program)) ? program : path;
}

/**
 * Starts the executable and talks to it over a pipe. So nobody else on the machine can connect, and the browser ends with
 * this process in every case. Chromium's own sandbox cannot run as root, so it is off then. In all other cases it is on
 * unless the caller says `noSandbox`, because the page of a service in trouble must not be trusted.
 */
export async function launchChromium(
  path: string,
  options: { readonly noSandbox?: boolean; readonly timeoutMs?: number } = {},
): Promise<{ ok: true; chromium: Chromium } | { ok: false; reason: string }> {
  let close = async () => {};
  let said = () => '';
  try {
    const home = await mkdtemp(join(tmpdir(), 'vigil-browser-'));
    const remove = () => rmSync(home, { recursive: true, force: true });
    let forget = endWithProcess(remove);
    close = async () => {
      forget();
      remove();
    };
    const boxed = options.noSandbox !== true && process.getuid?.() !== 0;
    const child = spawn(
      await programOf(path),
      [...FLAGS, ...(boxed ? [] : ['--no-sandbox']), `--user-data-dir=${join(home, 'profile')}`],
      {
        env: { HOME: home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' },
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    let gone = false;
    const kill = () => {
      if (!gone) killGroup(child.pid);
    };
    forget();
    forget = endWithProcess(() => {
      kill();
      remove();
    });
    const ended = endOf(child);
    // What was started may be a script that waits for the browser. It leads their group, so all go when it goes.
    void ended.then(() => {
      kill();
      gone = true; // from now on, its number may be that of somebody else
    });
    said = listen(child.stderr as Readable);
    const transport = overPipes(child.stdio[3] as Writable, child.stdio[4] as Readable);
    close = async () => {
      // The browser is killed at once. Nothing in this profile needs a clean shutdown, and a hung browser would not answer.
      kill();
      await ended;
      transport.end();
      for (const pipe of child.stdio) pipe?.destroy();
      forget();
      // What it left behind may write for a moment more.
      await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }).catch(remove);
    };
    const early = ended.then(async (how) => {
      await within(500, once(child, 'close')).catch(() => {}); // its last words are still on their way
      throw new Error(how);
    });
    early.catch(() => {});
    const connecting = puppeteer.connect({
      transport,
      defaultViewport: { width: 1280, height: 900 },
      protocolTimeout: 60_000,
    });
    // A pipe breaks before the end of the process is heard of, and the end tells more.
    const started = connecting.catch(async (error) => {
      await within(1_000, early).catch((end) => Promise.reject(end instanceof TooLate ? error : end));
      throw error;
    });
    const browser = await within(options.timeoutMs ?? 30_000, Promise.race([started, early]));
    return { ok: true, chromium: { browser, pid: child.pid ?? 0, close } };
  } catch (error) {
    await close();
    const thrown = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    return { ok: false, reason: `Chromium at ${path} did not start: ${said() || thrown}` };
  }
}

/** How the child ended, as soon as it has. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    // An error is also what a kill says that comes too late.
    child.on('error', (error) => child.pid === undefined && done(error.message));
    child.on('exit', (code, signal) => done(signal ? `it was ended by ${signal}` : `it ended with ${code}`));
  });
}

/** Reads all that it says, because a full pipe would stop it. What it tells of why it cannot start is kept. */
function listen(stderr: Readable): () => string {
  let heard = '';
  stderr.on('error', () => {});
  stderr.on('data', (chunk: Buffer) => {
    if (heard.length < 20_000) heard += chunk.toString();
  });
  return () => heard.split('\n').find((line) => /no usable sandbox|shared librar|FATAL/i.test(line)) ?? '';
}

// Signals end a process without an exit event. If somebody else handles a signal, the browser ends when they exit.
function endWithProcess(end: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) === 0) process.exit(128 + os.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.once('exit', end);
  for (const signal of signals) process.once(signal, onSignal);
  return () => {
    process.off('exit', end);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of them have ended in the meantime.
  }
}
