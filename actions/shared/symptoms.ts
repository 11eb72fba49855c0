// Looking at the service: samples a bound plan with the browser this job was given.
// Must never look anywhere that the plan does not name.

import * as core from '@actions/core';
import { type Sampling, samplePlan } from '#adapters/sampler';
import type { BoundPlan } from '#core/verify-plan';
import { optional } from './job.ts';

/** Samples until red or green is decided, with one line of log a sample. */
export function look(plan: BoundPlan, which: 'red' | 'green'): Promise<Sampling> {
  return samplePlan({
    plan,
    which,
    browser: {
      lightpandaEndpoint: optional('lightpanda-endpoint') ?? undefined,
      lightpandaPath: optional('lightpanda-path') ?? undefined,
      chromiumPath: optional('chromium-path') ?? undefined,
    },
    onSample: (sample) =>
      core.info(
        `${sample.check} ${sample.outcome} (${sample.engine}, ${sample.ms} ms)${sample.reason ? `: ${sample.reason}` : ''}`,
      ),
  });
}
