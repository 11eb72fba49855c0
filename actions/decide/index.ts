// decide: turns what is known into a proposal, by the matching runbook's own remediation or by asking Claude.
// Must never judge its own proposal: the app does that.
import * as core from '@actions/core';
import { runStep, type Step } from '../shared/job.ts';
import { tellMeasures } from '../shared/measures.ts';
import { optional } from '../shared/told.ts';
import { readBrain } from './brain.ts';
import { byPlanner, escalated } from './planned.ts';
import { think } from './think.ts';

await runStep('decide', decide, tellMeasures);

async function decide(step: Step): Promise<void> {
  const key = optional('anthropic-api-key');
  if (key !== null) core.setSecret(key);
  const read = readBrain(step.settings.claude, key, (audience) => core.getIDToken(audience));
  if (!read.ok) {
    // The app is told before the job ends red. Otherwise the incident would wait in vain.
    await step.post([escalated('model', `needs a person: ${read.reason}`)]);
    throw new Error(read.reason);
  }
  const facts =
    read.brain.provider === 'runbook'
      ? byPlanner(step, await step.source(), null)
      : await think(step, read.brain);
  await step.post(facts);
}
