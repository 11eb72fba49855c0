// Reads the template of an installation. Must never follow a link, or take a file that is no text.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Files } from './render.ts';

/** Every file below the folder, by its path there with forward slashes. */
export async function readTemplate(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files
    .sort()
    .map(
      async (path) => [relative(folder, path).replaceAll('\\', '/'), await readFile(path, 'utf8')] as const,
    );
  return Object.fromEntries(await Promise.all(read));
}
