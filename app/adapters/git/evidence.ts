// Evidence (redacted) on a branch a month, so that it can be erased while the ledger keeps its hashes.
// Must never be handed raw text: the caller has cleaned it. Must never carry one month's files into the next.

import { readCommit } from '#core/ledger/commit';
import { applyChanges } from '#core/ledger/git-tree';
import { sha256 } from '#core/text/hash';
import type { Store } from './store.ts';

export type EvidenceItem = { id: string; source: string; title: string; text: string };
export type StoredItem = Omit<EvidenceItem, 'text'> & { sha256: string; bytes: number };

export const EVIDENCE_BRANCHES = 'vigil/evidence-';
const ATTEMPTS = 8;

export function evidenceBranch(at: Date): string {
  return `${EVIDENCE_BRANCHES}${at.toISOString().slice(0, 7)}`;
}

/** Stores items content-addressed below the incident's key; storing the same text again changes nothing. */
export async function storeEvidence(
  store: Store,
  branch: string,
  key: string,
  items: readonly EvidenceItem[],
): Promise<StoredItem[]> {
  const stored = items.map(({ text, ...item }) => ({
    ...item,
    sha256: sha256(text),
    bytes: Buffer.byteLength(text),
  }));
  const changes = items.map(({ text }, index) => ({ path: `${key}/${stored[index]?.sha256}.txt`, text }));
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    const head = await store.fetch(branch);
    const before = head === null ? null : readCommit(await store.commitOf(head)).tree;
    const tree = await applyChanges(store, before, changes);
    if (tree === null || tree === before) return stored;
    const message = `Keep evidence of ${key}\n`;
    const at = Math.floor(Date.now() / 1000);
    if (await store.push(await store.commit({ tree, parent: head, message, at }), branch)) return stored;
  }
  throw new Error('the evidence branch could not be written');
}
