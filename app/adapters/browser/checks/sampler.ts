// Runs a plan's checks again and again until their verdict is decided.
// It must never repeat a look to get a better answer. Only a lost browser or a second engine allows another look.

import { jobSeconds } from '#core/incident/limits';
import { cut } from '#core/text/cut';
import { longest, singles } from '#core/verification/checks';
import { only, partsOf, withElsewhere } from '#core/verification/elsewhere';
import {
  isOnlyHarm,
  isOnlyOthers,
  isStale,
  type Judged,
  judged,
  type Looked,
} from '#core/verification/judging';
import { lastLook, mayWalk, withSwarm } from '#core/verification/last-look';
import { keyedIn, needsKeys } from '#core/verification/needs-keys';
import { originsOf, type Sample } from '#core/verification/plan';
import { type Rule, ruleFor } from '#core/verification/rule';
import { mostLooks, secondsOf } from '#core/verification/settle';
import { isWell, NEAR_MS, needed, newest, nextLook } from '#core/verification/settling';
import { mostRounds, pauseOf, watched } from '#core/verification/worse';
import { openRuns } from '../../workspace/commands/runs.ts';
import { openBrowsers } from '../sessions.ts';
import { after } from '../within.ts';
import { picturesOf } from './pictures.ts';
import { type Patience, type Sampling, type SamplingOptions, steady } from './sampling.ts';
import { look } from './sight.ts';
import { wordsOf } from './words.ts';

const BLAME_S = 15; // what it takes at most to tell a page that hangs from a browser that does
const MAKING_S = jobSeconds.provision; // until a workspace for commands is there
const MOST_S = 24 * 3600; // whoever calls ends a look long before, with the time of its job

/**
 * Takes the rule's samples, evenly spread over its time, and ends as soon as the verdict is decided. If it is stopped
 * before, has no more time or loses the browser, the verdict is inconclusive and the reason says so. It never takes longer
 * than the rule's time plus the time-outs of all looks on both engines. With time to settle, it looks until it is well, worse, or
 * out of time, or until the next look is too far away for this job. Without, what was well before is looked at a little longer after
 * a run that did not help, so that harm is seen. A swarm comes last, once, and only when all else is as it should be.
 */
export async function samplePlan(options: SamplingOptions): Promise<Sampling> {
  const { plan, which, datadog = null, commands = null, clock = steady, keepsWords = false } = options;
  const { measured = [], secrets } = options;
  const patience = which === 'green' ? patienceOf(options) : null;
  const { earlier = [], job_s = MOST_S, within_s = null } = patience ?? {};
  const rule = ruleHere(options, within_s);
  // What is looked at here, by a time of its own.
  const [own, other] = partsOf(rule);
  const isPart = options.keyed === true || other.checks.length > 0;
  const checks = singles(plan.checks).filter((check) => own.checks.includes(check.id));
  const here = clock.now();
  const read = wordsOf(which, options.before);
  const shots = picturesOf(which, options.keepsPictures && !options.keyed ? checks : []);
  const stretch = within_s === null ? null : { began: patience?.began ?? Math.round(here), within_s };
  const samples: Sample[] = [];
  const seen = (): readonly Sample[] => [...measured, ...samples];
  const all = (): readonly Sample[] => [...earlier, ...seen()];
  const mine = (): readonly Sample[] => all().filter(({ check }) => own.checks.includes(check));
  const looked: Looked = { which, rule, keyed: options.keyed === true, stretch, measured, earlier };
  const judge = (): Judged => judged(looked, samples, clock.now());
  const last = options.keyed ? null : lastLook(plan, which);
  const others = rule.checks.length;
  let walked: { readonly sample: Sample; readonly said: Judged } | null = null;
  const whole = (): Judged =>
    walked?.said ?? (last === null ? judge() : withSwarm(judge(), which, others, last.swarm, null));
  const onlyHarm = (): boolean => isOnlyHarm(looked, samples);
  const onlyOthers = (): boolean => isOnlyOthers(looked, samples, clock.now());
  const ms = (): number => Math.round(clock.now() - (stretch?.began ?? here));
  const ended = (kept: Sample[]): Sampling => {
    const { verdict, reason, worse } = whole();
    return {
      verdict,
      reason,
      samples: [...kept, ...(walked === null ? [] : [walked.sample])],
      ...read.pages(),
      ...shots.taken(),
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
  const walking = last === null ? 0 : longest(last.swarm) + BLAME_S;
  const longer = within_s ?? ((shortest - rule.of) * pauseOf(rule)) / 1000;
  const making = checks.some(({ kind }) => kind === 'command') ? MAKING_S : 0;
  const most = Math.min(rule.over_s * 2 + longer + looking + walking + making, MOST_S);
  const limit = after(most);
  const signal = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
  const browsers = openBrowsers(options.browser);
  const { acceptsLightpanda } = options.browser;
  const runs = openRuns(commands, checks, betweenRounds(rule), clock.now);
  const eyes = {
    ...{ browsers, origins: originsOf(plan), datadog, secrets, commands: runs, signal },
    ...{ now: clock.now, acceptsLightpanda },
  };
  let round = here;
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      // Of several jobs each looks once at least: that it was well is the word of an earlier run.
      const isFirst = turn === 0 && isPart && stretch !== null;
      if (!isFirst && judge().decided) break;
      if (turn > 0 && onlyOthers()) return handOver();
      // Counted from the start of the last round: a slow round delays the next one, so that two rounds are never too close.
      let due = round + (onlyHarm() ? pauseOf(rule) : betweenRounds(rule));
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
        const { words, picture, ...sighting } = await look(check, {
          ...eyes,
          shows: shots.wantedOf(check.id),
          // What is said where a secret was typed is nobody's to keep.
          reads: keepsWords && !needsKeys(check) ? read.readsOf(check.id) : undefined,
        });
        if (signal.aborted) throw signal.reason;
        const sample = { check: check.id, at: Math.round(at), ms: Math.round(clock.now() - at), ...sighting };
        samples.push(sample);
        read.keep(sample, words);
        shots.keep(sample, picture);
        options.onSample?.(sample);
      }
    }
    const before = judge();
    if (last !== null && options.walk && mayWalk(before, which, others)) {
      const { browser, onProgress } = options;
      const sample = await options.walk({ ...last, browser, signal, now: clock.now, onProgress });
      if (signal.aborted) throw signal.reason;
      walked = { sample, said: withSwarm(before, which, others, last.swarm, sample) };
      options.onSample?.(sample);
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
    const reason = cut(`${why} before enough samples were taken: ${whole().reason}`, 500);
    return {
      verdict: 'inconclusive',
      reason,
      samples: [...seen()],
      ...read.pages(),
      ...shots.taken(),
      ms: ms(),
    };
  } finally {
    await Promise.all([browsers.close(), runs.close()]);
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

const betweenRounds = ({ over_s, of }: Pick<Rule, 'over_s' | 'of'>): number =>
  (over_s * 1000) / Math.max(1, of - 1);

function patienceOf({ plan, patience }: SamplingOptions): Patience | null {
  if (patience !== undefined) return patience;
  const within_s = plan.settle ? secondsOf(plan.settle.within) : null;
  return within_s === null ? null : { within_s };
}
