// What the stories are called, for a command line that has not loaded them. The longest stand first, so that together they end
// sooner.
export const scenarioNames = [
  'harmful-fix',
  'checkout-errors',
  'bad-flag',
  'changed-mind',
  'worker-exhaustion',
  'false-alarm',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];
