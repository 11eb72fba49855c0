// What this process and all that it started have cost so far, read from /proc: of what still lives, and of children that ended.
// It must never count a process twice, nor guess where there is no /proc.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS = 100; // USER_HZ, the same on every Linux of today
type Process = {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  readonly ended: number;
};

function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      if (!/^\d+$/.test(name)) return [];
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name of the program stands in brackets and may hold anything.
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
      const [own, ended] = [user + system, endedUser + endedSystem];
      return [{ pid: Number(name), parent: fields[1] ?? 0, own, ended }];
    } catch {
      return []; // it ended in the meantime
    }
  });
}

/** A process and all below it. */
export function tree(root: number): Process[] {
  const all = processes();
  const found = all.filter(({ pid }) => pid === root);
  for (const one of found) found.push(...all.filter(({ parent }) => parent === one.pid));
  return found;
}

/** CPU seconds since they began: of the root alone, and of all below it. */
export function cpuOf(root: number): { client: number; browser: number } {
  const all = tree(root);
  const client = all.find(({ pid }) => pid === root);
  const below = all.filter(({ pid }) => pid !== root);
  const ticks = below.reduce((sum, { own, ended }) => sum + own + ended, client?.ended ?? 0);
  return { client: (client?.own ?? 0) / TICKS, browser: ticks / TICKS };
}

/** CPU seconds of this process and its browsers. Null: nobody can tell. */
export function cpuHere(): number | null {
  try {
    const { client, browser } = cpuOf(process.pid);
    return client === 0 ? null : client + browser;
  } catch {
    return null; // no /proc
  }
}
