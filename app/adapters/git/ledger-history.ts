// What sealed incidents left in the ledger's history files, each file read once as long as it does not change.
// Must never leave out a file that cannot be read: a failure could stand in it, and the rest would earn too much.
import { entryAt } from '#core/ledger/git-tree';
import { HISTORY_FOLDER, readHistory, type Summary } from '#core/trust/summary';
import type { Store } from './store.ts';

/** Gives all summaries at a root tree. */
export type Historian = (root: string | null) => Promise<Summary[]>;

export function openHistory(store: Store): Historian {
  let last: { id: string; summaries: Summary[] } = { id: '', summaries: [] };
  const days = new Map<string, Summary[]>();
  return async (root) => {
    const folder = root === null ? null : await entryAt(store, root, HISTORY_FOLDER);
    if (!folder) return [];
    if (folder.id === last.id) return last.summaries;
    const files = await filesBelow(store, folder.id);
    const summaries: Summary[] = [];
    for (const id of files) {
      const kept = days.get(id);
      const read = kept ? { ok: true as const, summaries: kept } : readHistory(await store.blob(id));
      if (!read.ok) throw new Error(`the ledger's history cannot be read: ${read.reason}`);
      days.set(id, read.summaries);
      summaries.push(...read.summaries);
    }
    for (const id of days.keys()) if (!files.includes(id)) days.delete(id);
    last = { id: folder.id, summaries };
    return summaries;
  };
}

/** Ids of all files below a tree, after fetching those that are missing. */
async function filesBelow(store: Store, tree: string): Promise<string[]> {
  await store.obtain([tree], 'deep');
  const entries = await store.tree(tree);
  await store.obtain(
    entries.map(({ id }) => id),
    'deep',
  );
  const inside = entries.map(({ id, mode }) => (mode.startsWith('100') ? [id] : filesBelow(store, id)));
  return (await Promise.all(inside)).flat();
}
