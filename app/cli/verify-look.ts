// Looks by a plan, as `vigil verify` does: once at each check, or by the whole rule as a job does. Must never judge by rules of its own:
// a look is the product's, and so is the verdict of a rule.
import { once } from 'node:events';
import type { Wanted } from '#adapters/browser/checks/look';
import type { Picture } from '#adapters/browser/checks/pictures';
import { samplePlan } from '#adapters/browser/checks/sampler';
import { steady } from '#adapters/browser/checks/sampling';
import { look } from '#adapters/browser/checks/sight';
import { type BrowserOptions, openBrowsers } from '#adapters/browser/sessions';
import { lookAtSwarm } from '#adapters/browser/swarm/look';
import { after } from '#adapters/browser/within';
import type { Datadog } from '#adapters/datadog';
import { openRuns } from '#adapters/workspace/commands/runs';
import type { Commands } from '#adapters/workspace/commands/workspace';
import { jobSeconds } from '#core/incident/limits';
import { longest, singles } from '#core/verification/checks';
import { lastLook } from '#core/verification/last-look';
import { mayPicture } from '#core/verification/pictures';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import type { CheckSecrets } from '#core/verification/secrets';
import { secondsOf } from '#core/verification/settle';
import type { Progress } from '#core/verification/swarm-result';

export const rules = ['once', 'red', 'green'] as const;
export type RuleWord = (typeof rules)[number];
export const results = ['passed', 'failed', 'inconclusive'] as const;
/** What came of all looks: what was asked for is so (passed), is not so (failed), or cannot be told. */
export type Round = {
  result: (typeof results)[number];
  /** The rule's own word; of one look each, none. */
  verdict: string | null;
  reason: string | null;
  ms: number;
  /** Somebody stopped it before it was decided. */
  stopped: boolean;
};
export type Looking = {
  plan: BoundPlan;
  rule: RuleWord;
  browser: BrowserOptions;
  datadog: Datadog | null;
  secrets: CheckSecrets;
  commands: Commands | { readonly none: string };
  signal: AbortSignal;
  /** Which check is looked at next; null: those of a rule, again and again. */
  onLook(check: string | null): void;
  onSample(sample: Sample): void;
  /** How far a swarm is. */
  onProgress(progress: Progress): void;
  /** Whether a picture of such a look is wanted, and what becomes of it. Null: none is. */
  pictures: {
    wants(check: string, outcome: 'pass' | 'fail'): boolean;
    keep(picture: Picture): Promise<void>;
  } | null;
};
const meanings = new Map<string, Round['result']>([
  ['red', 'passed'],
  ['confirmed', 'passed'],
  ['absent', 'failed'],
  ['refuted', 'failed'],
]);
const PAUSE_MS = 5000; // commands run again, should they be asked for again
const STARTING_S = 60; // both browsers, on a busy machine

export async function looked(looking: Looking): Promise<Round> {
  return looking.rule === 'once' ? eachOnce(looking) : byRule(looking, looking.rule);
}

