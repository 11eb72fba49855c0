// Looks at the service: samples a bound plan with the browser that vigil.yml names.
// Must never look anywhere that the plan does not name.

import { samplePlan } from '#adapters/browser/checks/sampler';
import type { Patience, Sampling } from '#adapters/browser/checks/sampling';
import { lookAtWitnesses } from '#adapters/browser/checks/witnesses';
import { type BrowserOptions, openBrowsers } from '#adapters/browser/sessions';
import { lookAtSwarm } from '#adapters/browser/swarm/look';
import type { Datadog } from '#adapters/datadog';
import type { Commands } from '#adapters/workspace/commands/workspace';
import { MOST_GREEN_S, MOST_RED_S } from '#core/incident/limits';
import { type Measured, measuredFor } from '#core/incident/measured';
import { sampleOfShards, shardedIn } from '#core/incident/shards';
import { MOST_WORDS } from '#core/ledger/page-words';
import { lookLine } from '#core/messages/looks';
import { cut } from '#core/text/cut';
import { keyedIn, measuredIn } from '#core/verification/needs-keys';
import type { BoundPlan, Sample } from '#core/verification/plan';
import type { CheckSecrets } from '#core/verification/secrets';
import type { Step } from './job.ts';
import { print } from './print.ts';

const MOST_SAMPLES = 1000; // what one fact may hold

type Looking = {
  readonly plan: BoundPlan;
  readonly which: 'red' | 'green';
  /** What was seen before the run. */
  readonly before?: readonly Sample[];
  /** How long green may take. */
  readonly patience?: Patience | null;
};
const NONE: Measured = { samples: [], missing: null };
/** What some looks take: the keys of monitoring, the secrets that checks name, and a place where commands may run. */
export type Keys = {
  readonly datadog: Datadog | null;
  readonly secrets: CheckSecrets;
  readonly commands: Commands | { readonly none: string };
};
const timeFor = (which: 'red' | 'green'): AbortSignal =>
  AbortSignal.timeout((which === 'red' ? MOST_RED_S : MOST_GREEN_S) * 1000);

/**
 * Samples until red or green is decided, with one line of log for each sample. Words of a page leave it redacted. A look that
 * would outlast its job ends before it, as inconclusive. This job has no key: what needs one, the job `measure` of this run has seen.
 */
export async function look(
  step: Step,
  { plan, which, before = [], patience = null }: Looking,
): Promise<Sampling> {
  const due = measuredIn(plan, which).length > 0;
  const { samples: measured, missing } = due
    ? measuredFor(await step.ledger.newest(), plan, which, step.run.id, Date.now())
    : NONE;
  for (const sample of measured) print(`measured: ${lookLine(sample, cleanOf(step))}`);
  const eyes = eyesFor(step, timeFor(which));
  const waits = patience && missing !== null ? withoutKeyed(patience, plan) : patience;
  return seenBy(
    step,
    await samplePlan({
      plan,
      which,
      before,
      patience: waits,
      measured,
      keepsWords: true,
      keepsPictures: true,
      ...eyes,
      walk: (which === 'green' ? mergedBy(step, plan) : null) ?? lookAtSwarm,
    }),
  );
}

/** When nobody has looked now, it counts for nothing that it was well before. */
function withoutKeyed(patience: Patience, plan: BoundPlan): Patience {
  const keyed = keyedIn(plan);
  return { ...patience, earlier: (patience.earlier ?? []).filter(({ check }) => !keyed.includes(check)) };
}

/** The same for what needs a key, by the job that has it. What is not well is left to the next run: the checks beside it wait. */
export async function measure(
  step: Step,
  { plan, which, before = [], patience = null }: Looking,
  keys: Keys,
): Promise<Sampling> {
  const eyes = { ...eyesFor(step, timeFor(which)), ...keys };
  const waits = patience && { ...patience, job_s: 0 };
  return seenBy(step, await samplePlan({ plan, which, before, patience: waits, keyed: true, ...eyes }));
}

/**
 * What is red right before a script runs, and with it some looks at everything else, so that it can be seen whether the fix makes
 * something worse. They change nothing about red, and share its time.
 */
export async function lookBeforeRun(step: Step, plan: BoundPlan, keys: Keys): Promise<Sampling> {
  const eyes = { ...eyesFor(step, timeFor('red')), ...keys };
  const red = await samplePlan({ plan, which: 'red', keepsWords: true, ...eyes });
  const beside = red.verdict === 'red' ? await lookAtWitnesses({ plan, ...eyes }) : [];
  const room = Math.max(0, MOST_SAMPLES - red.samples.length);
  return seenBy(step, { ...red, samples: [...red.samples, ...beside.slice(0, room)] });
}

/** Takes what is secret out of words from outside, and cuts them. */
export const cleanOf =
  (step: Step, most = 500) =>
  (reason: string): string =>
    cut(step.redact(reason), most);

/** The browsers that vigil.yml names. Why one cannot be used is printed once. */
export function browserOf(step: Step): BrowserOptions {
  const { browser } = step.settings;
  const clean = cleanOf(step);
  const told = new Set<string>();
  return {
    onNotice: (reason: string) => {
      const line = `!!! ${clean(reason)}`;
      if (told.has(line)) return;
      told.add(line);
      print(line);
    },
    lightpandaEndpoint: browser.lightpanda_endpoint,
    lightpandaPath: browser.lightpanda_path,
    chromiumPath: browser.chromium_path === 'none' ? null : browser.chromium_path,
    acceptsLightpanda: browser.accepts_lightpanda_alone,
  };
}

/** Each look as a line of the job's log. */
export const looksPrinted =
  (step: Step) =>
  (sample: Sample): void =>
    print(lookLine(sample, cleanOf(step)));

const eyesFor = (step: Step, signal: AbortSignal) => ({
  signal,
  browser: browserOf(step),
  walk: lookAtSwarm,
  onSample: looksPrinted(step),
});

/** The swarm of a plan that several machines have walked: this job merges what the jobs of its run say. Null: it walks by itself. */
function mergedBy(step: Step, plan: BoundPlan): typeof lookAtSwarm | null {
  const swarm = shardedIn(plan)?.swarm;
  if (swarm === undefined) return null;
  return async ({ browser, now }) => {
    const alone = browser.acceptsLightpanda === true && !(await openBrowsers(browser).has('chromium'));
    const incident = await step.ledger.newest();
    return sampleOfShards(incident, swarm, { run: step.run.id, now: now(), alone });
  };
}

function seenBy(step: Step, seen: Sampling): Sampling {
  const clean = cleanOf(step);
  const short = cleanOf(step, 300); // what a sample may hold
  const kind = cleanOf(step, 200); // what a class of errors may hold
  const samples = seen.samples.map(({ reason, overruled, swarm, ...sample }) => ({
    ...sample,
    ...(swarm
      ? { swarm: { ...swarm, errors: swarm.errors.map((one) => ({ ...one, reason: kind(one.reason) })) } }
      : {}),
    reason: reason && short(reason),
    overruled: overruled && { ...overruled, reason: overruled.reason && short(overruled.reason) },
  }));
  const pages = seen.pages?.map((page) => ({ ...page, text: cut(step.redact(page.text), MOST_WORDS) }));
  return {
    ...seen,
    samples,
    ...(pages ? { pages } : {}),
    reason: clean(seen.reason),
    ...(seen.worse ? { worse: clean(seen.worse) } : {}),
  };
}

/** The words of pages for a fact, where there are any. */
export const pagesOf = ({ pages }: Sampling): Pick<Sampling, 'pages'> => (pages ? { pages } : {});
