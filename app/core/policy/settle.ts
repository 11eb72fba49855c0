// How long a service usually takes until it is well after each effect, when its runbook says nothing of it.
// Must never be longer for an effect that was not understood: what nobody knows is nothing to wait for.
import type { EffectKind } from './types.ts';

const MINUTES = 60;
const RESTARTS = 5 * MINUTES;
const ROLLOUTS = 15 * MINUTES;
const QUEUES = 60 * MINUTES;
/** Resolvers and clients keep an old address for as long as its time-to-live, and some for longer. */
const TRAFFIC = 120 * MINUTES;

/**
 * In seconds. What is not here works at once or not at all: a flag, a setting, a file. A runbook that knows better says `settle`.
 */
const times: Readonly<Partial<Record<EffectKind, number>>> = {
  'cache.purge': RESTARTS,
  'cache.clear': RESTARTS,
  'service.restart': RESTARTS,
  'service.reload': RESTARTS,
  'service.start': RESTARTS,
  'workers.restart': RESTARTS,
  'pod.restart': RESTARTS,
  'session.end': RESTARTS,
  'certificate.renew': RESTARTS,
  'rollout.undo': ROLLOUTS,
  'rollout.resume': ROLLOUTS,
  deploy: ROLLOUTS,
  scale: ROLLOUTS,
  'scale.down': ROLLOUTS,
  'scale.one': ROLLOUTS,
  'autoscaler.set': ROLLOUTS,
  'instances.replace': ROLLOUTS,
  'machine.reboot': ROLLOUTS,
  'node.cordon': ROLLOUTS,
  'node.uncordon': ROLLOUTS,
  'node.drain': ROLLOUTS,
  'database.maintain': ROLLOUTS,
  'job.run': QUEUES,
  'queue.retry': QUEUES,
  'queue.seek': QUEUES,
  'traffic.shift': TRAFFIC,
};

/** The longest that any of these effects takes, and which one it is. Null: none of them takes time. */
export function settlesIn(kinds: readonly string[]): { within_s: number; kind: string } | null {
  const known = kinds.flatMap((kind) => {
    const within_s = Object.hasOwn(times, kind) ? times[kind as EffectKind] : undefined;
    return within_s === undefined ? [] : [{ within_s, kind }];
  });
  return known.sort((a, b) => b.within_s - a.within_s)[0] ?? null;
}
