// Asks one endpoint many times within a look, or opens a site in many sessions, and counts how many are not as expected.
// It must never press a service that hangs: so few at a time, none begun after its time, and every one on a connection of its own.

import { setTimeout as delay } from 'node:timers/promises';
import { REQUESTS, SESSIONS, type Size } from '#core/verification/bursts';
import type { HttpCheck } from '#core/verification/checks';
import type { Seen as Sighting } from '#core/verification/engines';
import type { Counts } from '#core/verification/rates/sequential';
import { after } from '../within.ts';
import { lookAtHttp } from './http.ts';
import { fail, type Look, pass, sawNothing } from './look.ts';

const PAUSE_MS = 20; // after each answer, so that ten at once send at most 500 a second

export type Burst = Look & { readonly counts?: Counts };
type Rate = { readonly bound: number; readonly of: number };
type Seen = Pick<Look, 'outcome' | 'reason'>;

/** Sends up to `of` requests. */
export function lookAtBurst(
  check: HttpCheck,
  rate: Rate,
  signal: AbortSignal,
  now: () => number,
  origins?: ReadonlySet<string>,
): Promise<Burst> {
  // A connection that is kept would always lead to the same machine behind the address.
  const alone = { ...check, headers: { ...check.headers, connection: 'close' } };
  return burst(() => lookAtHttp(alone, signal, now, origins), rate, REQUESTS, signal, 'requests');
}

/** Opens up to `of` sessions, each in a fresh browser context: no cookie, no cache and no connection of another. */
export async function lookBySessions(
  see: () => Promise<Sighting>,
  rate: Rate,
  signal: AbortSignal,
): Promise<Sighting & { readonly counts?: Counts }> {
  let engine: Sighting['engine'] = 'chromium';
  const session = async () => {
    const seen = await see();
    engine = seen.engine;
    return seen;
  };
  const { lost: _, ...seen } = await burst(session, rate, SESSIONS, signal, 'sessions');
  return { engine, ...seen };
}

/**
 * What was not begun in time is not counted, so that a slow service gets fewer and not other ones.
 * When fewer than half of what was begun said anything about the service, the look saw nothing.
 */
async function burst(
  see: () => Promise<Seen>,
  { bound, of }: Rate,
  { at_once, begins_s }: Size,
  signal: AbortSignal,
  units: 'requests' | 'sessions',
): Promise<Burst> {
  const looks: Seen[] = [];
  const late = after(begins_s);
  let begun = 0;
  const sender = async (): Promise<void> => {
    while (begun < of && !late.aborted && !signal.aborted) {
      begun += 1;
      looks.push(await see());
      await delay(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: at_once }, sender));
  if (signal.aborted) return sawNothing('stopped before the answers came');
  const told = looks.filter((look) => look.outcome !== 'inconclusive');
  if (told.length * 2 < looks.length) {
    const why = looks.find((look) => look.outcome === 'inconclusive')?.reason;
    return sawNothing(`${looks.length - told.length} of ${looks.length} ${units} saw nothing: ${why}`);
  }
  const failed = told.filter((look) => look.outcome === 'fail');
  const counts = { failing: failed.length, of: told.length };
  if (counts.failing <= bound * counts.of) return { ...pass, counts };
  return { ...fail(`${counts.failing} of ${counts.of} failed, one: ${failed[0]?.reason}`), counts };
}
