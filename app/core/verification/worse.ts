// Whether something got worse than it was before the fix: a check that was green turned red, or more fails than did. An undo may follow
// from it without a person, so the chance to say so though nothing changed is at most 1 %, over all looks and checks together.
// Must never say so of a check that was red itself, or of which too little was seen before.

import type { Sample } from './plan.ts';
import { percent } from './rates/bound.ts';
import { isWorse } from './rates/compare.ts';
import { type Counts, ERRORS, sum } from './rates/sequential.ts';
import type { Rule } from './rule.ts';
import { stepOf } from './settle.ts';

/** Worse is what lasts so long: a restart is shorter. */
export const WORSE_MS = 60_000;
const LEAST_WORSE_MS = 20_000;
/** Of fewer looks, before the run or after it, nothing follows. */
export const FEWEST_LOOKS = 3;
/** Looks beyond those of green, when it is refuted and something may have turned red. */
const MORE_LOOKS = 8;
const ON_TIME = 0.9; // timers are not exact

/** The checks that can be said to have got worse. */
export function watched(rule: Rule): string[] {
  return rule.checks.filter(
    (check) => (rule.steady?.[check] ?? 0) >= FEWEST_LOOKS || countsBefore(rule, check),
  );
}

/** Many checks are wrong by chance more often than one, so each may be so less often. */
const errorOf = (rule: Rule): number => ERRORS.above / Math.max(rule.among ?? 0, watched(rule).length);

/** The most looks of a check at which this can be asked, without time to settle. */
export const mostRounds = (rule: Rule): number => rule.of + (watched(rule).length > 0 ? MORE_LOOKS : 0);

/** How long it must last: a minute, or as long as green takes where its author wrote less, for a service of which seconds tell. */
const lastsFor = (rule: Rule): number => Math.min(WORSE_MS, Math.max(LEAST_WORSE_MS, rule.over_s * 1000));

/** The pause between two looks that are taken for this alone, in milliseconds. */
export const pauseOf = (rule: Rule): number =>
  Math.max(stepOf(rule) * 1000, lastsFor(rule) / (FEWEST_LOOKS + 1));

/** What got worse, in words. `rounds`: at how many looks at most it is asked. Null: nothing did, as far as was seen. */
export function gotWorse(samples: readonly Sample[], rule: Rule, rounds = mostRounds(rule)): string | null {
  for (const check of watched(rule)) {
    const steady = rule.steady?.[check];
    const said =
      steady === undefined
        ? rose(samples, rule, check, rounds)
        : turnedRed(samples, rule, check, steady, rounds);
    if (said !== null) return said;
  }
  return null;
}

/** Whether more looks could still show that something got worse: too few were taken yet, or the newest ones look like it. */
export function couldGetWorse(samples: readonly Sample[], rule: Rule): boolean {
  const rounds = mostRounds(rule);
  return watched(rule).some((check) => {
    if (rule.elsewhere?.includes(check)) return false;
    const mine = looksOf(samples, check);
    const left = rounds - samples.filter((one) => one.check === check).length;
    if (left <= 0) return false;
    if (mine.length < FEWEST_LOOKS) return true;
    const run = trailing(mine, isBad(rule, check)).length;
    return run > 0 && run + left >= (leastFor(rule, check, rounds) ?? Number.POSITIVE_INFINITY);
  });
}

function turnedRed(
  samples: readonly Sample[],
  rule: Rule,
  check: string,
  before: number,
  rounds: number,
): string | null {
  const run = trailing(looksOf(samples, check), isBad(rule, check));
  const least = leastFor(rule, check, rounds);
  if (least === null || run.length < least || spanOf(run) < lastsFor(rule) * ON_TIME) return null;
  return `${check} was green in all ${before} looks before the run, and failed in the last ${run.length}`;
}

function rose(samples: readonly Sample[], rule: Rule, check: string, rounds: number): string | null {
  const before = countsBefore(rule, check);
  if (before === null) return null;
  const mine = looksOf(samples, check);
  const last = mine.at(-1)?.at ?? 0;
  const from = mine.findLastIndex((one) => one.at <= last - lastsFor(rule) * ON_TIME);
  const newest = from < 0 ? [] : mine.slice(Math.min(from, mine.length - FEWEST_LOOKS));
  if (newest.length < FEWEST_LOOKS || !newest.every(isBad(rule, check))) return null;
  const now = sum(newest.flatMap((one) => (one.counts ? [one.counts] : [])));
  if (!isWorse(before, now, errorOf(rule) / rounds)) return null;
  const share = ({ failing, of }: Counts) => `${failing} of ${of} (${percent(of === 0 ? 0 : failing / of)})`;
  return `of the requests of ${check} ${share(before)} failed before the run, and ${share(now)} in the last looks`;
}

const isBad =
  (rule: Rule, check: string) =>
  (one: Sample): boolean => {
    const before = countsBefore(rule, check);
    if (rule.steady?.[check] !== undefined || before === null) return one.outcome === 'fail';
    return one.counts !== undefined && one.counts.failing * before.of > before.failing * one.counts.of;
  };

function countsBefore(rule: Rule, check: string): Counts | null {
  const rate = rule.rates?.[check];
  const enough = (rate?.looks ?? 0) >= FEWEST_LOOKS;
  return !rate || !enough || rate.before === 'missing' ? null : rate.before;
}

/** Looks that saw something, oldest first. */
const looksOf = (samples: readonly Sample[], check: string): Sample[] =>
  samples.filter((one) => one.check === check && one.outcome !== 'inconclusive').sort((a, b) => a.at - b.at);

const trailing = (mine: readonly Sample[], bad: (one: Sample) => boolean): Sample[] =>
  mine.slice(mine.findLastIndex((one) => !bad(one)) + 1);

const spanOf = (run: readonly Sample[]): number => (run.at(-1)?.at ?? 0) - (run[0]?.at ?? 0);

/** How many of the newest looks of a check this needs, besides those of the last minute. */
export const newestForWorse = (rule: Rule, rounds: number): number =>
  Math.max(FEWEST_LOOKS, ...watched(rule).map((check) => leastFor(rule, check, rounds) ?? 0));

function leastFor(rule: Rule, check: string, rounds: number): number | null {
  const steady = rule.steady?.[check];
  if (steady === undefined) return FEWEST_LOOKS;
  return leastRun(steady, rounds, errorOf(rule));
}

/** So many looks in a row must fail, of `rounds`, after `before` that all passed. Null: no number of them would be enough. */
export function leastRun(before: number, rounds: number, error: number): number | null {
  for (let run = FEWEST_LOOKS; run <= rounds; run += 1)
    if (chanceOfRun(before, run, rounds) <= error) return run;
  return null;
}

/**
 * The most that the chance of this can be while nothing changed, whatever share of looks fails: `before` looks all pass, and then
 * `run` in a row fail somewhere among `rounds`. A run begins at the first look, or right after one that passed.
 */
export function chanceOfRun(before: number, run: number, rounds: number): number {
  return mostLikely(run, before) + (rounds - run) * mostLikely(run, before + 1);
}

/** The greatest value of share^fails × (1 − share)^passes. */
const mostLikely = (fails: number, passes: number): number => {
  const share = fails / (fails + passes);
  return share ** fails * (1 - share) ** passes;
};
