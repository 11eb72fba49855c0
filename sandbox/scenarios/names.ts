// What the stories are called, for a command line that has not loaded them, in the order in which they are told.
export const scenarioNames = [
  'checkout-errors',
  'bad-flag',
  'blind-checkout',
  'harmful-fix',
  'changed-mind',
  'worker-exhaustion',
  'false-alarm',
] as const;
/** Those that take longest: played together, they begin first, so that none is left alone at the end. */
export const longest: readonly ScenarioName[] = [
  'changed-mind',
  'harmful-fix',
  'worker-exhaustion',
  'blind-checkout',
];
export type ScenarioName = (typeof scenarioNames)[number];
