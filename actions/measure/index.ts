// measure: looks at what takes a key to see, and says what it saw; rehearse or verify of the same run judges.
// Must never look before approval at a check that no reviewed runbook has, nor say whether anything is red or green.

import { seriesOf } from '#core/incident/looks';
import { phaseOf } from '#core/incident/measured';
import { latestOf } from '#core/ledger/replay';
import { keyedIn, measuredIn } from '#core/verification/needs-keys';
import { runStep } from '../shared/job.ts';
import { keysOf } from '../shared/keys.ts';
import { planOf } from '../shared/plan.ts';
import { print } from '../shared/print.ts';
import { unsafeIn } from '../shared/reviewed.ts';
import { measure } from '../shared/symptoms.ts';

await runStep('measure', async (step) => {
  const { incident, run } = step;
  const phase = phaseOf(incident);
  const proposal = latestOf(incident, 'remediation.proposed');
  const planned = proposal && planOf(proposal);
  // What is wrong with the plan, the job after this one says.
  if (phase === null || !proposal || !planned?.ok) return print('there is no plan to look by');
  const { plan } = planned;
  if (measuredIn(plan, phase).length === 0) return print('no check of this plan needs a key');
  const unsafe = phase === 'red' ? await unsafeIn(step, proposal, plan) : null;
  if (unsafe !== null) return print(step.redact(unsafe));
  const series = phase === 'green' ? seriesOf(incident, plan) : null;
  const keyed = keyedIn(plan);
  const patience = series && {
    ...series,
    earlier: series.earlier.filter(({ check }) => keyed.includes(check)),
  };
  const before = latestOf(incident, 'remediation.started')?.samples ?? [];
  const seen = await measure(
    step,
    { plan, which: phase, patience, ...(phase === 'green' ? { before } : {}) },
    await keysOf(step, 'measure'),
  );
  const { samples, reason, ms } = seen;
  await step.post([{ type: 'symptom.measured', data: { phase, run, samples, reason, ms } }]);
});
