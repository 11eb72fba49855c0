// Erases evidence: whole months once they are old, or one incident out of its months. The ledger keeps the hashes.
// Must never leave what is erased in a branch's history, nor take away what somebody stored in between.

import { readCommit } from '#core/ledger/commit';
import { encodeTree, entryAt, TREE_MODE } from '#core/ledger/git-tree';
import { EVIDENCE_BRANCHES } from './evidence.ts';
import type { Store } from './store.ts';

export type Erasure = {
  branch: string;
  /** The commit it is decided on; when the branch has moved, nothing is done. */
  at: string;
  /** What is left of the branch; null: nothing, so that it is deleted. */
  without: { incident: string; files: number } | null;
};

const DAY_MS = 86_400_000;
const MONTH = /^vigil\/evidence-(\d{4})-(\d{2})$/;

/** Months of which the last day is so many days ago. */
export async function oldEvidence(store: Store, now: Date, days: number): Promise<Erasure[]> {
  const branches = await store.branches(`${EVIDENCE_BRANCHES}*`);
  return [...branches].flatMap(([branch, at]): Erasure[] => {
    const [, year, month] = MONTH.exec(branch) ?? [];
    if (year === undefined || month === undefined) return [];
    const end = Date.UTC(Number(year), Number(month), 1);
    return now.getTime() - end >= days * DAY_MS ? [{ branch, at, without: null }] : [];
  });
}

/** Every month that holds something of this incident. */
export async function evidenceOf(store: Store, incident: string): Promise<Erasure[]> {
  const erasures: Erasure[] = [];
  for (const [branch, at] of await store.branches(`${EVIDENCE_BRANCHES}*`)) {
    if (!MONTH.test(branch)) continue;
    await store.obtainCommits([at]);
    const folder = await entryAt(store, readCommit(await store.commitOf(at)).tree, incident);
    if (folder?.mode !== TREE_MODE) continue;
    erasures.push({ branch, at, without: { incident, files: (await store.tree(folder.id)).length } });
  }
  return erasures;
}

/**
 * Carries one erasure out; `false`: somebody stored something meanwhile, look again. What stays of a branch begins a new
 * history, since the old one still holds the text.
 */
export async function erase(store: Store, { branch, at, without }: Erasure, now: Date): Promise<boolean> {
  if (without === null) return store.replace(branch, at, null);
  const { tree } = readCommit(await store.commitOf(at));
  const rest = (await store.tree(tree)).filter(({ name }) => name !== without.incident);
  if (rest.length === 0) return store.replace(branch, at, null);
  // What stays is named by its id, and has to be there to be pushed.
  await store.obtain(
    rest.map(({ id }) => id),
    'deep',
  );
  const commit = await store.commit({
    ...{ tree: await store.write('tree', encodeTree(rest)), parent: null },
    message: `Erase evidence of ${without.incident}\n`,
    at: Math.floor(now.getTime() / 1000),
  });
  return store.replace(branch, at, commit);
}
