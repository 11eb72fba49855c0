// Which looks take a key: the list of what the job `measure` looks at, and what the jobs that open pages without any secret leave to it.
// Must never leave out a check whose look sends something that not everybody may know.
import { type Check, fromEverywhere } from './checks.ts';
import type { VerifyPlan } from './plan.ts';
import { ruleFor } from './rule.ts';
import { secretsIn } from './secrets.ts';

/** Kinds that are answered by a system which asks who is asking. */
const KEYED: readonly Check['kind'][] = ['monitor', 'command'];

export const needsKeys = (check: Check): boolean => KEYED.includes(check.kind) || secretsIn(check).length > 0;

/** The names of a plan's checks that need a key, from every address they have. */
export const keyedIn = (plan: VerifyPlan): string[] =>
  plan.checks
    .filter(needsKeys)
    .flatMap(fromEverywhere)
    .map(({ id }) => id);

/** Those of them that decide whether it is red, or green. Without any, there is nothing to measure. */
export function measuredIn(plan: VerifyPlan, which: 'red' | 'green'): string[] {
  const { checks } = ruleFor(plan, which);
  return keyedIn(plan).filter((id) => checks.includes(id));
}
