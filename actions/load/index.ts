// load: one shard of a swarm that several machines walk, when everything else is well; verify of the same run merges them.
// Must never make a load on what is ill, nor say whether anything is red or green.

import * as core from '@actions/core';
import { whenWell } from '#adapters/browser/checks/gate';
import { resultOfSwarm } from '#adapters/browser/swarm/look';
import { GATE_S, MOST_LOAD_S } from '#core/incident/limits';
import { seriesOf } from '#core/incident/looks';
import { shardedIn } from '#core/incident/shards';
import { latestOf } from '#core/ledger/replay';
import { shardTold } from '#core/ledger/swarm-facts';
import { cut } from '#core/text/cut';
import type { Progress } from '#core/verification/swarm-result';
import { shardsOf } from '#core/verification/swarm-shards';
import { runStep, type Step } from '../shared/job.ts';
import { planOf } from '../shared/plan.ts';
import { print } from '../shared/print.ts';
import { browserOf, cleanOf, looksPrinted } from '../shared/symptoms.ts';

const SAY_MS = 10_000;

async function load(step: Step): Promise<void> {
  const proposal = latestOf(step.incident, 'remediation.proposed');
  const planned = proposal && planOf(proposal);
  // What is wrong with the plan, the job after this one says.
  const sharded = planned?.ok ? shardedIn(planned.plan) : null;
  if (!planned?.ok || sharded === null) return print('no swarm of this plan has shards');
  const { swarm } = sharded;
  const shard = Number(core.getInput('shard', { required: true }));
  const part = shardsOf(swarm, swarm.shards)[shard - 1];
  if (part === undefined) throw new Error(`there is no shard ${shard} of ${swarm.shards}`);
  const signal = AbortSignal.timeout(MOST_LOAD_S * 1000);
  const browser = browserOf(step);
  const tell = async (reason: string, walked: ReturnType<typeof shardTold> | null): Promise<void> => {
    const data = {
      check: swarm.id,
      shard,
      of: swarm.shards,
      run: step.run,
      reason: cleanOf(step)(reason),
      walked,
    };
    await step.post([{ type: 'swarm.measured', data }]);
  };
  const within_s = Math.min(GATE_S, seriesOf(step.incident, planned.plan)?.within_s ?? 0);
  const ill = await whenWell({
    ...{ plan: planned.plan, browser, signal, within_ms: within_s * 1000 },
    onSample: looksPrinted(step),
  });
  if (ill !== null) return tell(ill, null);
  let said = 0;
  const onProgress = ({ asked, begun, passed, failed, blind }: Progress) => {
    if (performance.now() - said < SAY_MS) return;
    said = performance.now();
    print(`${begun} of ${asked} sessions begun, ${passed + failed + blind} ended, ${failed} failing`);
  };
  const now = () => performance.timeOrigin + performance.now();
  const seen = await resultOfSwarm({ ...sharded, swarm: part, browser, signal, now, onProgress });
  if ('nothing' in seen) return tell(seen.nothing, null);
  const { result } = seen;
  const short = cleanOf(step, 200);
  print(`${result.passed} of ${result.begun} sessions passed, ${result.failed} failed: ${short(result.why)}`);
  await tell(cut(result.why, 500), shardTold(result, short));
}

await runStep('load', load);
