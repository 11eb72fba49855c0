// The shards of a swarm: which of them jobs are started for, and what all of them saw together.
// Must never let shards of two runs stand for one crowd, nor a crowd of which a part is missing for a whole one.

import type { Incident } from '#core/ledger/replay';
import { shardResult } from '#core/ledger/swarm-facts';
import { cut } from '#core/text/cut';
import type { SwarmCheck } from '#core/verification/checks';
import { lastLook } from '#core/verification/last-look';
import type { Sample, VerifyPlan } from '#core/verification/plan';
import { mergeShards } from '#core/verification/swarm-shards';
import { sightOfSwarm } from '#core/verification/swarm-sight';

/** The swarm that is walked on several machines after a script. Null: there is none, or one machine does. */
export function shardedIn(plan: VerifyPlan): { swarm: SwarmCheck; load: SwarmCheck | null } | null {
  const last = lastLook(plan, 'green');
  return last !== null && last.swarm.shards > 1 ? last : null;
}

/** From 1 on. None, when nobody is about to look whether it is green. */
export function shardsDue({ stage }: Incident, plan: VerifyPlan): number[] {
  const sharded = stage === 'VERIFYING' ? shardedIn(plan) : null;
  return sharded === null ? [] : Array.from({ length: sharded.swarm.shards }, (_, at) => at + 1);
}

/** What the jobs of this run saw, as one look. Where a shard is missing, nothing was seen, and it says which. */
export function sampleOfShards(
  incident: Incident,
  swarm: SwarmCheck,
  { run, now, alone }: { run: number; now: number; alone: boolean },
): Sample {
  const since = incident.latest['remediation.finished']?.seq ?? 0;
  const said = incident.records.flatMap((record) =>
    record.type === 'swarm.measured' &&
    record.seq > since &&
    record.actor.kind === 'job' &&
    record.actor.run === run &&
    record.data.check === swarm.id &&
    record.data.of === swarm.shards
      ? [record.data]
      : [],
  );
  const numbers = Array.from({ length: swarm.shards }, (_, at) => at + 1);
  const newest = numbers.map((shard) => said.findLast((one) => one.shard === shard));
  const lacks = newest.flatMap((one, at) => {
    if (one?.walked) return [];
    return [
      `shard ${at + 1} of ${swarm.shards} ${one === undefined ? 'said nothing in this run' : `was not walked: ${one.reason}`}`,
    ];
  });
  const results = newest.flatMap((one) => (one?.walked ? [shardResult(one.walked)] : []));
  const merged = lacks.length === 0 ? mergeShards(results) : null;
  if (merged === null) {
    const reason = cut(lacks.join('; ') || 'the shards did not walk by one engine', 300);
    const { id: check, engine } = swarm;
    return { check, at: Math.round(now), ms: 0, outcome: 'inconclusive', engine, reason, overruled: null };
  }
  const sight = sightOfSwarm(merged, swarm.expect ?? { failing: '<= 1 %' }, alone);
  return {
    ...{ check: swarm.id, at: merged.began, ms: merged.ms },
    ...sight,
    swarm: { ...sight.swarm, shards: swarm.shards },
  };
}
