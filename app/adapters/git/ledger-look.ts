// One look at the ledger for those who only read it, jobs and commands: the index first, then the incidents that are asked for.
// Must never go on without an index it can read: a hold or a lease could stand in it.
import { decodeIndex, emptyIndex, INDEX_PATH, type OpenIndex } from '#core/incident/open-index';
import { readCommit } from '#core/ledger/commit';
import { entryAt } from '#core/ledger/git-tree';
import { keysNumbered, numbersPath } from '#core/ledger/numbers';
import type { Told } from '#core/trust/summary';
import { openHistory } from './ledger-history.ts';
import { type Loaded, loadIncidents } from './ledger-read.ts';
import type { Store } from './store.ts';

export type Look = {
  /** Why the index cannot be read; only for those who asked to go on nevertheless. */
  fault: string | null;
  commit: string;
  root: string;
  index: OpenIndex;
  load(key: string): Promise<Loaded | null>;
  /** Every open incident that can be read, and what sealed ones left. */
  past(): Promise<Told[]>;
  numbered(number: number): Promise<string[]>;
};

/** The ledger as the remote has it now; null: there is no such branch. */
export async function lookAtLedger(store: Store, branch: string, how?: 'index or not'): Promise<Look | null> {
  const commit = await store.fetch(branch);
  if (commit === null) return null;
  const { tree: root } = readCommit(await store.commitOf(commit));
  const text = async (path: string): Promise<string | null> => {
    const entry = await entryAt(store, root, path);
    return entry?.mode.startsWith('100') ? store.blob(entry.id) : null;
  };
  const decoded = decodeIndex((await text(INDEX_PATH)) ?? '');
  if (!decoded.ok && !how) throw new Error(`${INDEX_PATH} of ${branch} cannot be read: ${decoded.reason}`);
  const index = decoded.ok ? decoded.index : emptyIndex;
  return {
    ...{ fault: decoded.ok ? null : decoded.reason, commit, root, index },
    load: async (key) => (await loadIncidents(store, root, [key])).get(key) ?? null,
    async past() {
      const loaded = await loadIncidents(store, root, Object.keys(index.open));
      const open = [...loaded.values()].flatMap((one) => (one.ok ? [one.incident] : []));
      return [...open, ...(await openHistory(store)(root))];
    },
    numbered: async (number) => keysNumbered(await text(numbersPath(number)), number),
  };
}
