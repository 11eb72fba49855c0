// What a judgement says for people beside the risk: why it is so, what the fault costs, and who sets the fix back.
// Must never decide anything: the risk itself stands beside it.
import * as z from 'zod';

const Line = z.string().max(500);

/** Left out in judgements from before they were said. */
export const costFields = {
  /** Why the risk is what it is, the weightiest first. */
  because: z.array(Line).max(10).optional(),
  /** What the cited runbook says the fault costs people. */
  impact: Line.optional(),
  /** Who keeps what is changed as it was, and where the lasting fix belongs. */
  managed: z.array(Line).max(10).optional(),
  /** So many seconds after the script, at the latest, whoever manages the target has set it back. */
  reconcile_s: z.number().int().min(1).optional(),
};
