// Starts a command of the sandbox in a temporary folder of its own, and finds whatever of it is left: processes and files.
// It must never look at a process that has nothing to do with that folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installedChromium } from '../../sandbox/browser.ts';
import { root } from './files.ts';

export type Begun = {
  folder: string;
  child: ChildProcess;
  /** Everything written until now. */
  out(): string;
  err(): string;
  /** Waits until it has said so. */
  says(pattern: RegExp): Promise<void>;
  /** Exit code and signal, once it has ended. */
  ended(): Promise<[number | null, NodeJS.Signals | null]>;
  /** Waits until nothing is left; gives what still is when time is over. */
  left(): Promise<string[]>;
  remove(): Promise<void>;
};

const PATIENCE_MS = 300_000;
const GONE_MS = 60_000; // how long it may take, on a busy machine, to end what it had started
const EMPTY_LOOKS = 3; // whoever ends just after having started another hides both from one look

/** Runs the words of a command line at the project's root. */
export async function begin(
  file: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<Begun> {
  const folder = await mkdtemp(join(tmpdir(), 'ends-'));
  const env = { ...process.env, TMPDIR: folder, CHROMIUM_PATH: await installedChromium(), CI: '', ...more };
  const child = spawn(file, args, { cwd: root, env, stdio: 'pipe' });
  const heard = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (heard.out += String(chunk)));
  child.stderr.on('data', (chunk) => (heard.err += String(chunk)));
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const until = async (done: () => boolean | Promise<boolean>, ms: number): Promise<boolean> => {
    for (const end = Date.now() + ms; Date.now() < end; await pause(50)) if (await done()) return true;
    return false;
  };
  const left = async (): Promise<string[]> => [
    ...(await processesOf(folder)),
    // npm keeps its own compiled code there, not ours.
    ...(await readdir(folder)).filter((name) => name !== 'node-compile-cache'),
  ];
  return {
    folder,
    child,
    out: () => heard.out,
    err: () => heard.err,
    async says(pattern) {
      if (!(await until(() => pattern.test(heard.out), PATIENCE_MS)))
        throw new Error(`it never said ${pattern}, but:\n${heard.out}\n${heard.err}`);
    },
    ended: () => exited,
    async left() {
      let [found, empty] = [['never looked'], 0];
      await until(async () => {
        found = await left();
        empty = found.length === 0 ? empty + 1 : 0;
        return empty === EMPTY_LOOKS;
      }, GONE_MS);
      return found;
    },
    async remove() {
      for (const line of await processesOf(folder)) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Processes that were given the folder in their environment or their arguments, or that work in it. */
async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if ([command, environment, place].some((text) => text.includes(folder)))
      found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 120)}`);
  }
  return found;
}
