// Reads evidence back from its branch, by the hashes in the ledger.
// Must never hand on a text whose hash is not the one the ledger holds: somebody else may write to that branch.
import type { FactDataOf } from '#core/ledger/facts';
import { sha256 } from '#core/text/hash';
import { type Clone, fetchBranch } from './clone.ts';
import { readBlob } from './source.ts';

type Gathered = FactDataOf<'evidence.gathered'>;
export type ReadEvidence = {
  items: { id: string; source: string; title: string; text: string }[];
  /** What cannot be read, with the reason: erased, never written, or not what the ledger says. */
  missing: { id: string; reason: string }[];
};

/** `key` is the incident's; items come in the ledger's order. */
export async function readEvidence(
  clone: Clone,
  key: string,
  gathered: Gathered | null,
): Promise<ReadEvidence> {
  const read: ReadEvidence = { items: [], missing: [] };
  if (!gathered || gathered.items.length === 0) return read;
  const head = await fetchBranch(clone, gathered.branch);
  for (const { id, source, title, sha256: wanted } of gathered.items) {
    const text = head ? await readBlob(clone, head, `${key}/${wanted}.txt`) : null;
    if (text === null) read.missing.push({ id, reason: 'it is no longer kept' });
    else if (sha256(text) !== wanted) read.missing.push({ id, reason: 'it is not what the ledger holds' });
    else read.items.push({ id, source, title, text });
  }
  return read;
}
