// A store that is made anew when it has grown: a fresh clone of what is needed now, beside the old one, which then goes. Nothing is
// packed or pruned in place, so that a kill at any moment leaves one whole clone. Must never switch to a clone that does not hold
// the commit that is known to be the ledger's newest.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore, type Store, type StoreOptions } from './store.ts';

export type RenewedStore = Store & {
  /** Whether there are so many files that a new clone is worth its while. */
  grown(): Promise<boolean>;
  /** Makes the next clone; nothing changes yet. */
  prepare(branch: string): Promise<void>;
  /** Goes over to it if the branch's commit there is this one; `false`: it is not, ask again when more is known. */
  renew(branch: string, commit: string): Promise<boolean>;
};

const MOST_FILES = 10_000;
/** Whoever began to read from the old clone has this long to finish. */
const GRACE_MS = 60_000;

export async function openRenewedStore(
  options: StoreOptions,
  branch: string,
  mostFiles = MOST_FILES,
): Promise<RenewedStore> {
  const { dir } = options;
  const open = (number: number): Promise<Store> => openStore({ ...options, dir: join(dir, `${number}`) });
  let { number, current } = await newest(dir, branch, open);
  let next: Store | null = null;
  const removals: NodeJS.Timeout[] = [];
  const remove = async (store: Store): Promise<void> => {
    store.close();
    await rm(store.dir, { recursive: true, force: true });
  };

  return {
    get dir() {
      return current.dir;
    },
    peek: (id) => current.peek(id),
    has: (id) => current.has(id),
    obtain: (ids, deep) => current.obtain(ids, deep),
    obtainCommits: (ids) => current.obtainCommits(ids),
    commitOf: (id) => current.commitOf(id),
    tree: (id) => current.tree(id),
    blob: (id) => current.blob(id),
    write: (type, content) => current.write(type, content),
    commit: (parts) => current.commit(parts),
    fetch: (name) => current.fetch(name),
    look: (name) => current.look(name),
    push: (commit, name) => current.push(commit, name),
    branches: (pattern) => current.branches(pattern),
    replace: (name, expected, commit) => current.replace(name, expected, commit),
    isAncestor: (one, of) => current.isAncestor(one, of),
    know: (commit, name) => current.know(commit, name),
    known: (name) => current.known(name),
    async grown() {
      const entries = await readdir(join(current.dir, 'objects'), { recursive: true });
      return entries.length > mostFiles;
    },
    async prepare(name) {
      if (next) await remove(next);
      next = await open(number + 1);
      await next.fetch(name);
    },
    async renew(name, commit) {
      if (!next || (await next.fetch(name)) !== commit) return false;
      const old = current;
      [current, next, number] = [next, null, number + 1];
      removals.push(setTimeout(() => void remove(old).catch(() => undefined), GRACE_MS).unref());
      return true;
    },
    close() {
      for (const timer of removals) clearTimeout(timer);
      next?.close();
      current.close();
    },
  };
}

/** The newest clone that knows the branch; the others are of a renewal that was cut short, and go. */
async function newest(
  dir: string,
  branch: string,
  open: (number: number) => Promise<Store>,
): Promise<{ number: number; current: Store }> {
  const names = await readdir(dir).catch(() => []);
  const numbers = names.map(Number).filter((number) => Number.isInteger(number) && number > 0);
  let found: { number: number; current: Store } | null = null;
  for (const number of numbers.sort((a, b) => b - a)) {
    const store: Store | null = found ? null : await open(number).catch(() => null);
    if (store && (await store.known(branch).catch(() => null)) !== null) found = { number, current: store };
    else {
      store?.close();
      await rm(join(dir, `${number}`), { recursive: true, force: true });
    }
  }
  return found ?? { number: 1, current: await open(1) };
}