/** One look at each check, in the order of the plan; then its swarm, when all of them passed. */
async function eachOnce(looking: Looking): Promise<Round> {
  const { plan, browser, datadog, secrets, commands, signal, onLook, onSample, onProgress, pictures } =
    looking;
  const checks = singles(plan.checks);
  const runs = openRuns(commands, checks, PAUSE_MS, steady.now);
  const making = checks.some(({ kind }) => kind === 'command') ? jobSeconds.provision : 0;
  const last = lastLook(plan, 'green');
  const walking = last === null ? 0 : longest(last.swarm);
  const most = checks.reduce((sum, check) => sum + longest(check), 0) * 2 + walking + making + STARTING_S;
  const ends = AbortSignal.any([signal, after(most)]);
  const browsers = openBrowsers(browser);
  const { acceptsLightpanda } = browser;
  const { now } = steady;
  const eyes = {
    ...{ browsers, origins: originsOf(plan), datadog, secrets, commands: runs, signal: ends },
    ...{ now, acceptsLightpanda },
  };
  const seen: Sample['outcome'][] = [];
  const began = now();
  try {
    for (const check of checks) {
      if (ends.aborted) break;
      onLook(check.id);
      const at = now();
      const shows: Wanted | undefined =
        pictures !== null && mayPicture(check) ? (outcome) => pictures.wants(check.id, outcome) : undefined;
      const sight = await unlessStopped(look(check, { ...eyes, shows }), ends);
      if (sight === null) break;
      const { picture: jpeg, ...sighting } = sight;
      seen.push(sighting.outcome);
      const sample = { check: check.id, at: Math.round(at), ms: Math.round(now() - at), ...sighting };
      onSample(sample);
      const { outcome } = sample;
      if (jpeg && outcome !== 'inconclusive')
        await pictures?.keep({ check: check.id, at: sample.at, outcome, jpeg });
    }
    // A swarm is a load: what is ill already gets none.
    const isWell = seen.length === checks.length && !seen.some((one) => one !== 'pass');
    if (last !== null && isWell) {
      onLook(last.swarm.id);
      const sample = await lookAtSwarm({ ...last, browser, signal: ends, now, onProgress });
      if (!ends.aborted) {
        seen.push(sample.outcome);
        onSample(sample);
      }
    } else if (last !== null && !ends.aborted) {
      const reason = 'not walked: a swarm comes last, when every other check has passed';
      const { id: check, engine } = last.swarm;
      seen.push('inconclusive');
      onSample({
        check,
        at: Math.round(now()),
        ms: 0,
        outcome: 'inconclusive',
        engine,
        reason,
        overruled: null,
      });
    }
  } finally {
    await Promise.all([browsers.close(), runs.close()]);
  }
  const whole = seen.length === checks.length + (last === null ? 0 : 1);
  const result = seen.includes('fail')
    ? 'failed'
    : seen.includes('inconclusive') || !whole
      ? 'inconclusive'
      : 'passed';
  const reason = whole ? null : signal.aborted ? 'stopped before every check was looked at' : 'out of time';
  const stopped = !whole && signal.aborted;
  return { result, verdict: null, reason, ms: Math.round(now() - began), stopped };
}

/** Null when it is stopped before: a page that hangs is not waited for, since its browser ends. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const heard = new AbortController();
  const stopped = once(signal, 'abort', { signal: heard.signal }).then(() => null);
  for (const late of [work, stopped]) late.catch(() => {});
  try {
    return signal.aborted ? null : await Promise.race([work, stopped]);
  } finally {
    heard.abort();
  }
}

/** The whole rule. Where a plan gives the service time to settle, the app waits between two looks; here this does. */
async function byRule(looking: Looking, which: 'red' | 'green'): Promise<Round> {
  const { plan, browser, datadog, secrets, commands, signal, onLook, onSample, onProgress, pictures } =
    looking;
  const keepsPictures = pictures !== null;
  const { now } = steady;
  const began = now();
  const earlier: Sample[] = [];
  const within_s = plan.settle ? (secondsOf(plan.settle.within) ?? 0) : 0;
  let since: { began: number; within_s: number } | null = null;
  const ended = (result: Round['result'], verdict: string, reason: string): Round => {
    const stopped = signal.aborted && result === 'inconclusive';
    return { result, verdict, reason, ms: Math.round(now() - began), stopped };
  };
  onLook(null);
  for (;;) {
    const patience: { patience?: { began: number; within_s: number; earlier: Sample[] } } =
      since === null ? {} : { patience: { ...since, earlier } };
    const seen = await samplePlan({
      ...{ plan, which, browser, datadog, secrets, commands, signal, onSample, onProgress, keepsPictures },
      walk: lookAtSwarm,
      ...patience,
    });
    const { verdict, worse } = seen;
    for (const picture of seen.taken ?? [])
      if (pictures?.wants(picture.check, picture.outcome)) await pictures.keep(picture);
    const reason = worse === undefined ? seen.reason : `it got worse: ${worse}; ${seen.reason}`;
    if (!seen.goesOn) return ended(meanings.get(verdict) ?? 'inconclusive', verdict, reason);
    const { next, until } = seen.goesOn;
    earlier.push(...seen.samples);
    since ??= { began: Math.round(until - within_s * 1000), within_s };
    try {
      await steady.sleep(Math.max(0, next - now()), signal);
    } catch {
      return ended('inconclusive', 'inconclusive', `stopped: ${reason}`);
    }
  }
}
