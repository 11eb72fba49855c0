// This project in a folder of its own, but for what a test changes of its settings and runbooks. Must never change the project itself.
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOfProcess } from '../../sandbox/folder.ts';
import { root } from './files.ts';

export type ChangedRoot = { path: string; remove(): Promise<void> };

/** `changes`: by the path of a file, what becomes of its text; a change that changes nothing is a mistake. */
export async function changedRoot(
  changes: Readonly<Record<string, (text: string) => string>>,
): Promise<ChangedRoot> {
  const folder = folderOfProcess('vigil-changed-');
  const path = join(folder.path, 'root');
  await mkdir(path);
  for (const name of ['actions', 'app', 'deploy', 'LICENSE', '.gitattributes'])
    await symlink(join(root, name), join(path, name));
  for (const name of ['.github', 'runbooks'])
    await cp(join(root, name), join(path, name), { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const before = await readFile(join(path, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${file} is as it was`);
    await writeFile(join(path, file), after);
  }
  return { path, remove: () => folder.remove() };
}
