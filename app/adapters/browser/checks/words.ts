// Keeps what two pages said while samples are taken: the first that failed, and the last that passed, in looks that came to an end.
// Must never hold more than these two, and asks for no page that it would not keep.

import type { PageWords } from '#core/ledger/page-words';
import type { Sample } from '#core/verification/plan';
import type { Reads } from './look.ts';

/** Before a run only what is broken matters, after it also what is well again. */
export function wordsOf(which: 'red' | 'green', wanted: boolean) {
  let [first, last]: [PageWords | null, PageWords | null] = [null, null];
  const reads: Reads = (outcome) => wanted && (outcome === 'pass' ? which === 'green' : first === null);
  return {
    reads,
    keep({ check, at, outcome }: Sample, words: string | undefined): void {
      if (words === undefined || outcome === 'inconclusive') return;
      const page = { check, at, outcome, text: words };
      if (outcome === 'pass') last = page;
      else first ??= page;
    },
    pages: (): { pages?: PageWords[] } => {
      const pages = [first, last].filter((one) => one !== null);
      return pages.length === 0 ? {} : { pages };
    },
  };
}
