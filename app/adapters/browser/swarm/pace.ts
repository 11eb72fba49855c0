// Lets many sessions walk at once: when each begins, how it waits while the browser is full, and when no more begin.
// Must never begin one more than was asked, run longer than its time and one journey more, or leave a session behind.

import { setTimeout as sleep } from 'node:timers/promises';
import type { SwarmOrder } from '#core/verification/swarm-order';
import type { Ended, Progress, Walked } from '#core/verification/swarm-result';

/** One session; or why there was no browser for it, and then it may be asked again. */
export type Attempt = Pick<Walked, 'at' | 'ms' | 'outcome' | 'reason'> | { readonly refused: string };
export type Pace = {
  readonly order: Pick<SwarmOrder, 'sessions' | 'at_once' | 'ramp_s' | 'begins_s' | 'back_off'>;
  /** More than this share of at least `of` failing ends it. */
  readonly stop: { readonly share: number; readonly of: number };
  readonly signal: AbortSignal;
  walk(session: number): Promise<Attempt>;
  /** Hears of each session as it ends. */
  onEnd?(session: number, walked: Walked): void;
  onProgress?(progress: Progress): void;
};
export type Paced = { walked: Walked[]; last: number; refused: number; ended: Ended; why: string };

export async function pace({ order, stop, signal, walk, onEnd, onProgress }: Pace): Promise<Paced> {
  const { sessions, at_once, ramp_s, begins_s, back_off } = order;
  const walked: Walked[] = [];
  let [begun, under, refused, passed, failed, last] = [0, 0, 0, 0, 0, -1];
  let end: { ended: Ended; why: string } | null = null;
  const over = new AbortController();
  const finish = (ended: Ended, why: string): void => {
    end ??= { ended, why };
    over.abort();
  };
  const onStop = () => finish('stopped', 'stopped before the end');
  const late = setTimeout(() => finish('late', `not all began within ${begins_s} s`), begins_s * 1000);
  if (signal.aborted) onStop();
  signal.addEventListener('abort', onStop);
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal: over.signal }).catch(() => {});
  const tell = () =>
    onProgress?.({
      asked: sessions,
      begun,
      under,
      passed,
      failed,
      blind: walked.length - passed - failed,
      refused,
    });

  const attempt = async (session: number): Promise<Walked | null> => {
    for (let tries = 0; ; tries += 1) {
      const said = await walk(session);
      if (!('refused' in said)) return said;
      if (over.signal.aborted) return null; // it never had a browser
      refused += 1;
      if (tries >= back_off.tries) {
        const reason = `no browser: ${said.refused}`;
        if (walked.length === 0) finish('stopped', reason);
        return { at: 0, ms: 0, outcome: 'inconclusive', reason };
      }
      // Not all at the same moment again: each session waits a little differently.
      const spread = 0.5 + (session % 8) / 8;
      await wait(Math.min(back_off.first_ms * 2 ** tries, back_off.most_ms) * spread);
    }
  };
  const walker = async (turn: number): Promise<void> => {
    if (turn > 0 && ramp_s > 0) await wait((ramp_s * 1000 * turn) / at_once);
    while (begun < sessions && !over.signal.aborted) {
      const session = begun;
      [begun, under] = [begun + 1, under + 1];
      const said = await attempt(session).finally(() => {
        under -= 1;
      });
      if (said === null) continue;
      walked.push(said);
      last = Math.max(last, session);
      if (said.outcome === 'pass') passed += 1;
      if (said.outcome === 'fail') failed += 1;
      onEnd?.(session, said);
      const told = passed + failed;
      if (told >= stop.of && failed > stop.share * told)
        finish(
          'failing',
          `stopped early: ${failed} of ${told} sessions failed, one: ${firstFailure(walked)}`,
        );
      tell();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(at_once, sessions) }, (_, turn) => walker(turn)));
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', onStop);
  }
  // All had begun before its time was over.
  if (end !== null && walked.length === sessions && ended(end) === 'late') end = null;
  return { walked, last, refused, ...(end ?? { ended: 'done', why: 'all sessions walked' }) };
}

const ended = (end: { ended: Ended }): Ended => end.ended;
const firstFailure = (walked: readonly Walked[]): string | null =>
  walked.find(({ outcome }) => outcome === 'fail')?.reason ?? null;
