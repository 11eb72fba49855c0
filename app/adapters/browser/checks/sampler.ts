// Runs a plan's checks again and again until their verdict is decided.
// It must never repeat a look to get a better answer. Only a lost browser or a second engine allows another look.

import { setTimeout as delay } from 'node:timers/promises';
import { cut } from '#core/text/cut';
import { type AfterRun, isRefuted, judgeAfterRun } from '#core/verification/after-run';
import { fromEverywhere, longest } from '#core/verification/checks';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { ruleFor } from '#core/verification/rule';
import { mostLooks, secondsOf } from '#core/verification/settle';
import { judgeSettling, newest, nextLook, type Settling } from '#core/verification/settling';
import { type GreenVerdict, type Judgement, judgeRed, type RedVerdict } from '#core/verification/verdict';
import { mostRounds, pauseOf, watched } from '#core/verification/worse';
import type { Datadog } from '../../datadog.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { look } from './sight.ts';

const MOST_S = 24 * 3600; // whoever calls ends a look long before, with the time of its job

/** `now` in Unix milliseconds; `sleep` rejects when the signal aborts. */
export type Clock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

// This clock goes on steadily, even when somebody sets the machine's clock.
export const steady: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

type SamplingOptions = {
  readonly plan: BoundPlan;
  readonly which: 'red' | 'green';
  /** What was seen before the run; green is compared with it. */
  readonly before?: readonly Sample[];
  readonly browser: BrowserOptions;
  /** For monitors. Null or left out: this job has no keys of it. */
  readonly datadog?: Datadog | null;
  readonly onSample?: (sample: Sample) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};
export type Sampling = {
  verdict: RedVerdict | GreenVerdict | 'inconclusive';
  reason: string;
  samples: Sample[];
  ms: number;
  /** What got worse than it was before the run. */
  worse?: string;
};

/**
 * Takes the rule's samples, evenly spread over its time, and ends as soon as the verdict is decided. If it is stopped
 * before, has no more time or loses the browser, the verdict is inconclusive and the reason says so. It never takes longer
 * than the rule's time plus the time-outs of all looks on both engines. A plan that gives time to settle is looked at until it is well, worse,
 * or out of time. After a run that did not help, what was well before is looked at a little longer, so that harm is seen.
 */
export async function samplePlan(options: SamplingOptions): Promise<Sampling> {
  const { plan, which, clock = steady } = options;
  const rule = ruleFor(plan, which, options.before);
  const checks = plan.checks.flatMap(fromEverywhere).filter((check) => rule.checks.includes(check.id));
  const within_s = which === 'green' && plan.settle ? secondsOf(plan.settle.within) : null;
  const after = (): AfterRun =>
    within_s === null
      ? judgeAfterRun(samples, rule)
      : settled(judgeSettling(samples, rule, { began, within_s }));
  const judge = (): Judgement<RedVerdict | GreenVerdict> & { worse?: string } =>
    which === 'red' ? judgeRed(samples, rule) : after();
  /** Only whether something got worse is still open. */
  const onlyHarm = (): boolean => which === 'green' && within_s === null && isRefuted(after());
  const judged = (): Pick<Sampling, 'verdict' | 'reason' | 'worse'> => {
    const { verdict, reason, worse } = judge();
    return { verdict, reason, ...(worse === undefined ? {} : { worse }) };
  };
  const shortest = which === 'red' ? rule.of : mostRounds(rule);
  const rounds = within_s === null ? shortest : mostLooks(within_s, rule);
  const looking = rounds * checks.reduce((sum, check) => sum + longest(check), 0) * 2;
  const longer = ((shortest - rule.of) * pauseOf(rule)) / 1000;
  const most = Math.min(rule.over_s * 2 + (within_s ?? longer) + looking, MOST_S);
  const limit = AbortSignal.timeout(most * 1000);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const { datadog = null } = options;
  const eyes = { browsers, origins: originsOf(plan), datadog, signal, now: clock.now };
  const samples: Sample[] = [];
  const began = clock.now();
  let round = began;
  try {
    for (let turn = 0; turn < rounds && !judge().decided; turn += 1) {
      // Counted from the start of the last round: a slow round delays the next one, so that two rounds are never too close.
      const pause = onlyHarm() ? pauseOf(rule) : (rule.over_s * 1000) / Math.max(1, rule.of - 1);
      const due = within_s === null ? round + pause : nextLook(samples, rule, { began, within_s });
      if (due === null) break;
      if (turn > 0) await clock.sleep(Math.max(0, due - clock.now()), signal);
      round = clock.now();
      for (const check of checks) {
        if (judge().decided) break;
        if (onlyHarm() && !watched(rule).includes(check.id)) continue;
        const at = clock.now();
        const sighting = await look(check, eyes);
        if (signal.aborted) throw signal.reason;
        const sample = { check: check.id, at: Math.round(at), ms: Math.round(clock.now() - at), ...sighting };
        samples.push(sample);
        options.onSample?.(sample);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    // That it did not help is known, whatever else could still have been seen.
    if (onlyHarm()) return { ...judged(), samples, ms: Math.round(clock.now() - began) };
    const why = options.signal?.aborted ? 'stopped' : 'out of time';
    const reason = cut(`${why} before enough samples were taken: ${judge().reason}`, 500);
    return { verdict: 'inconclusive', reason, samples, ms: Math.round(clock.now() - began) };
  } finally {
    await browsers.close();
  }
  // A record has room for the looks that decided, and the log has had every line.
  const kept = within_s === null ? samples : newest(samples, rule, rule.of);
  return { ...judged(), samples: kept, ms: Math.round(clock.now() - began) };
}

function settled({ verdict, decided, reason, worse }: Settling): AfterRun {
  if (verdict === 'recovered') return { verdict: 'confirmed', decided, reason };
  const against = verdict === 'refuted' || verdict === 'worse';
  const said = worse === undefined ? {} : { worse };
  return { verdict: against ? 'refuted' : 'inconclusive', decided, reason, ...said };
}
