// What the looks after a run say without time to settle: green, not green, or worse than before.
// Must never end the looking while something that may have got worse has not shown whether it did.
import type { Sample } from './plan.ts';
import type { Rule } from './rule.ts';
import { type GreenVerdict, type Judgement, judgeGreen } from './verdict.ts';
import { couldGetWorse, gotWorse } from './worse.ts';

/** `worse`: what got worse. It is refuted then, whatever else is green. */
export type AfterRun = Judgement<GreenVerdict> & { readonly worse?: string };

export function judgeAfterRun(samples: readonly Sample[], rule: Rule): AfterRun {
  const green = judgeGreen(samples, rule);
  if (green.verdict === 'confirmed') return green;
  const worse = gotWorse(samples, rule);
  if (worse !== null) return { ...green, verdict: 'refuted', decided: true, worse };
  return isRefuted(green) && couldGetWorse(samples, rule) ? { ...green, decided: false } : green;
}

/** It is known that it did not help; looks go on only to see whether it did harm. */
export const isRefuted = ({ verdict }: AfterRun): boolean => verdict === 'refuted';
