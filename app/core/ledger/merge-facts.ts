// The facts about what keeps an approved proposal from being merged. Must never decide anything: they tell people.
import * as z from 'zod';

export const mergeFacts = {
  /** What GitHub or a person wants to happen before the merge, in words for people. Null: it waits for nothing any more. */
  'merge.delayed': z.strictObject({ reason: z.string().max(500).nullable() }),
} as const;
