// Looks at the service: samples a bound plan with the browser that vigil.yml names.
// Must never look anywhere that the plan does not name.

import { type Patience, type Sampling, samplePlan } from '#adapters/browser/checks/sampler';
import { lookAtWitnesses } from '#adapters/browser/checks/witnesses';
import { MOST_GREEN_S, MOST_RED_S } from '#core/incident/limits';
import { cut } from '#core/text/cut';
import { measuredWords } from '#core/verification/performance';
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
  return seenBy(step, await samplePlan({ plan, which, before, patience, ...eyesOf(step, signal) }));
}

/**
 * What is red right before a script runs, and with it some looks at everything else, so that it can be seen whether the fix makes
 * something worse. They change nothing about red, and share its time.
 */
export async function lookBeforeRun(step: Step, plan: BoundPlan): Promise<Sampling> {
  const eyes = eyesOf(step, AbortSignal.timeout(MOST_RED_S * 1000));
  const red = await samplePlan({ plan, which: 'red', ...eyes });
  const beside = red.verdict === 'red' ? await lookAtWitnesses({ plan, ...eyes }) : [];
  const room = Math.max(0, MOST_SAMPLES - red.samples.length);
  return seenBy(step, { ...red, samples: [...red.samples, ...beside.slice(0, room)] });
}

const cleanOf =
  (step: Step) =>
  (reason: string): string =>
    cut(step.redact(reason), 500);

function eyesOf(step: Step, signal: AbortSignal) {
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
    onSample: ({ check, outcome, engine, ms, reason, counts, measured }: Sample) => {
      const burst = counts ? `, ${counts.failing} of ${counts.of} failed` : '';
      const loads = measured ? `, ${measuredWords(measured)}` : '';
      print(`${check} ${outcome} (${engine}, ${ms} ms${burst}${loads})${reason ? `: ${clean(reason)}` : ''}`);
    },
  };
}

function seenBy(step: Step, seen: Sampling): Sampling {
  const clean = cleanOf(step);
  const samples = seen.samples.map((sample) => ({
    ...sample,
    reason: sample.reason && clean(sample.reason),
  }));
  return {
    ...seen,
    samples,
    reason: clean(seen.reason),
    ...(seen.worse ? { worse: clean(seen.worse) } : {}),
  };
}
