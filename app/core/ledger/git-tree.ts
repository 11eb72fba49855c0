// Git's tree objects: read, written, and changed along paths without a worktree or an index file. Pure over an object store.
// Must never touch an entry that no change names: whatever else lies in a tree stays as it is.
import type { GitType } from '#core/text/hash';

/** `name` holds git's bytes one a character (latin1), so that names in no known encoding survive. */
export type TreeEntry = { mode: string; name: string; id: string };

/** Where objects are read and written. A missing object is an exception. */
export type Objects = {
  tree(id: string): Promise<readonly TreeEntry[]>;
  blob(id: string): Promise<string>;
  write(type: GitType, content: Uint8Array): Promise<string>;
};

/** New text of a file, or how it follows from the text before; null is no file. */
export type Change =
  | { path: string; text: string | null }
  | { path: string; edit: (before: string | null) => string | null };

export const TREE_MODE = '40000';
export const FILE_MODE = '100644';

/** https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function decodeTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.toString('latin1', at, space),
      name: bytes.toString('latin1', space + 1, end),
      id: bytes.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** Git orders entries by their bytes, a folder as if its name ended with a slash. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const order = ({ mode, name }: TreeEntry): string => (mode === TREE_MODE ? `${name}/` : name);
  const sorted = [...entries].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const bytes = Buffer.alloc(sorted.reduce((sum, { mode, name }) => sum + mode.length + name.length + 22, 0));
  let at = 0;
  for (const { mode, name, id } of sorted) {
    at += bytes.write(`${mode} ${name}\0`, at, 'latin1');
    at += bytes.write(id, at, 'hex');
  }
  return bytes;
}

/** The tree with these changes; null when nothing is left of it. Only trees on the way to a change are read and written. */
export async function applyChanges(
  objects: Objects,
  root: string | null,
  changes: readonly Change[],
): Promise<string | null> {
  const entries = new Map((root === null ? [] : await objects.tree(root)).map((one) => [one.name, one]));
  const groups = Map.groupBy(changes, ({ path }) => path.split('/', 1)[0] ?? '');
  for (const [name, group] of groups) {
    const before = entries.get(name);
    const inside = group.filter(({ path }) => path.length > name.length);
    const [own] = group.filter(({ path }) => path === name);
    if (own) {
      const file = before && before.mode !== TREE_MODE ? before : null;
      const text = 'edit' in own ? own.edit(file && (await objects.blob(file.id))) : own.text;
      if (text === null) {
        if (file) entries.delete(name);
      } else entries.set(name, { mode: FILE_MODE, name, id: await objects.write('blob', Buffer.from(text)) });
    }
    if (inside.length === 0) continue;
    const folder = before?.mode === TREE_MODE ? before.id : null;
    const rest = inside.map((change) => ({ ...change, path: change.path.slice(name.length + 1) }));
    const id = await applyChanges(objects, folder, rest);
    if (id !== null) entries.set(name, { mode: TREE_MODE, name, id });
    else if (folder !== null) entries.delete(name);
  }
  return entries.size === 0 ? null : objects.write('tree', encodeTree([...entries.values()]));
}

/** The entry at a path; null when there is none. */
export async function entryAt(
  objects: Pick<Objects, 'tree'>,
  root: string,
  path: string,
): Promise<TreeEntry | null> {
  let at: TreeEntry = { mode: TREE_MODE, name: '', id: root };
  for (const part of path.split('/')) {
    if (at.mode !== TREE_MODE) return null;
    const next = (await objects.tree(at.id)).find(({ name }) => name === part);
    if (!next) return null;
    at = next;
  }
  return at;
}
