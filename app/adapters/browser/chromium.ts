// Finds and starts a Chromium: one process, headless, with a profile of its own that is deleted at its end.
// It must never hand our environment to the browser, open a debugging port, or outlive this process.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { access, constants, mkdtemp } from 'node:fs/promises';
import { constants as os, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';

// Headless shells first: with the same memory they serve several times more sessions than a full Chromium. Debian has shell
// scripts in /usr/bin, which wait for the program. So the program itself is named.
const WELL_KNOWN = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/bin/chrome-headless-shell',
  '/usr/local/bin/chrome-headless-shell',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// https://peter.sh/experiments/chromium-command-line-switches/: no first-run pages, no traffic of its own.
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--mute-audio',
];

export type Chromium = { readonly browser: Browser; close(): Promise<void> };

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

/**
 * Starts the executable and talks to it over a pipe. So nobody else on the machine can connect, and the browser ends with
 * this process in every case. Chromium's own sandbox cannot run as root, so it is off then. In all other cases it is on
 * unless the caller says `noSandbox`, because the page of a service in trouble must not be trusted.
 */
export async function launchChromium(
  path: string,
  options: { readonly noSandbox?: boolean; readonly timeoutMs?: number } = {},
): Promise<{ ok: true; chromium: Chromium } | { ok: false; reason: string }> {
  let home = '';
  const remove = () => {
    if (home !== '') rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const flags = [
    ...FLAGS,
    ...(options.noSandbox === true || process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  let env = {};
  try {
    home = await mkdtemp(join(tmpdir(), 'vigil-browser-'));
    env = { HOME: home, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' };
    const browser = await puppeteer.launch({
      executablePath: path,
      pipe: true,
      ignoreDefaultArgs: true,
      args: [...flags, `--user-data-dir=${join(home, 'profile')}`],
      env,
      defaultViewport: { width: 1280, height: 900 },
      waitForInitialPage: false,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: options.timeoutMs ?? 30_000,
      protocolTimeout: 60_000,
    });
    const forget = endWithProcess(remove);
    const child = browser.process();
    // What was started may be a script that waits for the browser. It leads their group, so all go when it goes.
    child?.once('exit', () => killGroup(child.pid));
    // A pipe breaks when the browser dies with words unread, also after puppeteer has stopped to listen for that.
    for (const pipe of child?.stdio ?? []) pipe?.on('error', () => {});
    const close = async () => {
      // The browser is killed at once. Nothing in this profile needs a clean shutdown, and a hung browser would not answer.
      const gone = child === null || child.exitCode !== null || child.signalCode !== null;
      const exited = gone ? Promise.resolve() : new Promise<void>((done) => child.once('exit', () => done()));
      if (!gone) killGroup(child.pid);
      await exited;
      await browser.disconnect().catch(() => {});
      forget();
      remove();
    };
    return { ok: true, chromium: { browser, close } };
  } catch (error) {
    const said = await whyNot(path, [...flags, `--user-data-dir=${join(home, 'again')}`], env);
    remove();
    const thrown = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    return { ok: false, reason: `Chromium at ${path} did not start: ${said ?? thrown}` };
  }
}

// The launcher kills the browser when this process exits. Two things are left to do here: delete the profile, and handle
// signals, which end a process without an exit event. If somebody else handles a signal, the browser ends when they exit.
function endWithProcess(remove: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) === 0) process.exit(128 + os.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.once('exit', remove);
  for (const signal of signals) process.once(signal, onSignal);
  return () => {
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The process has ended in the meantime.
  }
}

// Over a pipe, a browser that ends at once does not tell why. So it is started once more without the pipe, and then it does.
async function whyNot(
  path: string,
  flags: readonly string[],
  env: Record<string, string>,
): Promise<string | null> {
  const probe = promisify(execFile)(path, [...flags, '--dump-dom', 'about:blank'], { env, timeout: 10_000 });
  const said = await probe.then(
    ({ stderr }) => stderr,
    (error) => String(error.stderr ?? ''),
  );
  return said.split('\n').find((line) => /no usable sandbox|shared librar|FATAL/i.test(line)) ?? null;
}
