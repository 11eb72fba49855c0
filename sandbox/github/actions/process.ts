// Runs one process of a step in a process group of its own. Must never leave a group alive that it was told to end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Command = { file: string; args: string[]; cwd: string; env: Record<string, string> };
export type Control = {
  line(text: string): void;
  groups: Set<number>; // every group that may still hold a process
  halt: AbortSignal; // asks politely, then less so
  force: AbortSignal; // ends at once
};
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
const TERM_MS = 7_500;
const KILL_MS = 10_000;
const DRAIN_MS = 500;

/** Resolves to the exit code, or null when a signal ended the process. Rejects when it cannot be started. */
export async function execute(command: Command, control: Control): Promise<number | null> {
  const { file, args, cwd, env } = command;
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await once(child, 'spawn');
  const group = child.pid ?? 0;
  control.groups.add(group);
  const drained = [child.stdout, child.stderr].map((stream) => {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', control.line);
    return once(lines, 'close');
  });
  const timers: NodeJS.Timeout[] = [];
  const halt = () => {
    signal(group, 'SIGINT');
    timers.push(setTimeout(() => signal(group, 'SIGTERM'), TERM_MS));
    timers.push(setTimeout(() => signal(group, 'SIGKILL'), KILL_MS));
  };
  const force = () => signal(group, 'SIGKILL');
  const exited = once(child, 'exit');
  if (control.halt.aborted) halt();
  if (control.force.aborted) force();
  control.halt.addEventListener('abort', halt);
  control.force.addEventListener('abort', force);
  process.once('exit', force); // a step must not outlive the runner
  try {
    const [code] = await exited;
    // A process left in the background may hold the pipes open; it does not hold up the step.
    await Promise.race([
      Promise.all(drained),
      new Promise((done) => timers.push(setTimeout(done, DRAIN_MS))),
    ]);
    return typeof code === 'number' ? code : null;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    control.halt.removeEventListener('abort', halt);
    control.force.removeEventListener('abort', force);
    process.removeListener('exit', force);
  }
}

/** Ends every process a job has left behind. */
export function endGroups(groups: Set<number>): void {
  for (const group of groups) signal(group, 'SIGKILL');
  groups.clear();
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    if (group > 0) process.kill(-group, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
