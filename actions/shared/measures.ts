// Tells the jobs that come after whether there is something to look at that needs a key, so that the job `measure` is started for that
// alone. Must never say no because the ledger could not be read: then `measure` asks it itself.
import * as core from '@actions/core';
import { phaseOf } from '#core/incident/measured';
import { latestOf } from '#core/ledger/replay';
import { measuredIn } from '#core/verification/needs-keys';
import type { Step } from './job.ts';
import { planOf } from './plan.ts';

export async function tellMeasures({ ledger, redact }: Pick<Step, 'ledger' | 'redact'>): Promise<void> {
  const measures = await isDue(ledger).catch((error: unknown) => {
    core.warning(`whether something is to be measured is not known: ${redact(String(error)).slice(0, 300)}`);
    return true;
  });
  core.setOutput('measures', String(measures));
}

async function isDue(ledger: Step['ledger']): Promise<boolean> {
  const incident = await ledger.newest();
  const phase = phaseOf(incident);
  const proposal = latestOf(incident, 'remediation.proposed');
  const planned = proposal && planOf(proposal);
  return phase !== null && planned?.ok === true && measuredIn(planned.plan, phase).length > 0;
}
