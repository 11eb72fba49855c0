// Every scenario of the demo, in the order of their names.
import { badFlag } from './bad-flag.ts';
import { blindCheckout } from './blind-checkout.ts';
import { changedMind } from './changed-mind.ts';
import { checkoutErrors } from './checkout-errors.ts';
import { falseAlarm } from './false-alarm.ts';
import { harmfulFix } from './harmful-fix.ts';
import { type ScenarioName, scenarioNames } from './names.ts';
import type { Scenario } from './scenario.ts';
import { workerExhaustion } from './worker-exhaustion.ts';

export const scenarioOf: Readonly<Record<ScenarioName, Scenario>> = {
  'checkout-errors': checkoutErrors,
  'bad-flag': badFlag,
  'harmful-fix': harmfulFix,
  'blind-checkout': blindCheckout,
  'changed-mind': changedMind,
  'worker-exhaustion': workerExhaustion,
  'false-alarm': falseAlarm,
};
export const scenarios: readonly Scenario[] = scenarioNames.map((name) => scenarioOf[name]);
