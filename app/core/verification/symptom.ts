// What must be red before anything runs: which checks, all of them or any, and how many looks decide.
// Must never say what a look saw: this is the language, the verdict is elsewhere.
import * as z from 'zod';
import { Id } from './fields.ts';

const quorum = (need: number, of: number, over: number) =>
  z
    .strictObject({
      need: z.int().min(1).max(100).default(need),
      of: z.int().min(1).max(100).default(of),
      over_s: z.number().min(0).max(3600).default(over),
    })
    .refine((rule) => rule.need <= rule.of, 'needs more samples than it takes')
    .prefault({});

// Enough for every case, and a reader still sees at once what is asked.
const entry = z.union([
  Id,
  z.strictObject({
    any: z
      .array(z.union([Id, z.strictObject({ all: z.array(Id).min(2).max(20) })]))
      .min(2)
      .max(20),
  }),
]);

export const Symptom = z.strictObject({
  /** All of them must be red; of an `any`, one is enough, or one `all` of several together. */
  checks: z.array(entry).min(1),
  red: quorum(3, 5, 60),
  green: quorum(10, 10, 120),
});

/** What must be red: a check, or all or any of several. */
export type Wanted = string | { readonly any: readonly Wanted[] } | { readonly all: readonly Wanted[] };

/** Every check that is named, as often as it is. */
export function namedIn(wanted: Wanted): string[] {
  if (typeof wanted === 'string') return [wanted];
  return ('any' in wanted ? wanted.any : wanted.all).flatMap(namedIn);
}

/** The same of other checks: `change` gives what takes a check's place. */
export function replaced(wanted: Wanted, change: (id: string) => Wanted): Wanted {
  if (typeof wanted === 'string') return change(wanted);
  return 'any' in wanted
    ? { any: wanted.any.map((one) => replaced(one, change)) }
    : { all: wanted.all.map((one) => replaced(one, change)) };
}
