// What a sample keeps of a swarm: how many sessions, how long they took, how many were really at once, and why some failed.
// Must never keep single sessions, nor a time that no session took.
import * as z from 'zod';
import { cut } from '../text/cut.ts';
import { SWARM } from './swarm.ts';
import type { SwarmResult } from './swarm-result.ts';

const MOST_CLASSES = 5;
const count = z.int().min(0);
const ms = z.int().min(0).optional();

export const SwarmSeen = z.strictObject({
  /** Asked for, begun, and those that saw nothing of the service. */
  sessions: z.int().min(1).max(SWARM.most),
  begun: count,
  blind: count,
  /** Of whole sessions that passed. Missing: none did. */
  p50_ms: ms,
  p95_ms: ms,
  p99_ms: ms,
  /** Asked for; the most at one moment; on average. */
  at_once: z.strictObject({ asked: count, most: count, mean: z.number().min(0) }),
  a_second: z.number().min(0),
  /** The most frequent first. */
  errors: z.array(z.strictObject({ reason: z.string().max(200), count: z.int().min(1) })).max(MOST_CLASSES),
  /** Of browser and client together, where it is known. */
  a_cpu_second: z.number().min(0).optional(),
  /** On so many machines. Missing: on one. */
  shards: z.int().min(2).max(8).optional(),
});
export type SwarmSeen = z.output<typeof SwarmSeen>;

export function seenOf(result: SwarmResult): SwarmSeen {
  const { asked, begun, blind, times, at_once, a_second, a_cpu_second, errors } = result;
  return {
    ...{ sessions: asked, begun, blind },
    ...(times === null ? {} : { p50_ms: times.p50, p95_ms: times.p95, p99_ms: times.p99 }),
    ...{ at_once, a_second },
    ...(a_cpu_second === null ? {} : { a_cpu_second }),
    errors: errors.slice(0, MOST_CLASSES).map(({ kind, count }) => ({ reason: cut(kind, 200), count })),
  };
}

/** `200 of 200 sessions, p50 310 ms, p95 420 ms, p99 500 ms, 16 at once (12.4 on average), 21 a second`, for people. */
export function swarmWords({ sessions, begun, blind, p50_ms, p95_ms, p99_ms, ...more }: SwarmSeen): string {
  const { at_once, a_second, a_cpu_second, shards } = more;
  return [
    `${begun} of ${sessions} sessions`,
    ...(blind > 0 ? [`${blind} saw nothing`] : []),
    ...(p50_ms === undefined ? [] : [`p50 ${p50_ms} ms, p95 ${p95_ms} ms, p99 ${p99_ms} ms`]),
    `${at_once.most} at once (${at_once.mean} on average)`,
    `${a_second} a second`,
    ...(a_cpu_second === undefined ? [] : [`${a_cpu_second} a CPU-second`]),
    ...(shards === undefined ? [] : [`${shards} shards`]),
  ].join(', ');
}
