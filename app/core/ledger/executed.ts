// How a script in a workspace ended, as a fact holds it. Must never say more of its end than somebody saw.
import * as z from 'zod';

/** Outcome of a workspace run; only `succeeded` may lead to a verification. */
const ScriptOutcome = z.enum([
  'succeeded',
  'failed',
  'timed_out',
  'provision_failed',
  'agent_never_connected',
  'refused',
]);
export type ScriptOutcome = z.infer<typeof ScriptOutcome>;

export const Executed = z.strictObject({
  ok: z.boolean(),
  outcome: ScriptOutcome,
  exit: z.number().int().nullable(),
  output: z.string().max(20_000),
  ms: z.number().int(),
  workspace: z.string(),
  /** By which witnesses it is known: the place's exit code, the wrapper's last line, or the place's word that nothing ran. */
  said: z.enum(['both', 'exit code', 'last line', 'place']).optional(),
});
