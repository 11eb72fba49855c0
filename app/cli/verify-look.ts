// Looks by a plan, as `vigil verify` does: once at each check, or by the whole rule as a job does. Must never judge by rules of its own:
// a look is the product's, and so is the verdict of a rule.
import { once } from 'node:events';
import { samplePlan, steady } from '#adapters/browser/checks/sampler';
import { look } from '#adapters/browser/checks/sight';
import { type BrowserOptions, openBrowsers } from '#adapters/browser/sessions';
import type { Datadog } from '#adapters/datadog';
import { openRuns } from '#adapters/workspace/commands/runs';
import type { Commands } from '#adapters/workspace/commands/workspace';
import { jobSeconds } from '#core/incident/limits';
import { fromEverywhere, longest } from '#core/verification/checks';
import { type BoundPlan, originsOf, type Sample } from '#core/verification/plan';
import { secondsOf } from '#core/verification/settle';

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
  commands: Commands | { readonly none: string };
  signal: AbortSignal;
  /** Which check is looked at next; null: those of a rule, again and again. */
  onLook(check: string | null): void;
  onSample(sample: Sample): void;
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

/** One look at each check, in the order of the plan. */
async function eachOnce({
  plan,
  browser,
  datadog,
  commands,
  signal,
  onLook,
  onSample,
}: Looking): Promise<Round> {
  const checks = plan.checks.flatMap(fromEverywhere);
  const runs = openRuns(commands, checks, PAUSE_MS, steady.now);
  const making = checks.some(({ kind }) => kind === 'command') ? jobSeconds.provision : 0;
  const most = checks.reduce((sum, check) => sum + longest(check), 0) * 2 + STARTING_S + making;
  const ends = AbortSignal.any([signal, AbortSignal.timeout(most * 1000)]);
  const browsers = openBrowsers(browser);
  const { acceptsLightpanda } = browser;
  const { now } = steady;
  const eyes = {
    ...{ browsers, origins: originsOf(plan), datadog, commands: runs, signal: ends },
    ...{ now, acceptsLightpanda },
  };
  const seen: Sample['outcome'][] = [];
  const began = now();
  try {
    for (const check of checks) {
      if (ends.aborted) break;
      onLook(check.id);
      const at = now();
      const sighting = await unlessStopped(look(check, eyes), ends);
      if (sighting === null) break;
      seen.push(sighting.outcome);
      onSample({ check: check.id, at: Math.round(at), ms: Math.round(now() - at), ...sighting });
    }
  } finally {
    await Promise.all([browsers.close(), runs.close()]);
  }
  const whole = seen.length === checks.length;
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
  const { plan, browser, datadog, commands, signal, onLook, onSample } = looking;
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
      ...{ plan, which, browser, datadog, commands, signal, onSample },
      ...patience,
    });
    const { verdict, worse } = seen;
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
