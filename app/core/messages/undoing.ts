// What people read where a proposal has no undo: why there is none. Must never say that something restores itself when it lasts.
import type { Judged, Proposal } from '#core/ledger/facts';

/** `none: …` or `impossible: …`, as plain text that was not escaped. */
export function noUndo({ impossible }: Proposal, { effects }: Judged): string {
  if (impossible !== undefined) return `impossible: ${impossible}`;
  return effects.some(({ kind, selfRestoring }) => kind !== 'read' && !selfRestoring)
    ? 'none: what it changes stays so until somebody changes it.'
    : 'none: every effect restores itself.';
}
