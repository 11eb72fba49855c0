// What a tree of processes cost, read from /proc: CPU of all that still live and of their children that ended, and memory, in
// proportion (PSS) and resident (RSS). It must never count a process twice.
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

function tree(root: number): Process[] {
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

/**
 * MB of the root alone and of all below it in proportion, and `resident` of all below it, as `ps` shows it. What others on the machine run
 * of the same program makes PSS less, and RSS counts what two processes share twice: so both are told.
 */
export function memoryOf(root: number): { client: number; browser: number; resident: number } {
  const below = tree(root).filter(({ pid }) => pid !== root);
  const sum = (what: 'Pss' | 'Rss'): number => below.reduce((all, { pid }) => all + megabytes(pid, what), 0);
  return { client: megabytes(root, 'Pss'), browser: sum('Pss'), resident: sum('Rss') };
}

function megabytes(pid: number, what: 'Pss' | 'Rss'): number {
  try {
    const said = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(said)?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended in the meantime
  }
}
