// Where a check stands whose requests are counted: above what may fail, below it, or too few to tell.
// Must never call it green for being within the bound alone when what was red before is not clearly better.
import { eyesOf } from './engines.ts';
import type { Sample } from './plan.ts';
import { percent } from './rates/bound.ts';
import { isBetter } from './rates/compare.ts';
import { answer, type Counts, ERRORS, type Errors, sum } from './rates/sequential.ts';
import type { Rate, Rule } from './rule.ts';

export type State = 'reached' | 'impossible' | 'open' | 'unknowable';

/** `samples` are those of one check, in their order, at most as many as the rule takes; `left`: how many more may come. */
export function rateState(
  samples: readonly Sample[],
  rule: Rule,
  rate: Rate,
  which: 'red' | 'green',
  left = rule.of - samples.length,
): State {
  const bursts = countsOf(samples);
  const said = answer(sum(bursts), rate.bound, errorsOf(rule));
  const spare = rule.of - rule.need;
  const [hit, miss] = which === 'red' ? (['above', 'below'] as const) : (['below', 'above'] as const);
  if (said === hit && bursts.length >= rule.need && (which === 'red' || helped(sum(bursts), rule, rate)))
    return 'reached';
  if (said === miss && bursts.length > spare) return 'impossible';
  const could = bursts.length + left >= rule.need || bursts.length + left > spare;
  return left > 0 && could ? 'open' : 'unknowable';
}

/** `4 of 600 requests (or sessions) of health failed in 3 looks (0.67 %), too few to tell whether at most 1 % do`. */
export function rateReason(check: string, samples: readonly Sample[], rule: Rule, rate: Rate): string {
  const bursts = countsOf(samples);
  const seen = sum(bursts);
  const blind = samples.length - bursts.length;
  const last = samples.findLast((sample) => sample.reason !== null);
  const eyes = eyesOf(samples);
  const looks = `${bursts.length} ${bursts.length === 1 ? 'look' : 'looks'}`;
  const units = samples.some((sample) => sample.engine !== 'http') ? 'sessions' : 'requests';
  const words = {
    above: `more than the ${percent(rate.bound)} that may`,
    below: `at most the ${percent(rate.bound)} that may`,
    unclear: `too few to tell whether at most ${percent(rate.bound)} do`,
  }[answer(seen, rate.bound, errorsOf(rule))];
  return [
    `${seen.failing} of ${seen.of} ${units} of ${check} failed in ${looks} (${share(seen)}), ${words}`,
    ...(rate.before === 'missing'
      ? ['nothing was counted before to compare with']
      : compared(seen, rule, rate)),
    ...(blind > 0 ? [`${blind} saw nothing`] : []),
    ...(eyes === null ? [] : [eyes]),
    ...(last ? [`last: ${last.reason}`] : []),
  ].join(', ');
}

function compared(now: Counts, rule: Rule, rate: Rate): string[] {
  if (rate.before === null || rate.before === 'missing') return [];
  const than = `before: ${rate.before.failing} of ${rate.before.of} (${share(rate.before)})`;
  return [helped(now, rule, rate) ? than : `not clearly better than ${than}`];
}

/** It was within the bound before, or it is better now by more than chance. Green may ask so once a look. */
function helped(now: Counts, rule: Rule, { bound, before }: Rate): boolean {
  if (before === 'missing') return false;
  if (before === null || before.failing <= bound * before.of) return true;
  return isBetter(before, now, ERRORS.below / rule.of / (rule.starts ?? 1));
}

/** Many checks, and many stretches that are judged anew, are wrong by chance more often than one, so each may be so less often. */
const errorsOf = (rule: Rule): Errors => ({
  below: ERRORS.below / (rule.starts ?? 1),
  above: ERRORS.above / Math.max(1, Object.keys(rule.rates ?? {}).length),
});

const countsOf = (samples: readonly Sample[]): Counts[] =>
  samples.flatMap((sample) => (sample.counts && sample.outcome !== 'inconclusive' ? [sample.counts] : []));

const share = ({ failing, of }: Counts): string => percent(of === 0 ? 0 : failing / of);
