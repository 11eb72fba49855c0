// What a swarm check may say: the journey, a login before it, and how many walk it at once.
// Must never let a swarm that proves nothing expect something, nor say of a journey what a journey check may not.
import * as z from 'zod';
import { Id, seconds } from './fields.ts';
import { Steps } from './journey-check.ts';
import { Address } from './steps.ts';
import { MOST_SHARDS, swarmExpect, swarmFault, swarmFields } from './swarm.ts';

const walk = { start: Address, steps: Steps, timeout_s: seconds(60).default(20) };

export const swarmCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('swarm'),
    ...walk,
    /** Walked once before, for `storage: shared`. */
    login: z.strictObject(walk).optional(),
    ...swarmFields,
    /** On so many machines, each with its part of the sessions. */
    shards: z.int().min(1).max(MOST_SHARDS).default(1),
    expect: swarmExpect.optional(),
  })
  .superRefine((check, context) => {
    const steps = [...check.steps, ...(check.login?.steps ?? [])];
    const message = swarmFault({ ...check, steps });
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  // What is not said of a swarm that can prove something is what swarms expect as a rule.
  .transform((check) =>
    check.client === 'full' ? { ...check, expect: check.expect ?? swarmExpect.parse({}) } : check,
  );
