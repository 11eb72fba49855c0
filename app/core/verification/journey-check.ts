// What a journey check may say: where it begins, and the steps a person takes from there.
// Must never let a journey pass that expects nothing.
import * as z from 'zod';
import { APART, areTogether, rateWords, SESSIONS } from './bursts.ts';
import { Id, screenshot, seconds } from './fields.ts';
import { Address, Step } from './steps.ts';

/** Of a journey, and of each that a swarm walks. */
export const Steps = z
  .array(Step)
  .min(1)
  .max(30)
  .refine((steps) => steps.some((one) => 'expect' in one), 'a journey that expects nothing proves nothing');

export const journeyCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('journey'),
    start: Address,
    steps: Steps,
    expect: z.strictObject(rateWords(SESSIONS)).optional(),
    screenshot,
    timeout_s: seconds(60).default(20),
  })
  .refine(({ expect }) => areTogether(expect ?? {}), APART);
