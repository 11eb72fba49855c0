// Begins anew while somebody outside is away, with longer and longer pauses. Must never give up by itself, nor wait for what
// only a person can mend.
import { setTimeout as pause } from 'node:timers/promises';
import type { Concerns } from './concerns.ts';
import { awayOrRefused } from './trouble.ts';

const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** What the work gives in the end. Throws `Refused` when waiting would not help. */
export async function patiently<T>(work: () => Promise<T>, concerns: Concerns): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      const done = await work();
      concerns.set('GitHub', null);
      return done;
    } catch (error) {
      const { says, reason } = awayOrRefused(error);
      concerns.set('GitHub', { says, stops: true, reason });
      await pause(Math.min(FIRST_MS * 2 ** tries, MOST_MS) * (0.75 + Math.random() / 4));
    }
  }
}
