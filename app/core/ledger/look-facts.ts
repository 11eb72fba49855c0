// Facts about looks that end nothing: what one job saw for another, what was seen of a service while time is left, and that the next
// look is asked for.
// Must never hold a verdict that ends an incident.
import * as z from 'zod';
import { Sample } from '#core/verification/plan';

const Run = z.strictObject({ id: z.number().int(), url: z.url({ protocol: /^https?$/ }) });

export const lookFacts = {
  /**
   * What the job `measure` saw of the checks that need a key, for the job of the same run that judges. Its samples are no verdict, and of
   * another run none counts.
   */
  'symptom.measured': z.strictObject({
    phase: z.enum(['red', 'green']),
    run: Run,
    samples: z.array(Sample).max(1000),
    reason: z.string().max(500),
    ms: z.number().int(),
  }),
  /**
   * Not well yet, and time is left. `samples`: what this job's looks leave for a later verdict; `dropped`: so many are not needed
   * for one. `next`: when to look again; `until`: when the time is over. `well`: it is well, and whoever manages the target may still set
   * the fix back, so that it is looked at once more, anew.
   */
  'recovery.watched': z.strictObject({
    samples: z.array(Sample).max(1000),
    reason: z.string().max(500),
    ms: z.number().int(),
    verdict: z.enum(['improving', 'waiting']),
    next: z.iso.datetime(),
    until: z.iso.datetime(),
    dropped: z.number().int().min(1).optional(),
    well: z.literal(true).optional(),
  }),
  /** The time for the next look has come. `after`: the record that promised it. `again`: the run that should have looked died. */
  'look.asked': z.strictObject({ after: z.number().int(), again: z.literal(true).optional() }),
};
