// verify: looks whether what was red is green, and whether anything got worse, by several samples. Must never call it green when the browser was lost: that
// is inconclusive.

import { latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { runStep } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { look } from '../shared/symptoms.ts';

await runStep('verify', async (step) => {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  if (!proposal) return;
  const planned = planOf(proposal);
  const before = latestOf(step.incident, 'remediation.started')?.samples ?? [];
  const seen = planned.ok
    ? await look(step, planned.plan, 'green', before)
    : { verdict: 'inconclusive' as const, reason: `verify.yml: ${planned.reason}`, samples: [], ms: 0 };
  const worse = 'worse' in seen && seen.worse !== undefined ? { worse: cut(seen.worse, 500) } : {};
  const data = { samples: seen.samples, reason: cut(seen.reason, 500), ms: seen.ms };
  if (seen.verdict === 'confirmed') await step.post([{ type: 'recovery.confirmed', data }]);
  else if (seen.verdict === 'refuted')
    await step.post([{ type: 'recovery.refuted', data: { ...data, ...worse } }]);
  else await step.post([{ type: 'recovery.inconclusive', data }]);
});
