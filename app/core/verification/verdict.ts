// Judges samples: is the symptom red, is it absent, has the service recovered? Only counts what was seen.
// Must never use a sample that saw nothing (browser lost, engine limit) as evidence for either side.

import { cut } from '#core/text/cut';
import { eyesOf, tornWords } from './engines.ts';
import type { Sample } from './plan.ts';
import { rateReason, rateState, type State } from './rate-tally.ts';
import type { Rule } from './rule.ts';
import type { Wanted } from './symptom.ts';

const MAX_REASON = 500; // what one line of a fact may hold

/** `decided` says that no further sample can change the verdict. */
export type Judgement<V extends string> = {
  readonly verdict: V | 'inconclusive';
  readonly decided: boolean;
  readonly reason: string;
};
export type RedVerdict = 'red' | 'absent';
export type GreenVerdict = 'confirmed' | 'refuted';

/**
 * Red when what the rule wants failed often enough. Absent when no named check can fail often enough any more. When only a part
 * of the symptom is seen, it is inconclusive: the proposal does not describe what happens.
 */
export function judgeRed(samples: readonly Sample[], rule: Rule): Judgement<RedVerdict> {
  const tallies = rule.checks.map((check) => tally(samples, rule, check, 'fail', 'pass'));
  const state = stateOf(rule.wanted ?? { all: rule.checks }, tallies);
  const seen = tallies.filter((one) => one.state === 'reached');
  if (state === 'reached') return settle('red', seen, rule, samples);
  if (state === 'impossible') return settle('absent', tallies, rule, samples);
  const reason =
    (state === 'torn' ? 'only a part of the symptom is seen: ' : '') + tallyReason(tallies, rule);
  return { verdict: 'inconclusive', decided: state !== 'open', reason: cut(reason, MAX_REASON) };
}

function stateOf(wanted: Wanted, tallies: readonly Tally[]): State | 'torn' {
  if (typeof wanted === 'string') return tallies.find((one) => one.check === wanted)?.state ?? 'unknowable';
  const isAny = 'any' in wanted;
  const states = (isAny ? wanted.any : wanted.all).map((one) => stateOf(one, tallies));
  if (states.every((state) => state === 'impossible')) return 'impossible';
  if (isAny ? states.includes('reached') : states.every((state) => state === 'reached')) return 'reached';
  if (isAny) return states.includes('open') ? 'open' : states.includes('torn') ? 'torn' : 'unknowable';
  if (states.includes('torn') || (states.includes('reached') && states.includes('impossible'))) return 'torn';
  return states.includes('unknowable') ? 'unknowable' : 'open';
}

/** Confirmed when every named check passed often enough. Refuted as soon as one of them can no longer do so. */
export function judgeGreen(samples: readonly Sample[], rule: Rule): Judgement<GreenVerdict> {
  const tallies = rule.checks.map((check) => tally(samples, rule, check, 'pass', 'fail'));
  const broken = tallies.filter((one) => one.state === 'impossible');
  if (broken.length > 0) return settle('refuted', broken, rule, samples);
  if (tallies.every((one) => one.state === 'reached')) return settle('confirmed', tallies, rule, samples);
  // A check that can no longer be confirmed does not end the sampling, because another check may still refute.
  const decided = tallies.every((one) => one.state === 'reached' || one.state === 'unknowable');
  return { verdict: 'inconclusive', decided, reason: tallyReason(tallies, rule) };
}

type Tally = {
  readonly check: string;
  readonly state: State;
  readonly samples: readonly Sample[];
};

