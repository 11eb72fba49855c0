// verify: what was red must be green, by several samples. Losing the eyes is inconclusive, never green.
import { latestOf } from '#core/ledger/replay';
import { runStep } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { look } from '../shared/symptoms.ts';

await runStep('verify', async (step) => {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  if (!proposal) return;
  const planned = planOf(proposal);
  const seen = planned.ok
    ? await look(step, planned.plan, 'green')
    : { verdict: 'inconclusive' as const, reason: `verify.yml: ${planned.reason}`, samples: [], ms: 0 };
  const data = { samples: seen.samples, reason: seen.reason.slice(0, 500), ms: seen.ms };
  if (seen.verdict === 'confirmed') await step.post([{ type: 'recovery.confirmed', data }]);
  else if (seen.verdict === 'refuted') await step.post([{ type: 'recovery.refuted', data }]);
  else await step.post([{ type: 'recovery.inconclusive', data }]);
});
