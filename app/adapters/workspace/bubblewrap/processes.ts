// Finds and ends the processes of a workspace, also those that another process began. Bubblewrap has the run's tag in its command
// line and is process 1 of its workspace, so where none has it, nothing of that workspace lives: the kernel ends all with process 1.
// It must never end a process by its number alone, because numbers are given again.
import { readdirSync, readFileSync } from 'node:fs';
import type { Watch } from '../port.ts';

const PATIENCE_MS = 10_000;
const LOOK_MS = 20;

/** The process ids of this run's bubblewrap: the one outside and process 1 inside. A dead one has no command line any more. */
export function processesOf(tag: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [program = '', ...words] = commandLine(pid);
      return /(^|\/)bwrap$/.test(program) && words.includes(tag);
    })
    .map(Number);
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it ended meanwhile
  }
}

/** Kills all of it and waits until the kernel has. False: something of it is still there. */
export async function endProcesses(tag: string, watch: Watch): Promise<boolean> {
  const until = watch.now() + PATIENCE_MS;
  for (;;) {
    const left = processesOf(tag);
    if (left.length === 0) return true;
    if (watch.now() > until) return false;
    for (const pid of left) kill(pid);
    await watch.pause(LOOK_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it ended meanwhile, or it is another user's: the next look tells
}