function tally(
  samples: readonly Sample[],
  rule: Rule,
  check: string,
  hit: 'pass' | 'fail',
  miss: 'pass' | 'fail',
): Tally {
  const mine = samples
    .filter((sample) => sample.check === check)
    .sort((a, b) => a.at - b.at)
    .slice(0, rule.of);
  const rate = rule.rates?.[check];
  const left = rule.elsewhere?.includes(check) ? 0 : rule.of - mine.length;
  if (rate)
    return {
      check,
      state: rateState(mine, rule, rate, hit === 'fail' ? 'red' : 'green', left),
      samples: mine,
    };
  const spare = rule.of - rule.need; // misses that the rule forgives
  const hits = count(mine, hit);
  const misses = count(mine, miss);
  if (hits >= rule.need) return { check, state: 'reached', samples: mine };
  if (misses > spare) return { check, state: 'impossible', samples: mine };
  const open = hits + left >= rule.need || misses + left > spare;
  return { check, state: open ? 'open' : 'unknowable', samples: mine };
}

// Ten samples within one second say nothing about two minutes. The time counts from the very first sample, since a slow
// check delays the checks after it in the same round; of what another job looked at, from the first sample of that job.
// Timers are not exact, so nine tenths of the time are enough.
function settle<V extends string>(
  verdict: V,
  tallies: readonly Tally[],
  rule: Rule,
  all: readonly Sample[],
): Judgement<V> {
  const reason = tallyReason(tallies, rule);
  const isThere = (check: string): boolean => rule.elsewhere?.includes(check) ?? false;
  const beganWith = (check: string): number =>
    Math.min(
      ...all
        .filter((one) => rule.checks.includes(one.check) && isThere(one.check) === isThere(check))
        .map((one) => one.at),
    );
  for (const { check, samples } of tallies) {
    const share = rule.of > 1 ? (samples.length - 1) / (rule.of - 1) : 0;
    const span = Math.max(...samples.map((one) => one.at)) - beganWith(check);
    if (span >= rule.over_s * 1000 * share * 0.9) continue;
    const crowded = cut(`the samples of ${check} lie too close together: ${reason}`, MAX_REASON);
    return { verdict: 'inconclusive', decided: samples.length >= rule.of, reason: crowded };
  }
  return { verdict, decided: true, reason };
}

function tallyReason(tallies: readonly Tally[], rule: Rule): string {
  const told = tallies.map(({ check, samples }) => {
    const rate = rule.rates?.[check];
    if (rate) return rateReason(check, samples, rule, rate);
    const [passed, failed, blind] = [
      count(samples, 'pass'),
      count(samples, 'fail'),
      count(samples, 'inconclusive'),
    ];
    const torn = samples.filter(({ overruled }) => overruled && overruled.outcome !== 'inconclusive');
    const eyes = eyesOf(samples);
    const last = samples.findLast((sample) => sample.reason !== null || torn.includes(sample));
    const why = last && (torn.includes(last) ? tornWords(last) : last.reason);
    return [
      `${check} passed ${passed} and failed ${failed} of ${samples.length} (${rule.need} of ${rule.of} needed)`,
      ...(blind > 0 ? [`${blind} saw nothing`] : []),
      ...(torn.length > 0 ? [`the engines disagreed on ${torn.length}`] : []),
      ...(eyes === null ? [] : [eyes]),
      ...(why ? [`last: ${why}`] : []),
    ].join(', ');
  });
  return cut(told.join('; '), MAX_REASON);
}

const count = (samples: readonly Sample[], outcome: Sample['outcome']): number =>
  samples.filter((sample) => sample.outcome === outcome).length;

/** A read of the plan's `snapshot`: the hash of the whole body, and at most 2 kB of it as text. */
export type Snapshot =
  | {
      readonly id: string;
      readonly ok: true;
      readonly status: number;
      readonly sha256: string;
      readonly text: string;
    }
  | { readonly id: string; readonly ok: false; readonly reason: string };

/** Whether an undo restored what was read before the fix. What could not be read both times counts as different. */
export function compareSnapshots(
  before: readonly Snapshot[],
  after: readonly Snapshot[],
): 'equal' | 'different' | 'none' {
  if (before.length === 0) return 'none';
  const same = before.every((old) => {
    const now = after.find((one) => one.id === old.id);
    return old.ok && now?.ok === true && old.status === now.status && old.sha256 === now.sha256;
  });
  return same ? 'equal' : 'different';
}
