// Every scenario of the demo, in the order in which it plays them, and the one it starts with.
import { badFlag } from './bad-flag.ts';
import { changedMind } from './changed-mind.ts';
import { checkoutErrors } from './checkout-errors.ts';
import { falseAlarm } from './false-alarm.ts';
import type { Scenario } from './scenario.ts';
import { workerExhaustion } from './worker-exhaustion.ts';

export const scenarios: readonly Scenario[] = [
  checkoutErrors,
  workerExhaustion,
  badFlag,
  falseAlarm,
  changedMind,
];

/** What `npm run demo` plays when nothing is asked for: one whole incident in under a minute. */
export const first: readonly Scenario[] = [checkoutErrors];
