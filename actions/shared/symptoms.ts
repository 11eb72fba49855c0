// Looking at the service: binds the proposal's verify.yml to the inventory's parameters and samples it.
// Must never look anywhere that the inventory does not name.

import * as core from '@actions/core';
import { load as parseYaml } from 'js-yaml';
import { type Sampling, samplePlan } from '#adapters/sampler';
import type { Proposal } from '#core/judgement';
import { type BoundPlan, bind, parseVerifyPlan } from '#core/verify-plan';
import { optional } from './job.ts';

export type Planned = { ok: true; plan: BoundPlan } | { ok: false; reason: string };

export function planOf(proposal: Proposal): Planned {
  const parsed = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  return parsed.ok ? bind(parsed.plan, proposal.parameters) : parsed;
}

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
