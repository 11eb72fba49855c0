// What a check of kind command may say: the command, and what its exit code and its output must be.
// Must never take an expectation that everything fulfils, nor an exit code that says that nothing was seen.
import * as z from 'zod';
import { bodyFields, comparesSomething } from './body.ts';
import { shapeFault } from './commands/shape.ts';
import { Id, seconds } from './fields.ts';
import { Text } from './steps.ts';

/** 126 and 127: there is no such command there. From 128 on: a signal ended it. Neither says anything of the service. */
const MOST_EXIT = 125;
const Exit = z.int().min(0).max(MOST_EXIT);
const bound = z.number().min(-1e15).max(1e15).optional();
const count = z.int().min(0).max(100_000).optional();

const Between = z
  .strictObject({ below: bound, above: bound })
  .refine(
    ({ below, above }) => below !== undefined || above !== undefined,
    'compares nothing: give below or above',
  )
  .refine(
    ({ below = Number.MAX_VALUE, above = -Number.MAX_VALUE }) => above < below,
    'no number is above and below that',
  );
const Lines = z
  .strictObject({ at_least: count, at_most: count })
  .refine(
    ({ at_least, at_most }) => at_least !== undefined || at_most !== undefined,
    'counts nothing: give at_least or at_most',
  )
  .refine(({ at_least = 0, at_most = at_least }) => at_least <= at_most, 'at_least is more than at_most');

export const commandCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('command'),
    /** One command or one pipeline that only reads. */
    run: z.string().trim().min(1).max(3000),
    expect: z
      .strictObject({
        exit: z.union([Exit, z.array(Exit).min(1).max(10)]).default(0),
        /** The whole output is one number. */
        number: Between.optional(),
        /** How many lines it prints that are not empty. */
        lines: Lines.optional(),
        text: z
          .strictObject({ contains: z.array(Text).min(1).max(20).optional(), ...bodyFields })
          .refine(comparesSomething, 'compares nothing')
          .optional(),
      })
      .prefault({}),
    timeout_s: seconds(60).default(20),
  })
  .superRefine(({ run }, context) => {
    const message = shapeFault(run);
    if (message !== null) context.addIssue({ code: 'custom', path: ['run'], message });
  });
export type CommandCheck = z.output<typeof commandCheck>;
