// Looks at the service: samples a bound plan with the browser that vigil.yml names.
// Must never look anywhere that the plan does not name.

import { type Patience, type Sampling, samplePlan } from '#adapters/browser/checks/sampler';
import { MOST_GREEN_S, MOST_RED_S } from '#core/incident/limits';
import { cut } from '#core/text/cut';
import type { BoundPlan, Sample } from '#core/verification/plan';
import type { Step } from './job.ts';
import { print } from './print.ts';

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
  const { browser } = step.settings;
  const clean = (reason: string): string => cut(step.redact(reason), 500);
  const seen = await samplePlan({
    plan,
    which,
    before,
    patience,
    signal: AbortSignal.timeout((which === 'red' ? MOST_RED_S : MOST_GREEN_S) * 1000),
    browser: {
      lightpandaEndpoint: browser.lightpanda_endpoint,
      lightpandaPath: browser.lightpanda_path,
      chromiumPath: browser.chromium_path,
    },
    onSample: ({ check, outcome, engine, ms, reason, counts }) => {
      const burst = counts ? `, ${counts.failing} of ${counts.of} failed` : '';
      print(`${check} ${outcome} (${engine}, ${ms} ms${burst})${reason ? `: ${clean(reason)}` : ''}`);
    },
  });
  const samples = seen.samples.map((sample) => ({
    ...sample,
    reason: sample.reason && clean(sample.reason),
  }));
  return { ...seen, samples, reason: clean(seen.reason) };
}
