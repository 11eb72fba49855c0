// Words that several kinds of check share: a name, seconds, other addresses of the same thing.
// Must never hold what belongs to one kind alone.
import * as z from 'zod';
import { Address } from './steps.ts';

/** Name of a check or a read. */
export const Id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and dashes');
/** A picture from Chromium, kept with the run: of the first look that failed before the fix, and the last that passed after it. */
export const screenshot = z.literal(true).optional();
export const seconds = (most: number) => z.number().positive().max(most);
/** Vantage points beside the address itself: a shard, a region, the edge or the origin, each by its name. */
export const vantages = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,19}$/, 'lower-case letters, digits and dashes'), Address)
  .refine((at) => Object.keys(at).length >= 1 && Object.keys(at).length <= 8, 'names one to eight addresses')
  .optional();
