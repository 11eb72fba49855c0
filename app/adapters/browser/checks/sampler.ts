// Runs a plan's checks again and again until their verdict is decided.
// It must never repeat a look to get a better answer. Only a lost browser or a second engine allows another look.

import { setTimeout as delay } from 'node:timers/promises';
import type { PageWords } from '#core/ledger/page-words';
import { cut } from '#core/text/cut';
import { fromEverywhere, longest } from '#core/verification/checks';
import { only, partsOf, withElsewhere } from '#core/verification/elsewhere';
import {
  isOnlyHarm,
  isOnlyOthers,
  isStale,
  type Judged,
  judged,
  type Looked,
} from '#core/verification/judging';
import { keyedIn, needsKeys } from '#core/verification/needs-keys';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { type Rule, ruleFor } from '#core/verification/rule';
import type { CheckSecrets } from '#core/verification/secrets';
import { mostLooks, secondsOf } from '#core/verification/settle';
import { isWell, NEAR_MS, needed, newest, nextLook } from '#core/verification/settling';
import type { GreenVerdict, RedVerdict } from '#core/verification/verdict';
import { mostRounds, pauseOf, watched } from '#core/verification/worse';
import type { Datadog } from '../../datadog.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { look } from './sight.ts';
import { wordsOf } from './words.ts';

const BLAME_S = 15; // what it takes at most to tell a page that hangs from a browser that does
const MOST_S = 24 * 3600; // whoever calls ends a look long before, with the time of its job

/** `now` in Unix milliseconds; `sleep` rejects when the signal aborts. */
export type Clock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

// This clock goes on steadily, even when somebody sets the machine's clock.
export const steady: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/**
 * The time that a service has until it is well. `began`, `earlier`: from jobs that looked before this one. `job_s`: how long this one
 * looks; without it, as long as it takes.
 */
export type Patience = {
  readonly within_s: number;
  readonly began?: number;
  readonly earlier?: readonly Sample[];
  readonly job_s?: number;
};

type SamplingOptions = {
  readonly plan: BoundPlan;
  readonly which: 'red' | 'green';
  /** What was seen before the run; green is compared with it. */
  readonly before?: readonly Sample[];
  /** Of green alone. Without it, what the plan says of settling. */
  readonly patience?: Patience | null;
  readonly browser: BrowserOptions;
  /** For monitors. Null or left out: this job has no keys of it. */
  readonly datadog?: Datadog | null;
  /** For checks that name secrets. Left out: this job has none. */
  readonly secrets?: CheckSecrets | undefined;
  /** What the job `measure` saw: the checks that need a key are not looked at here, and these samples count. Left out: they are. */
  readonly measured?: readonly Sample[];
  /** Looks at the checks that need a key, and at no other. */
  readonly keyed?: boolean;
  readonly onSample?: (sample: Sample) => void;
  /** Whether the words of the first page that failed and the last that passed are kept, as they were. */
  readonly keepsWords?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};
/** `samples`: those that decided, or those that a later job needs. `next`, `until`: in Unix milliseconds. */
export type Sampling = {
  verdict: RedVerdict | GreenVerdict | 'inconclusive' | 'improving' | 'waiting';
  reason: string;
  samples: Sample[];
  /** Not redacted. */
  pages?: PageWords[];
  ms: number;
  /** What got worse than it was before the run. */
  worse?: string;
  /** Not well yet: time is left, and the next look is too far away for this job. */
  goesOn?: { next: number; until: number; dropped: number };
};

/**
 * Takes the rule's samples, evenly spread over its time, and ends as soon as the verdict is decided. If it is stopped
 * before, has no more time or loses the browser, the verdict is inconclusive and the reason says so. It never takes longer
 * than the rule's time plus the time-outs of all looks on both engines. With time to settle, it looks until it is well, worse, or
 * out of time, or until the next look is too far away for this job. Without, what was well before is looked at a little longer after
 * a run that did not help, so that harm is seen.
 */
