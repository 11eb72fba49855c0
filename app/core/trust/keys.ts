// By what an outcome is found again: the alert's name and the bytes that ran. Must never depend on what changes from one ringing
// to the next.
import type { Proposal } from '#core/ledger/facts';
import { canonical, sha256 } from '#core/text/hash';

/** Name of an alert without what changes from one ringing to the next: numbers, ids, punctuation. */
export function alertSlug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\s]+/gu, ' ')
    .trim()
    .split(/\s+/)
    .slice(0, 12)
    .join('-');
}

/** sha256 over all that would run and all that decides whether it worked, as rendered. */
export function bytesOf({ files, kind }: Pick<Proposal, 'files' | 'kind'>): string {
  const { 'fix.sh': fix, 'undo.sh': undo = null, 'verify.yml': verify } = files;
  return sha256(canonical({ kind, fix, undo, verify }));
}
