// Runs one process of a step in a process group of its own, and ends what a job leaves behind. Must never leave a process
// alive that it was told to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

export type Command = { file: string; args: string[]; cwd: string; env: Record<string, string> };
export type Control = {
  line(text: string): void;
  groups: Set<number>; // every group that may still hold a process
  minute: number; // milliseconds
  halt: AbortSignal; // asks politely, then less so
  force: AbortSignal; // ends at once
};
// In parts of a minute: 7.5 s after SIGINT comes SIGTERM, 2.5 s later the end; outputs that stay open are read for 5 s.
// https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
const TERM = 7.5 / 60;
const KILL = 10 / 60;
const DRAIN = 5 / 60;
const LEAST_DRAIN_MS = 500;

/** Resolves to the exit code; a signal that ended the process counts as a shell counts it. Rejects when it cannot be started. */
export async function execute(command: Command, control: Control): Promise<number> {
  const { file, args, cwd, env } = command;
  const { minute } = control;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child, 'spawn');
  const group = child.pid ?? 0;
  control.groups.add(group);
  let reading = true;
  const drained = [child.stdout, child.stderr].map((stream) =>
    eachLine(stream, (text) => reading && control.line(text)),
  );
  const timers: NodeJS.Timeout[] = [];
  // Asked is the one process of the step: what it has started is not, and a shell waits for that.
  const halt = () => {
    signal(group, 'SIGINT');
    timers.push(setTimeout(() => signal(group, 'SIGTERM'), TERM * minute));
    timers.push(setTimeout(() => signal(-group, 'SIGKILL'), KILL * minute));
  };
  const force = () => signal(-group, 'SIGKILL');
  const exited = once(child, 'exit');
  if (control.halt.aborted) halt();
  if (control.force.aborted) force();
  control.halt.addEventListener('abort', halt);
  control.force.addEventListener('abort', force);
  process.prependOnceListener('exit', force); // a step must outlive neither the runner nor its folder
  try {
    const [code, ended] = await exited;
    for (const timer of timers) clearTimeout(timer); // what it has started lives until the job ends
    // A process left in the background may hold the outputs open; it does not hold up the step for long.
    const patience = Math.max(LEAST_DRAIN_MS, DRAIN * minute);
    await Promise.race([
      Promise.all(drained),
      new Promise((done) => timers.push(setTimeout(done, patience))),
    ]);
    return typeof code === 'number' ? code : 128 + signals[ended as NodeJS.Signals];
  } finally {
    reading = false;
    for (const timer of timers) clearTimeout(timer);
    control.halt.removeEventListener('abort', halt);
    control.force.removeEventListener('abort', force);
    process.removeListener('exit', force);
  }
}

const { signals } = constants;

/** Hands on each line of a stream, however it ends; resolves at the end of the stream. */
export function eachLine(stream: Readable, line: (text: string) => void): Promise<unknown> {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const one of lines) line(one);
  });
  return once(stream, 'end').then(() => rest !== '' && line(rest.replace(/\r$/, '')));
}

/**
 * Ends every process a job has left behind: those of its groups, and those that have moved to a group of their own but
 * still carry the job's mark. https://github.com/actions/runner/blob/main/src/Runner.Worker/JobExtension.cs
 */
export async function endLeftovers(groups: Set<number>, mark: string): Promise<void> {
  for (const group of groups) signal(-group, 'SIGKILL');
  groups.clear();
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').includes(`RUNNER_TRACKING_ID=${mark}`)) signal(Number(pid), 'SIGKILL');
  }
}

/** To a process, or to a group by its negative number. */
function signal(to: number, name: NodeJS.Signals): void {
  try {
    if (to !== 0) process.kill(to, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
