// What a tree of processes cost, read from /proc: CPU of all that still live and of their children that ended, and memory in
// proportion (PSS). It must never count a process twice.
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

/** MB in proportion, of the root alone and of all below it. */
export function memoryOf(root: number): { client: number; browser: number } {
  const pss = (pid: number): number => {
    try {
      return (
        Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
      );
    } catch {
      return 0;
    }
  };
  const below = tree(root).filter(({ pid }) => pid !== root);
  return { client: pss(root), browser: below.reduce((sum, { pid }) => sum + pss(pid), 0) };
}
