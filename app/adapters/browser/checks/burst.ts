// Asks one endpoint many times within a look and counts how many of its answers are not as expected.
// It must never press a service that hangs: so few at a time, none begun after its time, and every one on a connection of its own.

import { setTimeout as delay } from 'node:timers/promises';
import { BURST_S, type HttpCheck } from '#core/verification/checks';
import type { Counts } from '#core/verification/rates/sequential';
import { lookAtHttp } from './http.ts';
import { fail, type Look, pass, sawNothing } from './look.ts';

const AT_ONCE = 10;
const PAUSE_MS = 20; // after each answer, so that ten at once send at most 500 a second

export type Burst = Look & { readonly counts?: Counts };

/**
 * Sends up to `of` requests. What was not begun in time is not counted, so that a slow service gets fewer and not other ones.
 * When fewer than half of what was sent said anything about the service, the look saw nothing.
 */
export async function lookAtBurst(
  check: HttpCheck,
  rate: { readonly bound: number; readonly of: number },
  signal: AbortSignal,
  now: () => number,
  origins?: ReadonlySet<string>,
): Promise<Burst> {
  const looks: Look[] = [];
  const late = AbortSignal.timeout(BURST_S * 1000);
  // A connection that is kept would always lead to the same machine behind the address.
  const alone = { ...check, headers: { ...check.headers, connection: 'close' } };
  let begun = 0;
  const sender = async (): Promise<void> => {
    while (begun < rate.of && !late.aborted && !signal.aborted) {
      begun += 1;
      looks.push(await lookAtHttp(alone, signal, now, origins));
      await delay(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  if (signal.aborted) return sawNothing('stopped before the answers came');
  const told = looks.filter((look) => look.outcome !== 'inconclusive');
  if (told.length * 2 < looks.length) {
    const why = looks.find((look) => look.outcome === 'inconclusive')?.reason;
    return sawNothing(`${looks.length - told.length} of ${looks.length} requests saw nothing: ${why}`);
  }
  const failed = told.filter((look) => look.outcome === 'fail');
  const counts = { failing: failed.length, of: told.length };
  if (counts.failing <= rate.bound * counts.of) return { ...pass, counts };
  return { ...fail(`${counts.failing} of ${counts.of} failed, one: ${failed[0]?.reason}`), counts };
}
