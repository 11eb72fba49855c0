// Runs a plan's checks again and again until their verdict is decided.
// It must never repeat a look to get a better answer. Only a lost browser or a second engine allows another look.

import { setTimeout as delay } from 'node:timers/promises';
import { jobSeconds } from '#core/incident/limits';
import type { PageWords } from '#core/ledger/page-words';
import { cut } from '#core/text/cut';
import { isRefuted, judgeAfterRun } from '#core/verification/after-run';
import { fromEverywhere, longest } from '#core/verification/checks';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { type Rule, ruleFor } from '#core/verification/rule';
import { mostLooks, secondsOf } from '#core/verification/settle';
import {
  isWell,
  judgeSettling,
  NEAR_MS,
  needed,
  newest,
  nextLook,
  type Settling,
} from '#core/verification/settling';
import { type GreenVerdict, type Judgement, judgeRed, type RedVerdict } from '#core/verification/verdict';
import { mostRounds, pauseOf, watched } from '#core/verification/worse';
import type { Datadog } from '../../datadog.ts';
import { openRuns } from '../../workspace/commands/runs.ts';
import type { Commands } from '../../workspace/commands/workspace.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { look } from './sight.ts';
import { wordsOf } from './words.ts';

const BLAME_S = 15; // what it takes at most to tell a page that hangs from a browser that does
const MAKING_S = jobSeconds.provision; // until a workspace for commands is there
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
  /** Where commands may run. Null or left out: this job may run none. */
  readonly commands?: Commands | { readonly none: string } | null;
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
type Judged = Judgement<RedVerdict | GreenVerdict | 'improving' | 'waiting'> & { readonly worse?: string };

/**
 * Takes the rule's samples, evenly spread over its time, and ends as soon as the verdict is decided. If it is stopped
 * before, has no more time or loses the browser, the verdict is inconclusive and the reason says so. It never takes longer
 * than the rule's time plus the time-outs of all looks on both engines. With time to settle, it looks until it is well, worse, or
 * out of time, or until the next look is too far away for this job. Without, what was well before is looked at a little longer after
 * a run that did not help, so that harm is seen.
 */
export async function samplePlan(options: SamplingOptions): Promise<Sampling> {
  const { plan, which, datadog = null, commands = null, clock = steady, keepsWords = false } = options;
  const patience = which === 'green' ? patienceOf(options) : null;
  const { earlier = [], job_s = MOST_S, within_s = null } = patience ?? {};
  const rule = ruleFor(plan, which, options.before, within_s);
  const checks = plan.checks.flatMap(fromEverywhere).filter((check) => rule.checks.includes(check.id));
  const here = clock.now();
  const read = wordsOf(which, options.before);
  const stretch = within_s === null ? null : { began: patience?.began ?? Math.round(here), within_s };
  const samples: Sample[] = [];
  const all = (): readonly Sample[] => [...earlier, ...samples];
  const judge = (): Judged => {
    if (stretch) return settled(judgeSettling(all(), rule, stretch));
    return which === 'red' ? judgeRed(samples, rule) : judgeAfterRun(samples, rule);
  };
  /** Only whether something got worse is still open. */
  const onlyHarm = (): boolean => which === 'green' && !stretch && isRefuted(judgeAfterRun(samples, rule));
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
    (due - clock.now() > NEAR_MS || (due > here + job_s * 1000 && !isWell(all(), rule)));
  const goOn = (next: number): Sampling => {
    const kept = needed(samples, rule);
    const until = (stretch?.began ?? here) + (within_s ?? 0) * 1000;
    return { ...ended(kept), goesOn: { next, until, dropped: samples.length - kept.length } };
  };

  const shortest = which === 'red' ? rule.of : mostRounds(rule);
  const rounds = within_s === null ? shortest : mostLooks(within_s, rule);
  const looking = rounds * checks.reduce((sum, check) => sum + longest(check) + BLAME_S, 0) * 2;
  const longer = within_s ?? ((shortest - rule.of) * pauseOf(rule)) / 1000;
  const making = checks.some(({ kind }) => kind === 'command') ? MAKING_S : 0;
  const limit = AbortSignal.timeout(Math.min(rule.over_s * 2 + longer + looking + making, MOST_S) * 1000);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const { acceptsLightpanda } = options.browser;
  const runs = openRuns(commands, checks, betweenRounds(rule), clock.now);
  const eyes = {
    ...{ browsers, origins: originsOf(plan), datadog, commands: runs, signal },
    ...{ now: clock.now, acceptsLightpanda },
  };
  let round = here;
  try {
    for (let turn = 0; turn < rounds && !judge().decided; turn += 1) {
      // Counted from the start of the last round: a slow round delays the next one, so that two rounds are never too close.
      let due = round + (onlyHarm() ? pauseOf(rule) : betweenRounds(rule));
      if (stretch) {
        const next = nextLook(all(), rule, stretch);
        if (next === null) break;
        if (isFar(next)) return goOn(next);
        // Clocks of two machines may differ: whoever is asked to look does, and soon.
        due = turn === 0 ? Math.min(next, here + NEAR_MS) : next;
      }
      if (turn > 0 || stretch) await clock.sleep(Math.max(0, due - clock.now()), signal);
      round = clock.now();
      for (const check of checks) {
        if (judge().decided) break;
        if (onlyHarm() && !watched(rule).includes(check.id)) continue;
        const at = clock.now();
        const { words, ...sighting } = await look(check, {
          ...eyes,
          reads: keepsWords ? read.readsOf(check.id) : undefined,
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
    if (onlyHarm()) return ended(samples);
    const next = stretch && samples.length > 0 && !judge().decided ? nextLook(all(), rule, stretch) : null;
    // The job is out of time, and the service is not.
    if (next !== null) return goOn(Math.max(next, Math.round(clock.now())));
    const why = options.signal?.aborted ? 'stopped' : 'out of time';
    const reason = cut(`${why} before enough samples were taken: ${judge().reason}`, 500);
    return { verdict: 'inconclusive', reason, samples, ...read.pages(), ms: ms() };
  } finally {
    await Promise.all([browsers.close(), runs.close()]);
  }
  // A record has room for the looks that decided, and the log has had every line.
  return ended(stretch ? newest(all(), rule, rule.of) : samples);
}

const betweenRounds = ({ over_s, of }: Pick<Rule, 'over_s' | 'of'>): number =>
  (over_s * 1000) / Math.max(1, of - 1);

function patienceOf({ plan, patience }: SamplingOptions): Patience | null {
  if (patience !== undefined) return patience;
  const within_s = plan.settle ? secondsOf(plan.settle.within) : null;
  return within_s === null ? null : { within_s };
}

function settled({ verdict, ...rest }: Settling): Judged {
  if (verdict === 'recovered') return { ...rest, verdict: 'confirmed' };
  return { ...rest, verdict: verdict === 'worse' ? 'refuted' : verdict };
}
