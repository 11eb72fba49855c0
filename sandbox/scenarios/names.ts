// What the stories are called, for a command line that has not loaded them. The longest stand among the first three, so
// that together they end sooner.
export const scenarioNames = [
  'checkout-errors',
  'bad-flag',
  'blind-checkout',
  'harmful-fix',
  'changed-mind',
  'worker-exhaustion',
  'false-alarm',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];
