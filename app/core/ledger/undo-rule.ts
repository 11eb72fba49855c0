// What a judgement says of a proposal's undo. Must never be a guess of a model: code wrote it.
import * as z from 'zod';

const line = z.string().max(500);

export const UndoRule = z.strictObject({
  /** `on_request`: only when a person says so. `when_worse`: also when something got worse or the fix broke off half-way. `when_refuted`: also when it did not help. */
  when: z.enum(['on_request', 'when_worse', 'when_refuted']),
  because: line,
  /** What it would bring back. */
  brings: line,
  /** How many lasting acts the fix has. Only of several can some be left undone. */
  acts: z.int().min(0),
});
export type UndoRule = z.infer<typeof UndoRule>;
