// Runs a plan's checks again and again until their verdict is decided.
// It must never repeat a look to get a better answer. Only a lost browser or a second engine allows another look.

import { setTimeout as delay } from 'node:timers/promises';
import { cut } from '#core/text/cut';
import { type Check, fromEverywhere, longest, rateOf } from '#core/verification/checks';
import type { BoundPlan, Sample } from '#core/verification/plan';
import { ruleFor } from '#core/verification/rule';
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
import {
  type GreenVerdict,
  type Judgement,
  judgeGreen,
  judgeRed,
  type RedVerdict,
  type Sighting,
  settleEngines,
} from '#core/verification/verdict';
import { type BrowserOptions, type Browsers, openBrowsers, type Session } from '../sessions.ts';
import { lookAtBurst } from './burst.ts';
import { lookAtHttp } from './http.ts';
import { lookAtJourney } from './journey.ts';
import { type Look, sawNothing } from './look.ts';
import { lookAtPage } from './page.ts';

const MOST_S = 24 * 3600; // whoever calls ends a look long before, with the time of its job

/** `now` in Unix milliseconds; `sleep` rejects when the signal aborts. */
export type Clock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

// This clock goes on steadily, even when somebody sets the machine's clock.
const steady: Clock = {
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
  readonly onSample?: (sample: Sample) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
};
/** `samples`: those that decided, or those that a later job needs. `next`, `until`: in Unix milliseconds. */
export type Sampling = {
  verdict: RedVerdict | GreenVerdict | 'inconclusive' | 'improving' | 'waiting';
  reason: string;
  samples: Sample[];
  ms: number;
  /** What got worse than it was before the run. */
  worse?: string;
  /** Not well yet: time is left, and the next look is too far away for this job. */
  goesOn?: { next: number; until: number; dropped: number };
};
type Judged = Judgement<RedVerdict | GreenVerdict | 'improving' | 'waiting'> & Pick<Settling, 'worse'>;

/**
 * Takes the rule's samples, evenly spread over its time, and ends as soon as the verdict is decided. If it is stopped
 * before, has no more time or loses the browser, the verdict is inconclusive and the reason says so. It never takes longer
 * than the rule's time plus the time-outs of all looks on both engines. With time to settle, it looks until it is well, worse, or
 * out of time, or until the next look is too far away for this job.
 */
