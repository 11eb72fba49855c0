// Keeps what two pages said while samples are taken: the first that failed, and the last that passed, in looks that came to an end.
// Must never hold more than these two, and asks for no page that it would not keep.

import type { PageWords } from '#core/ledger/page-words';
import { isBrowser } from '#core/verification/engines';
import type { Sample } from '#core/verification/plan';
import type { Wanted } from './look.ts';

/**
 * Before a run only what is broken matters, after it also what is well again: then only of the check that a browser first saw fail
 * `before`, so that the two pages can be compared.
 */
export function wordsOf(which: 'red' | 'green', before: readonly Sample[] = []) {
  let [first, last]: [PageWords | null, PageWords | null] = [null, null];
  const broken = before.find(({ outcome, engine }) => outcome === 'fail' && isBrowser(engine))?.check;
  const reads: Wanted = (outcome) => (outcome === 'pass' ? which === 'green' : first === null);
  return {
    /** Undefined: nothing of this check is wanted. */
    readsOf: (check: string): Wanted | undefined =>
      which === 'red' || broken === undefined || broken === check ? reads : undefined,
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
