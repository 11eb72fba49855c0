// Keeps pictures while samples are taken: of each check the first look that failed before a run, and the last that passed after it.
// Must never hold more than a job may have, and asks for no picture that it would not keep.
import type { SingleCheck } from '#core/verification/checks';
import { mayPicture, PICTURES, type Pictured } from '#core/verification/pictures';
import type { Sample } from '#core/verification/plan';
import type { Wanted } from './look.ts';

export type Picture = Pictured & { readonly jpeg: Uint8Array };

export function picturesOf(which: 'red' | 'green', checks: readonly SingleCheck[]) {
  const kept = new Map<string, Picture>();
  const may = checks.filter(mayPicture).slice(0, PICTURES.most);
  return {
    /** Undefined: none of this check is wanted now. */
    wantedOf: (id: string): Wanted | undefined => {
      if (!may.some((check) => check.id === id)) return undefined;
      return (outcome) => (which === 'green' ? outcome === 'pass' : outcome === 'fail' && !kept.has(id));
    },
    keep({ check, at, outcome }: Sample, jpeg: Uint8Array | undefined): void {
      if (jpeg === undefined || outcome === 'inconclusive') return;
      kept.set(check, { check, at, outcome, jpeg });
    },
    taken: (): { taken?: Picture[] } => (kept.size === 0 ? {} : { taken: [...kept.values()] }),
  };
}
