// One swarm as whoever drives it gets it: the journey as a journey check, the login if there is one, and the rest of the words.
// Must never be looser than a check of verify.yml: a journey here is parsed by the same schema as there.
import * as z from 'zod';
import { Check, type JourneyCheck } from './checks.ts';
import { Id } from './fields.ts';
import { swarmExpect, swarmFault, swarmFields } from './swarm.ts';

const walk = z.record(z.string(), z.unknown()).transform((words, context): JourneyCheck => {
  const parsed = Check.safeParse({ id: 'journey', ...words, kind: 'journey' });
  if (parsed.success && parsed.data.kind === 'journey' && parsed.data.expect === undefined)
    return parsed.data;
  const issues = parsed.error?.issues ?? [
    { path: ['expect'], message: 'a swarm says itself how much may fail' },
  ];
  for (const { path, message } of issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

export const SwarmOrder = z
  .strictObject({
    id: Id,
    journey: walk,
    login: walk.optional(),
    ...swarmFields,
    expect: swarmExpect.optional(),
  })
  .superRefine((order, context) => {
    const steps = [...order.journey.steps, ...(order.login?.steps ?? [])];
    const message = swarmFault({ ...order, steps });
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
export type SwarmOrder = z.output<typeof SwarmOrder>;