export async function samplePlan(options: SamplingOptions): Promise<Sampling> {
  const { plan, which, datadog = null, clock = steady, keepsWords = false, measured = [], secrets } = options;
  const patience = which === 'green' ? patienceOf(options) : null;
  const { earlier = [], job_s = MOST_S, within_s = null } = patience ?? {};
  const rule = ruleHere(options, within_s);
  // What is looked at here, by a time of its own.
  const [own, other] = partsOf(rule);
  const isPart = options.keyed === true || other.checks.length > 0;
  const checks = plan.checks.flatMap(fromEverywhere).filter((check) => own.checks.includes(check.id));
  const here = clock.now();
  const read = wordsOf(which, options.before);
  const stretch = within_s === null ? null : { began: patience?.began ?? Math.round(here), within_s };
  const samples: Sample[] = [];
  const seen = (): readonly Sample[] => [...measured, ...samples];
  const all = (): readonly Sample[] => [...earlier, ...seen()];
  const mine = (): readonly Sample[] => all().filter(({ check }) => own.checks.includes(check));
  const looked: Looked = { which, rule, keyed: options.keyed === true, stretch, measured, earlier };
  const judge = (): Judged => judged(looked, samples, clock.now());
  const onlyHarm = (): boolean => isOnlyHarm(looked, samples);
  const onlyOthers = (): boolean => isOnlyOthers(looked, samples, clock.now());
  const ms = (): number => Math.round(clock.now() - (stretch?.began ?? here));
  const ended = (kept: Sample[]): Sampling => {
    const { verdict, reason, worse } = judge();
    return {
      verdict,
      reason,
      samples: kept,
      ...read.pages(),
      ms: ms(),
      ...(worse === undefined ? {} : { worse }),
    };
  };
  /** Whether the app should wait for the next look, and not this job. A recovery that is under way is seen through. */
  const isFar = (due: number): boolean =>
    samples.length > 0 &&
    (due - clock.now() > NEAR_MS || (due > here + job_s * 1000 && !isWell(mine(), own)));
  const goOn = (next: number): Sampling => {
    const kept = needed(seen(), rule);
    const until = (stretch?.began ?? here) + (within_s ?? 0) * 1000;
    return { ...ended(kept), goesOn: { next, until, dropped: seen().length - kept.length } };
  };
  /** A run of several jobs for a look at what only one of them sees: not at once, but before the time is over. */
  const handOver = (): Sampling => {
    const now = Math.round(clock.now());
    const end = (stretch?.began ?? now) + (within_s ?? 0) * 1000;
    return goOn(isStale(looked, clock.now()) ? now : Math.max(now, Math.min(now + NEAR_MS, end)));
  };

  const shortest = which === 'red' ? rule.of : mostRounds(rule);
  const rounds = within_s === null ? shortest : mostLooks(within_s, rule);
  const looking = rounds * checks.reduce((sum, check) => sum + longest(check) + BLAME_S, 0) * 2;
  const longer = within_s ?? ((shortest - rule.of) * pauseOf(rule)) / 1000;
  const limit = AbortSignal.timeout(Math.min(rule.over_s * 2 + longer + looking, MOST_S) * 1000);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const { acceptsLightpanda } = options.browser;
  const eyes = {
    browsers,
    origins: originsOf(plan),
    datadog,
    secrets,
    signal,
    now: clock.now,
    acceptsLightpanda,
  };
  let round = here;
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      // Of several jobs each looks once at least: that it was well is the word of an earlier run.
      const isFirst = turn === 0 && isPart && stretch !== null;
      if (!isFirst && judge().decided) break;
      if (turn > 0 && onlyOthers()) return handOver();
      // Counted from the start of the last round: a slow round delays the next one, so that two rounds are never too close.
      let due = round + (onlyHarm() ? pauseOf(rule) : (rule.over_s * 1000) / Math.max(1, rule.of - 1));
      if (stretch) {
        const next = nextLook(mine(), own, stretch) ?? (isFirst ? here : null);
        if (next === null) break;
        if (isFar(next)) return goOn(next);
        // Clocks of two machines may differ: whoever is asked to look does, and soon.
        due = turn === 0 ? Math.min(next, here + (isPart ? 0 : NEAR_MS)) : next;
      }
      if (turn > 0 || stretch) await clock.sleep(Math.max(0, due - clock.now()), signal);
      round = clock.now();
      for (const check of checks) {
        if (!isFirst && judge().decided) break;
        if (onlyHarm() && !watched(rule).includes(check.id)) continue;
        const at = clock.now();
        const { words, ...sighting } = await look(check, {
          ...eyes,
          // What is said where a secret was typed is nobody's to keep.
          reads: keepsWords && !needsKeys(check) ? read.readsOf(check.id) : undefined,
        });
        if (signal.aborted) throw signal.reason;
        const sample = { check: check.id, at: Math.round(at), ms: Math.round(clock.now() - at), ...sighting };
        samples.push(sample);
        read.keep(sample, words);
        options.onSample?.(sample);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    // That it did not help is known, whatever else could still have been seen.
    if (onlyHarm()) return ended([...seen()]);
    const next = stretch && samples.length > 0 && !judge().decided ? nextLook(mine(), own, stretch) : null;
    // The job is out of time, and the service is not.
    if (onlyOthers()) return handOver();
    if (next !== null) return goOn(Math.max(next, Math.round(clock.now())));
    const why = options.signal?.aborted ? 'stopped' : 'out of time';
    const reason = cut(`${why} before enough samples were taken: ${judge().reason}`, 500);
    return { verdict: 'inconclusive', reason, samples: [...seen()], ...read.pages(), ms: ms() };
  } finally {
    await browsers.close();
  }
  if (onlyOthers()) return handOver();
  // A record has room for the looks that decided, and the log has had every line.
  return ended(stretch && !options.keyed ? newest(all(), rule, rule.of) : [...seen()]);
}

/** The rule of all checks, of those that need a key alone, or of all while those were looked at elsewhere. */
function ruleHere({ plan, which, before, measured, keyed }: SamplingOptions, within_s: number | null): Rule {
  const rule = ruleFor(plan, which, before, within_s);
  if (keyed) return only(rule, keyedIn(plan));
  return measured === undefined ? rule : withElsewhere(rule, keyedIn(plan));
}

function patienceOf({ plan, patience }: SamplingOptions): Patience | null {
  if (patience !== undefined) return patience;
  const within_s = plan.settle ? secondsOf(plan.settle.within) : null;
  return within_s === null ? null : { within_s };
}
