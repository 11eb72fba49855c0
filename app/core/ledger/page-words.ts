// What a page said to people when a look at it ended, as the ledger keeps it. Must never be taken for proof: what was seen stands in the samples.
import * as z from 'zod';
import { Id } from '#core/verification/fields';

/** So much of a page is kept, in characters. */
export const MOST_WORDS = 2000;

/** Of the first look that failed and of the last that passed. Redacted; the room above two kilobytes is for the marks of that. */
export const PageWords = z
  .array(
    z.strictObject({
      check: Id,
      at: z.int().min(0),
      outcome: z.enum(['pass', 'fail']),
      text: z.string().max(MOST_WORDS * 2),
    }),
  )
  .max(2)
  .optional();
export type PageWords = { check: string; at: number; outcome: 'pass' | 'fail'; text: string };
