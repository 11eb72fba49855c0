// One process owns a data folder: two would take over each other's running claims and write into the same clones.
// Must never let a second one in, nor keep the next one out after a kill.
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

type Owner = { host: string; pid: number; started: string | null };

const BEAT_MS = 10_000;
/** An owner on another machine cannot be asked whether it lives; its file tells as long as it is touched. */
const SILENT_MS = 60_000;

export class Owned extends Error {
  override name = 'Owned';
}

/** Takes the folder; gives what ends that. Throws `Owned` in words for an operator. */
export async function own(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'owner.json');
  const self: Owner = { host: hostname(), pid: process.pid, started: await startOf(process.pid) };
  const take = (): Promise<void> => writeFile(path, `${JSON.stringify(self)}\n`, { flag: 'wx', mode: 0o600 });
  await take().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    const other = await read(path);
    if (other && (await lives(other, path, self)))
      throw new Owned(
        `process ${other.pid} on ${other.host} already works in ${dir}; stop it first, or give this one another VIGIL_REPLICA or VIGIL_DATA_DIR`,
      );
    await rm(path, { force: true });
    await take();
  });
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined); // the folder may be gone, which others will say
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await rm(path, { force: true });
  };
}

async function read(path: string): Promise<Owner | null> {
  try {
    const { host, pid, started } = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner>;
    return typeof host === 'string' && Number.isInteger(pid)
      ? { host, pid: pid ?? 0, started: started ?? null }
      : null;
  } catch {
    return null; // half a file: whoever wrote it died over it
  }
}

async function lives(other: Owner, path: string, self: Owner): Promise<boolean> {
  if (other.host !== self.host) {
    const touched = await stat(path).catch(() => null);
    return touched !== null && Date.now() - touched.mtimeMs < SILENT_MS;
  }
  if (other.pid === self.pid) return other.started === self.started && self.started !== null;
  const started = await startOf(other.pid);
  if (started === null) return other.started === null && signalled(other.pid);
  return other.started === null || other.started === started;
}

function signalled(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, as Linux has it: numbers of processes come again. Null where that cannot be read. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The name in parentheses may hold anything (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html).
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
