// Lock files and half-written objects that a killed process left in a clone. Git never removes them by itself.
// Must never be called on a clone in which another process may be at work: a folder has one owner.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all of them and says which, by their paths inside the clone. */
export async function removeLocks(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const left = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => /\.lock$|[/\\](tmp_(obj|pack|idx|rev)_|\.tmp-)[^/\\]*$/.test(path));
  await Promise.all(left.map((path) => rm(path, { force: true })));
  return left.map((path) => path.slice(dir.length + 1)).sort();
}

/** Whether git failed because somebody seemed to be at work in the clone. */
export const isLocked = (error: unknown): boolean =>
  /\.lock'?: File exists|Another git process seems|could not lock|cannot lock ref|shallow file has changed/i.test(
    String(error),
  );
