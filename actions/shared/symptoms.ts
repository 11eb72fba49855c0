// Looks at the service: samples a bound plan with the browser that vigil.yml names.
// Must never look anywhere that the plan does not name.

import { type Patience, type Sampling, samplePlan } from '#adapters/browser/checks/sampler';
import { lookAtWitnesses } from '#adapters/browser/checks/witnesses';
import { lookAtSwarm } from '#adapters/browser/swarm/look';
import { MOST_GREEN_S, MOST_RED_S } from '#core/incident/limits';
import { MOST_WORDS } from '#core/ledger/page-words';
import { lookLine } from '#core/messages/looks';
import { cut } from '#core/text/cut';
import type { BoundPlan, Sample } from '#core/verification/plan';
import type { Step } from './job.ts';
import { datadogOf } from './monitoring.ts';
import { print } from './print.ts';

const MOST_SAMPLES = 1000; // what one fact may hold

/**
 * Samples until red or green is decided, with one line of log for each sample. Words of a page leave it redacted. A look that
 * would outlast its job ends before it, as inconclusive. `before` is what was seen before the run. `patience`: how long green may take.
 */
export async function look(
  step: Step,
  plan: BoundPlan,
  which: 'red' | 'green',
  before: readonly Sample[] = [],
  patience: Patience | null = null,
): Promise<Sampling> {
  const signal = AbortSignal.timeout((which === 'red' ? MOST_RED_S : MOST_GREEN_S) * 1000);
  return seenBy(
    step,
    await samplePlan({ plan, which, before, patience, keepsWords: true, ...eyesFor(step, signal) }),
  );
}

/**
 * What is red right before a script runs, and with it some looks at everything else, so that it can be seen whether the fix makes
 * something worse. They change nothing about red, and share its time.
 */
export async function lookBeforeRun(step: Step, plan: BoundPlan): Promise<Sampling> {
  const eyes = eyesFor(step, AbortSignal.timeout(MOST_RED_S * 1000));
  const red = await samplePlan({ plan, which: 'red', keepsWords: true, ...eyes });
  const beside = red.verdict === 'red' ? await lookAtWitnesses({ plan, ...eyes }) : [];
  const room = Math.max(0, MOST_SAMPLES - red.samples.length);
  return seenBy(step, { ...red, samples: [...red.samples, ...beside.slice(0, room)] });
}

const cleanOf =
  (step: Step, most = 500) =>
  (reason: string): string =>
    cut(step.redact(reason), most);

function eyesFor(step: Step, signal: AbortSignal) {
  const { browser } = step.settings;
  const clean = cleanOf(step);
  const told = new Set<string>();
  return {
    signal,
    browser: {
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
    },
    datadog: datadogOf(step.settings),
    walk: lookAtSwarm,
    onSample: (sample: Sample) => print(lookLine(sample, clean)),
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
