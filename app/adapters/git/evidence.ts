// Evidence (redacted) on a branch a month, so that it can be erased while the ledger keeps its hashes.
// Must never be handed raw text: the caller has cleaned it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '#core/text/hash';
import { type Clone, fetchBranch, pushHead } from './clone.ts';

export type EvidenceItem = { id: string; source: string; title: string; text: string };
export type StoredItem = Omit<EvidenceItem, 'text'> & { sha256: string; bytes: number };

export function evidenceBranch(at: Date): string {
  return `vigil/evidence-${at.toISOString().slice(0, 7)}`;
}

/** Stores items content-addressed below the incident's key; storing the same text again changes nothing. */
export async function storeEvidence(
  clone: Clone,
  branch: string,
  key: string,
  items: readonly EvidenceItem[],
): Promise<StoredItem[]> {
  const stored = items.map(({ text, ...item }) => ({
    ...item,
    sha256: sha256(text),
    bytes: Buffer.byteLength(text),
  }));
  for (let tries = 0; tries < 8; tries++) {
    const head = await fetchBranch(clone, branch);
    const git = clone.local();
    if (head) await git.raw('checkout', '--quiet', '--force', '--detach', head);
    else await git.raw('checkout', '--quiet', '--orphan', `new-${tries}-${Date.now()}`);
    for (const [index, { text }] of items.entries()) {
      const path = join(clone.dir, key, `${stored[index]?.sha256}.txt`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    await git.raw('add', '--', '.');
    if ((await git.raw('status', '--porcelain')).trim() === '') return stored;
    await git.raw('commit', '--quiet', '--no-verify', '-m', `Keep evidence of ${key}`);
    if (await pushHead(clone, branch)) return stored;
  }
  throw new Error('the evidence branch could not be written');
}
