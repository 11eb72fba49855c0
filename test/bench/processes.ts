// What a tree of processes takes of memory, read from /proc, in proportion (PSS) and resident (RSS). It must never count a process twice.
import { readFileSync } from 'node:fs';
import { tree } from '#adapters/browser/swarm/cpu';

export { cpuOf } from '#adapters/browser/swarm/cpu';

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
