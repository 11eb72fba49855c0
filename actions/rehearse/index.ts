// rehearse: is it really broken? Samples the symptom before anybody is asked to approve anything.
// Must never run a check that could change something, except when a reviewed runbook holds exactly this check.

import * as core from '@actions/core';
import { latestOf } from '#core/ledger/replay';
import { pictureLines } from '#core/messages/pictures';
import { cut } from '#core/text/cut';
import { runStep } from '../shared/job.ts';
import { handPictures } from '../shared/pictures.ts';
import { planOf } from '../shared/plan.ts';
import { unsafeIn } from '../shared/reviewed.ts';
import { look, pagesOf } from '../shared/symptoms.ts';

await runStep('rehearse', async (step) => {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  if (!proposal) return;
  const planned = planOf(proposal);
  const escalate = async (code: string, reason: string): Promise<void> => {
    await step.post([{ type: 'incident.escalated', data: { code, reason: cut(step.redact(reason), 500) } }]);
  };
  if (!planned.ok) return escalate('policy', `verify.yml: ${planned.reason}`);
  const unsafe = await unsafeIn(step, proposal, planned.plan);
  if (unsafe !== null) return escalate('policy', unsafe);
  const seen = await look(step, { plan: planned.plan, which: 'red' });
  const { reason } = seen;
  if (seen.verdict === 'red') {
    const kept = await handPictures(step, seen);
    if (kept.pictures)
      await core.summary
        .addRaw(pictureLines(kept.pictures).join('\n'), true)
        .write()
        .catch(() => undefined);
    await step.post([
      { type: 'remediation.rehearsed', data: { samples: seen.samples, ...pagesOf(seen), ...kept, reason } },
    ]);
  } else if (seen.verdict === 'absent')
    await step.post([{ type: 'symptom.absent', data: { samples: seen.samples, reason, alert: 'unknown' } }]);
  else await escalate('eyes', `the symptom could not be looked at: ${reason}`);
});
