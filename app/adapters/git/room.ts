// Whether there is room on the disks that facts are written on: found out before a fact is lost, and when there is room again.
// Must never leave anything behind, nor take more than what one fact may need.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What was said when a disk is full. git has its own words for it. */
export const FULL = /ENOSPC|EDQUOT|No space left|disk quota exceeded/i;

const NAME = '.room';
const ONE_FACT = Buffer.alloc(256 * 1024);

/** Null: there is room in all of them. Otherwise why not. */
export async function roomIn(dirs: readonly string[]): Promise<string | null> {
  for (const dir of dirs) {
    const path = join(dir, NAME);
    const fault = await writeFile(path, ONE_FACT, { flush: true }).then(
      () => null,
      (error: Error) => error.message,
    );
    await rm(path, { force: true }).catch(() => undefined);
    if (fault !== null) return fault;
  }
  return null;
}
