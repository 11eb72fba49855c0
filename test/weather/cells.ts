// One test for each kind of weather in one story. What is known to go wrong is expected to, by its ids; what is not known and goes
// wrong fails. A kind that has no occasion in a story is listed too.
import { expect, test } from 'vitest';
import { type KindName, kindNames, kinds } from '../../sandbox/weather/kinds.ts';
import { type Cell, known } from './known.ts';

/** `tell` throws with what was not as it should be, and says whether the weather struck at all. */
export function cells(
  story: Cell,
  fits: (kind: KindName) => boolean,
  tell: (kind: KindName) => Promise<{ met: boolean }>,
): void {
  for (const kind of kindNames.filter(fits)) {
    if (kinds[kind].pull && story === 'false alarm') {
      test.skip(`${kind} × ${story} (no occasion: no pull request)`);
      continue;
    }
    const ids = known[kind]?.[story] ?? [];
    const note = ids.length > 0 ? ` (known: ${ids.join(', ')})` : '';
    test.concurrent(`${kind} × ${story}${note}`, { fails: ids.length > 0 }, async () => {
      const { met } = await tell(kind);
      // Weather that did nothing proves nothing.
      expect(met, `${kind} struck`).toBe(true);
    });
  }
}

/** What people do to the pull request in these ends the proposal: they have a story of their own. */
export const stopping = (kind: KindName): boolean => kind === 'reopens-pull' || kind === 'pushes-outside';
/** Kinds for which jobs may be played. */
export const played = (kind: KindName): boolean => kinds[kind].jobs !== true && !stopping(kind);
