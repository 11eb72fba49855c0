// The end of an act that is meant for a while: how long it lasts and who puts it back, and the facts about that.
// Must never decide when the time has come: the words stand here, app/core/incident/put-back.ts reads them.
import * as z from 'zod';

const MINUTES = { m: 1, h: 60, d: 1440 } as const;
const Line = z.string().max(500);

/** The minutes of `45m`, `4h` or `2d`. Null: the words say no such time. */
export function minutesOf(words: string): number | null {
  const [, digits, unit] = /^([1-9]\d{0,3})(m|h|d)$/.exec(words) ?? [];
  return digits === undefined ? null : Number(digits) * MINUTES[unit as keyof typeof MINUTES];
}

const time = (least: number, most: number, words: string) =>
  z
    .string()
    .max(10)
    .refine((said) => {
      const minutes = minutesOf(said);
      return minutes !== null && minutes >= least && minutes <= most;
    }, words);

/** What is over leaves the index after 25 hours: a longer quiet could not be seen there. */
export const QuietFor = time(5, 1440, 'is a time from 5m to 24h, as 30m or 2h');
export const Until = time(10, 7 * 1440, 'is a time from 10m to 7d, as 45m, 4h or 2d');

export const PutBack = z.strictObject({
  /** At the latest so long after the fix ran. */
  until: Until.optional(),
  /** When the service was quiet for so long. */
  quiet_for: QuietFor.optional(),
  /** `vigil`: the approved undo runs by itself; `person`: people are reminded. */
  by: z.enum(['vigil', 'person']),
});
export type PutBack = z.infer<typeof PutBack>;

/** What another incident of the service had changed was put back at that time, shortly before this alert. */
export const PutBackBefore = z.strictObject({ incident: z.string(), at: z.iso.datetime() });
export type PutBackBefore = z.infer<typeof PutBackBefore>;

/** Why people are reminded, and Vigil does not do it. */
export const Reminding = z.enum([
  'agreed',
  'held',
  'busy',
  'escalated',
  'refused',
  'failed',
  'earlier',
  'too_late',
]);
export type Reminding = z.infer<typeof Reminding>;

export const putBackFacts = {
  /** The act's time has come, or a person asked for it before: the approved undo is owed. */
  'putback.due': z.strictObject({
    because: z.enum(['quiet', 'until', 'asked']),
    by: z.string().optional(),
  }),
  /** People are told that it is still out of its usual state. `last`: they are not told again. */
  'putback.reminded': z.strictObject({ because: Reminding, last: z.boolean() }),
  /** A person says that it stays as it is, or that they put it back themselves. */
  'putback.kept': z.strictObject({ by: z.string(), reason: Line }),
} as const;
