// What a runbook says of an act that is meant for a while: `until: 4h`, `put_back: quiet for 2h`, and who puts it back.
// Must never give an act an end that the runbook does not say.
import * as z from 'zod';
import { type PutBack, QuietFor, Until } from '#core/ledger/put-back-facts';

const QUIET = /^quiet for (\S+)$/;

export const untilFields = {
  /** At the latest so long after the fix ran. */
  until: Until.optional(),
  /** `quiet for 2h`, or the same with `by`: `person` when people are to be reminded although there is an undo. */
  put_back: z
    .union([
      z
        .string()
        .regex(QUIET, 'says "quiet for" and a time from 5m to 24h, as quiet for 2h')
        .refine(
          (words) => QuietFor.safeParse(QUIET.exec(words)?.[1]).success,
          'says "quiet for" and a time from 5m to 24h, as quiet for 2h',
        ),
      z.strictObject({ quiet_for: QuietFor.optional(), by: z.enum(['vigil', 'person']).default('vigil') }),
    ])
    .optional(),
};
type Said = { [Name in keyof typeof untilFields]?: z.infer<(typeof untilFields)[Name]> | undefined };

/** Whether a time is named: who puts it back says nothing by itself. */
export function namesTime({ until, put_back }: Said): boolean {
  return until !== undefined || put_back === undefined || typeof put_back === 'string'
    ? true
    : put_back.quiet_for !== undefined;
}

/** The end in one shape. Null: none is said. Without an undo there is nothing that Vigil could run. */
export function putBackOf({ until, put_back }: Said, undo: string | null): PutBack | null {
  if (until === undefined && put_back === undefined) return null;
  const said = typeof put_back === 'object' ? put_back : { by: 'vigil' as const };
  const quiet = typeof put_back === 'string' ? QUIET.exec(put_back)?.[1] : said.quiet_for;
  return {
    ...(until === undefined ? {} : { until }),
    ...(quiet === undefined ? {} : { quiet_for: quiet }),
    by: undo === null ? 'person' : said.by,
  };
}
