// A service that heals slowly: when to look again, and what a series of looks says while time is left.
// Must never refute before the time is over, except when something got worse than before the run.
import { cut } from '#core/text/cut';
import { partsOf } from './elsewhere.ts';
import type { Sample } from './plan.ts';
import { isBetter } from './rates/compare.ts';
import { type Counts, ERRORS, sum } from './rates/sequential.ts';
import type { Rate, Rule } from './rule.ts';
import { stepOf } from './settle.ts';
import { judgeGreen } from './verdict.ts';
import { gotWorse, newestForWorse, WORSE_MS } from './worse.ts';

const THINNER = 10; // the pause is a tenth of the time that has passed,
const MOST_PAUSE_MS = 300_000; // and five minutes at most
const NEWEST = 3; // looks by which it is told how it goes
const MOST_SAMPLES = 1000; // what one fact may hold
/** A job waits so long for its next look; a longer pause is the app's to wait out. */
export const NEAR_MS = 60_000;

/** The time a service has, from its first look on. All in Unix milliseconds. */
export type Stretch = { readonly began: number; readonly within_s: number };
export type Settling = {
  readonly verdict: 'recovered' | 'refuted' | 'worse' | 'inconclusive' | 'improving' | 'waiting';
  /** No further look is taken. */
  readonly decided: boolean;
  readonly reason: string;
  /** What got worse than it was before the run. */
  readonly worse?: string;
};

/**
 * When to look next: at once, then thinner, and in the rhythm of green as long as all is well. The last look is at the very end, or
 * as soon after it as a job comes; only a recovery that is under way then may be seen through. Null: it is over.
 */
export function nextLook(
  samples: readonly Sample[],
  rule: Rule,
  { began, within_s }: Stretch,
): number | null {
  if (samples.length === 0) return began;
  const last = Math.max(...samples.map((one) => one.at));
  const step = stepOf(rule) * 1000;
  const well = isWell(samples, rule);
  const pause = well
    ? step
    : Math.min(Math.max(step, (last - began) / THINNER), Math.max(step, MOST_PAUSE_MS));
  const next = Math.round(last + pause);
  const end = began + within_s * 1000;
  if (next <= end) return next;
  if (last < end) return end;
  const closing = Math.min(...samples.map((one) => one.at).filter((at) => at >= end));
  return well && next <= closing + rule.over_s * 1000 + step ? next : null;
}

/** Whether the newest look of every check was well. */
export const isWell = (samples: readonly Sample[], rule: Rule): boolean =>
  newest(samples, rule, 1).every((one) => one.outcome === 'pass');

/**
 * Of all looks so far. Recovered is what the newest looks say by the rule of green, as if they were the only ones. What another job
 * looked at is judged by itself, since its looks have a time of their own; both must be well, and one that is lost loses both.
 */
export function judgeSettling(samples: readonly Sample[], rule: Rule, stretch: Stretch): Settling {
  if (rule.elsewhere === undefined) return judgePart(samples, rule, stretch);
  const parts = partsOf(rule).filter(({ checks }) => checks.length > 0);
  const judged = parts.map((part) => judgePart(samples, part, stretch));
  const say = (one: Settling): Settling => ({
    ...one,
    reason: cut(judged.map(({ reason }) => reason).join('; '), 500),
  });
  const is = (verdict: Settling['verdict']) => judged.find((one) => one.verdict === verdict);
  const lost = is('worse') ?? is('refuted') ?? is('inconclusive') ?? is('improving') ?? is('waiting');
  return say(lost ?? { verdict: 'recovered', decided: true, reason: '' });
}

function judgePart(all: readonly Sample[], rule: Rule, stretch: Stretch): Settling {
  const samples = all.filter(({ check }) => rule.checks.includes(check));
  const green = judgeGreen(newest(samples, rule, rule.of), rule);
  const say = (verdict: Settling['verdict'], decided: boolean, words: string): Settling => ({
    verdict,
    decided,
    reason: cut(words === '' ? green.reason : `${words}: ${green.reason}`, 500),
  });
  if (green.verdict === 'confirmed') return say('recovered', true, '');
  const worse = gotWorse(samples, rule, rule.starts ?? 1);
  if (worse !== null) return { ...say('worse', true, worse), worse };
  const better = rule.checks.some((check) => gotBetter(samples, rule, check));
  if (nextLook(samples, rule, stretch) !== null)
    return better ? say('improving', false, 'it improves') : say('waiting', false, 'not better yet');
  const over = `not well within ${Math.round(stretch.within_s / 60)} min${better ? ', though better' : ''}`;
  return say(green.verdict === 'refuted' ? 'refuted' : 'inconclusive', true, over);
}

/** The newest looks of each check, at most so many. */
export function newest(samples: readonly Sample[], rule: Rule, most: number): Sample[] {
  return rule.checks.flatMap((check) =>
    samples
      .filter((one) => one.check === check)
      .sort((a, b) => a.at - b.at)
      .slice(-most),
  );
}

/**
 * What a verdict on later looks needs of these: of each check as many of its newest as green and harm take, and those of its last minute.
 * The time of the very first look is the stretch's.
 */
export function needed(samples: readonly Sample[], rule: Rule): Sample[] {
  const most = Math.floor(MOST_SAMPLES / Math.max(1, rule.checks.length));
  const forHarm = newestForWorse(rule, rule.starts ?? 1);
  return rule.checks.flatMap((check) => {
    const mine = newest(samples, { ...rule, checks: [check] }, Number.POSITIVE_INFINITY);
    const last = mine.at(-1)?.at ?? 0;
    const minute =
      mine.length -
      Math.max(
        0,
        mine.findLastIndex((one) => one.at <= last - WORSE_MS),
      );
    // Two more than green takes: the look at the end from which a recovery is seen through is among them.
    return mine.slice(-Math.min(Math.max(rule.of + 2, forHarm, NEWEST, minute), most));
  });
}

function gotBetter(samples: readonly Sample[], rule: Rule, check: string): boolean {
  const mine = newest(samples, { ...rule, checks: [check] }, NEWEST);
  const rate = rule.rates?.[check];
  if (rate === undefined) return false; // one request a look cannot say how much fails
  const before = countsBefore(rate);
  return before !== null && isBetter(before, sum(countsOf(mine)), ERRORS.below);
}

const countsBefore = (rate: Rate | undefined): Counts | null =>
  rate === undefined || rate.before === 'missing' ? null : rate.before;

const countsOf = (samples: readonly Sample[]): Counts[] =>
  samples.flatMap((one) => (one.counts && one.outcome !== 'inconclusive' ? [one.counts] : []));
