// A swarm as one look: its outcome, who saw it, and its figures, wherever it was walked.
// Must never say that two engines saw what one of them walked alone.
import { cut } from '../text/cut.ts';
import type { Sighting } from './engines.ts';
import type { Counts } from './rates/sequential.ts';
import type { SwarmExpectation } from './swarm.ts';
import type { SwarmResult } from './swarm-result.ts';
import { type SwarmSeen, seenOf } from './swarm-seen.ts';
import { judgeSwarm } from './swarm-verdict.ts';

/** What is told of a swarm that came to its end, wherever it was walked. */
export type SwarmSight = Sighting & { readonly counts?: Counts; readonly swarm: SwarmSeen };

/** `alone`: Lightpanda's word counts, where the installation says so and there is no Chromium. */
export function sightOfSwarm(result: SwarmResult, expect: SwarmExpectation, alone: boolean): SwarmSight {
  const { outcome, reason, counts } = judgeSwarm(result, expect, alone);
  const witnessed = result.witnesses.some(({ chromium }) => chromium.outcome !== 'inconclusive');
  const engine = witnessed ? 'chromium' : result.engine;
  return {
    ...{ engine, outcome, reason: reason === null ? null : cut(reason, 300), overruled: null },
    ...(witnessed && counts ? { agreed: 'lightpanda' as const } : {}),
    ...(counts ? { counts } : {}),
    swarm: seenOf(result),
  };
}
