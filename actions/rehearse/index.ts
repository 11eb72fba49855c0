// rehearse: is it really broken? Samples the symptom before anybody is asked to approve anything.
// Must never run a check that could change something, except when a reviewed runbook holds exactly this check.

import { stillSays } from '#core/knowledge/runbook';
import { latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { bind, safeBeforeApproval } from '#core/verification/plan';
import { runStep } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { look, pagesOf } from '../shared/symptoms.ts';

await runStep('rehearse', async (step) => {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  if (!proposal) return;
  const planned = planOf(proposal);
  const escalate = async (code: string, reason: string): Promise<void> => {
    await step.post([{ type: 'incident.escalated', data: { code, reason: cut(step.redact(reason), 500) } }]);
  };
  if (!planned.ok) return escalate('policy', `verify.yml: ${planned.reason}`);
  const { runbooks } = await step.source();
  const reviewed = runbooks.find((runbook) => stillSays(runbook, proposal.runbook))?.remediation?.plan;
  const bound = reviewed ? bind(reviewed, proposal.parameters) : null;
  const unsafe = safeBeforeApproval(planned.plan, bound?.ok ? bound.plan : null);
  const first = unsafe[0];
  if (first) return escalate('policy', `check ${first.check} may not run before approval: ${first.reason}`);
  const seen = await look(step, planned.plan, 'red');
  const { reason } = seen;
  if (seen.verdict === 'red')
    await step.post([
      { type: 'remediation.rehearsed', data: { samples: seen.samples, ...pagesOf(seen), reason } },
    ]);
  else if (seen.verdict === 'absent')
    await step.post([{ type: 'symptom.absent', data: { samples: seen.samples, reason, alert: 'unknown' } }]);
  else await escalate('eyes', `the symptom could not be looked at: ${reason}`);
});
