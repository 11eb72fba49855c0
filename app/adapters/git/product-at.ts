// Which release of the product a commit of the default branch names in vigil.yml. Must never believe a commit that was not
// merged: anybody who can write can push one.
import type { Product } from '#core/addresses';
import type { Clone } from './clone.ts';
import { fetchDefault } from './default-branch.ts';
import { parseSettings, readBlob, SETTINGS_PATH } from './source.ts';

/** Null: the repository itself is the product. Undefined: no merged commit, or one whose settings cannot be read. */
export function productAt(clone: Clone): (commit: string) => Promise<Product | null | undefined> {
  const known = new Map<string, Product | null>();
  let turn: Promise<unknown> = Promise.resolve();
  const look = async (commit: string): Promise<Product | null | undefined> => {
    if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
    const found = known.get(commit);
    if (found !== undefined) return found;
    const head = await fetchDefault(clone);
    if (!head || !(await isAncestor(clone, commit, head))) return undefined;
    const text = await readBlob(clone, commit, SETTINGS_PATH);
    const settings = text === null ? null : parseSettings(text);
    if (!settings?.ok) return undefined;
    const product = settings.value.vigil?.product ?? null;
    known.set(commit, product);
    return product;
  };
  // One fetch into the clone at a time.
  return (commit) => {
    const next = turn.then(() => look(commit));
    turn = next.catch(() => undefined);
    return next;
  };
}

async function isAncestor(clone: Clone, commit: string, head: string): Promise<boolean> {
  return clone
    .local()
    .raw('merge-base', commit, head)
    .then(
      (base) => base.trim() === commit,
      () => false,
    );
}
