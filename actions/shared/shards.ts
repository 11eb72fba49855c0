// Tells the jobs that come after which shards of a swarm are to be walked, so that one job is started for each. Must never name one when the
// ledger could not be read: then nobody makes a load, and verify says that nothing was seen of it.
import * as core from '@actions/core';
import { shardsDue } from '#core/incident/shards';
import { latestOf } from '#core/ledger/replay';
import type { Step } from './job.ts';
import { planOf } from './plan.ts';

export async function tellShards({ ledger, redact }: Pick<Step, 'ledger' | 'redact'>): Promise<void> {
  const shards = await due(ledger).catch((error: unknown) => {
    core.warning(`which shards are to be walked is not known: ${redact(String(error)).slice(0, 300)}`);
    return [];
  });
  core.setOutput('shards', JSON.stringify(shards));
}

async function due(ledger: Step['ledger']): Promise<number[]> {
  const incident = await ledger.newest();
  const proposal = latestOf(incident, 'remediation.proposed');
  const planned = proposal && planOf(proposal);
  return planned?.ok ? shardsDue(incident, planned.plan) : [];
}
