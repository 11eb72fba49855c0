// A rule of which one job looks at a part: the other part was looked at by the job `measure`, with keys that this one has not.
// Must never let one part's time stand for the other's, nor call a part well whose looks did not say so themselves.
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { watched } from './worse.ts';

/** The same rule for whoever looks at all checks but these. */
export function withElsewhere(rule: Rule, ids: readonly string[]): Rule {
  const elsewhere = rule.checks.filter((check) => ids.includes(check));
  return elsewhere.length === 0 ? rule : { ...rule, elsewhere };
}

/** The same rule for whoever looks at these alone. What all checks together may get wrong by chance stays shared among all of them. */
export function only(rule: Rule, ids: readonly string[]): Rule {
  const { wanted: _wanted, elsewhere: _elsewhere, ...rest } = rule;
  const among = Math.max(rule.among ?? 0, watched(rule).length);
  return { ...rest, checks: rule.checks.filter((check) => ids.includes(check)), among };
}

/** The two parts of a rule, each with its own time. */
export function partsOf(rule: Rule): readonly [here: Rule, there: Rule] {
  const { elsewhere = [] } = rule;
  const here = rule.checks.filter((check) => !elsewhere.includes(check));
  return [only(rule, here), only(rule, elsewhere)];
}

/** A look that nobody took, so that neither red nor green can be made of it. */
export const unseen = (check: string, at: number, reason: string): Sample => ({
  ...{ check, at, ms: 0, outcome: 'inconclusive', engine: 'http', reason, overruled: null },
});
