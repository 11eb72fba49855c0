// What the ledger keeps of a model's part in a proposal: who answered, what it cost, by which rules, how sure that is.
// Must never hold the question or the answer: those may be large, and the question holds evidence.
import * as z from 'zod';

const Line = z.string().max(500);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

/**
 * What a model's part in a proposal was. `answered` is null when none did and the embedded planner stands in; `fallback`
 * says why the model that was asked first is not the author. Money and tokens are those of every call of the step.
 */
export const ModelUse = z.strictObject({
  requested: Line,
  answered: Line.nullable(),
  request: Line.nullable(),
  stop: Line.nullable(),
  calls: count,
  tokens: z.strictObject({ input: count, output: count, cache_write: count, cache_read: count }),
  usd: z.number().min(0).nullable(),
  /** Day of the price table. */
  prices: Line,
  prompt: Sha256,
  schema: Sha256,
  consistency: z.strictObject({ value: z.number().int().min(0).max(100), reason: Line }).nullable(),
  fallback: z.strictObject({ code: Line, reason: Line }).nullable(),
});
export type ModelUse = z.infer<typeof ModelUse>;

/** `verified`: the words stand in the evidence, or in the runbook named as `runbook:ID`. Absent is not verified. */
export const Quote = z.strictObject({ evidence: z.string(), text: Line, verified: z.boolean().optional() });
