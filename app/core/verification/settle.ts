// How long a service may take until it is well again after a fix: the words of the plan, and how many looks that can be.
// Must never say what a look saw: this is the language, the verdict is elsewhere.
import * as z from 'zod';

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
const [LEAST_S, MOST_S] = [60, 12 * 3600];

/** The seconds of `90s`, `30m` or `2h`. Null when the words say no time between a minute and twelve hours. */
export function secondsOf(words: string): number | null {
  const [, digits, unit] = /^([1-9]\d{0,4})(s|m|h)$/.exec(words) ?? [];
  const seconds = digits === undefined ? 0 : Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  return seconds >= LEAST_S && seconds <= MOST_S ? seconds : null;
}

export const Settle = z.strictObject({
  within: z
    .string()
    .max(10)
    .refine((words) => secondsOf(words) !== null, 'is a time from 1m to 12h, as 90s, 30m or 2h'),
});

type Rhythm = { readonly of: number; readonly over_s: number };

/** The pause between two looks while all is well, in seconds: the rhythm of green itself. */
export const stepOf = ({ of, over_s }: Rhythm): number => Math.max(1, over_s / Math.max(1, of - 1));

/** The most looks that can be taken, each of which may be the end of a stretch that is judged. */
export const mostLooks = (within_s: number, rhythm: Rhythm): number =>
  Math.ceil((within_s + rhythm.over_s) / stepOf(rhythm)) + 2;
