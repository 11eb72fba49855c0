// Every scenario of the demo. The longest begin first, so that together they end sooner.
import { badFlag } from './bad-flag.ts';
import { changedMind } from './changed-mind.ts';
import { checkoutErrors } from './checkout-errors.ts';
import { falseAlarm } from './false-alarm.ts';
import type { Scenario } from './scenario.ts';
import { workerExhaustion } from './worker-exhaustion.ts';

export const scenarios: readonly Scenario[] = [
  checkoutErrors,
  badFlag,
  changedMind,
  workerExhaustion,
  falseAlarm,
];