export async function samplePlan(options: SamplingOptions): Promise<Sampling> {
  const { plan, which, clock = steady } = options;
  const patience = which === 'green' ? patienceOf(options) : null;
  const { earlier = [], job_s = MOST_S, within_s = null } = patience ?? {};
  const rule = ruleFor(plan, which, options.before, within_s);
  const checks = plan.checks.flatMap(fromEverywhere).filter((check) => rule.checks.includes(check.id));
  const rounds = within_s === null ? rule.of : mostLooks(within_s, rule);
  const looking = rounds * checks.reduce((sum, check) => sum + longest(check), 0) * 2;
  const most = Math.min(rule.over_s * 2 + (within_s ?? 0) + looking, MOST_S);
  const limit = AbortSignal.timeout(most * 1000);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const samples: Sample[] = [];
  const here = clock.now();
  const stretch = within_s === null ? null : { began: patience?.began ?? Math.round(here), within_s };
  const all = (): readonly Sample[] => [...earlier, ...samples];
  const judge = (): Judged =>
    stretch
      ? settled(judgeSettling(all(), rule, stretch))
      : (which === 'red' ? judgeRed : judgeGreen)(samples, rule);
  const ms = (): number => Math.round(clock.now() - (stretch?.began ?? here));
  /** Whether the app should wait for the next look, and not this job. A recovery that is under way is seen through. */
  const isFar = (due: number): boolean =>
    samples.length > 0 &&
    (due - clock.now() > NEAR_MS || (due > here + job_s * 1000 && !isWell(all(), rule)));
  const goOn = (next: number): Sampling => {
    const { verdict, reason } = judge();
    const kept = needed(samples, rule);
    const until = (stretch?.began ?? here) + (within_s ?? 0) * 1000;
    const dropped = samples.length - kept.length;
    return { verdict, reason, samples: kept, ms: ms(), goesOn: { next, until, dropped } };
  };
  let round = here;
  try {
    for (let turn = 0; turn < rounds && !judge().decided; turn += 1) {
      // Counted from the start of the last round: a slow round delays the next one, so that two rounds are never too close.
      let due = round + (rule.over_s * 1000) / (rule.of - 1);
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
        const at = clock.now();
        const sighting = await look(check, browsers, signal, clock);
        if (signal.aborted) throw signal.reason;
        const sample = { check: check.id, at: Math.round(at), ms: Math.round(clock.now() - at), ...sighting };
        samples.push(sample);
        options.onSample?.(sample);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    const next = stretch && samples.length > 0 && !judge().decided ? nextLook(all(), rule, stretch) : null;
    // The job is out of time, and the service is not.
    if (next !== null) return goOn(Math.max(next, Math.round(clock.now())));
    const why = options.signal?.aborted ? 'stopped' : 'out of time';
    const reason = cut(`${why} before enough samples were taken: ${judge().reason}`, 500);
    return { verdict: 'inconclusive', reason, samples, ms: ms() };
  } finally {
    await browsers.close();
  }
  const { verdict, reason, worse } = judge();
  // A record has room for the looks that decided, and the log has had every line.
  const kept = stretch ? newest(all(), rule, rule.of) : samples;
  return { verdict, reason, samples: kept, ms: ms(), ...(worse === undefined ? {} : { worse }) };
}

function patienceOf({ plan, patience }: SamplingOptions): Patience | null {
  if (patience !== undefined) return patience;
  const within_s = plan.settle ? secondsOf(plan.settle.within) : null;
  return within_s === null ? null : { within_s };
}

function settled({ verdict, ...rest }: Settling): Judged {
  if (verdict === 'recovered') return { ...rest, verdict: 'confirmed' };
  return { ...rest, verdict: verdict === 'worse' ? 'refuted' : verdict };
}

async function look(
  check: Check,
  browsers: Browsers,
  signal: AbortSignal,
  clock: Clock,
): Promise<Sighting & Pick<Sample, 'counts'>> {
  if (check.kind === 'http') {
    const rate = rateOf(check);
    if (rate === null)
      return { ...seen('http', await lookAtHttp(check, signal, clock.now)), overruled: null };
    const { counts, ...burst } = await lookAtBurst(check, rate, signal, clock.now);
    return { ...seen('http', burst), overruled: null, ...(counts ? { counts } : {}) };
  }
  const see = (session: Session) =>
    check.kind === 'page' ? lookAtPage(check, session, signal) : lookAtJourney(check, session, signal);
  const first = await inBrowser(see, browsers);
  if (first.engine !== 'lightpanda' || first.outcome === 'pass') return { ...first, overruled: null };
  return settleEngines(
    first,
    (await browsers.hasChromium()) ? await inBrowser(see, browsers, 'chromium') : null,
  );
}

const seen = (engine: Sample['engine'], { outcome, reason }: Look) => ({ engine, outcome, reason });

// When its browser died, a look says nothing, so one more is taken. The browsers themselves restart only once.
async function inBrowser(
  see: (session: Session) => Promise<Look>,
  browsers: Browsers,
  engine?: 'chromium',
): Promise<Omit<Sighting, 'overruled'>> {
  for (let tries = 0; ; tries += 1) {
    const lease = await browsers.lease(engine);
    if (!lease.ok) return seen('chromium', sawNothing(`no browser: ${lease.reason}`));
    const { session } = lease;
    const said = await see(session).finally(session.release);
    if (!said.lost || tries > 0) return seen(session.engine, said);
  }
}
