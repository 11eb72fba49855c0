// What a runbook says of its undo beside the script: when it runs without being asked for, or why there is none, each with a reason
// that people read before they approve. Must never be a guess: what a runbook does not say is null, and code decides.
import * as z from 'zod';

export const Reason = z.string().trim().min(10).max(300);

export const Undoing = z.union([
  z.strictObject({
    /** `on_request`: only when a person says so. `when_worse`: also when something got worse. `when_refuted`: also when it did not help. */
    when: z.enum(['on_request', 'when_worse', 'when_refuted']),
    because: Reason,
  }),
  z.strictObject({ impossible: Reason }),
]);
export type Undoing = z.infer<typeof Undoing>;

/** Why nothing can undo it, where that is said. */
export const impossibleOf = (undoing: Undoing | null): string | undefined =>
  undoing && 'impossible' in undoing ? undoing.impossible : undefined;
