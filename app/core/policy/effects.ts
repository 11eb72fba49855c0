// What each effect means: how much harm it may do, whether the world returns to its old state by itself, and what an undo of it
// would bring back.
// It must never be consulted for a command that was not understood: that is `unknown`, and HIGH.
import type { EffectKind, Risk } from './types.ts';

type Meaning = {
  risk: Risk;
  selfRestoring: boolean;
  /** What an undo of it brings back, to follow "it would bring back". */
  brings: string;
  /** It takes away what the fault came from, as most real fixes do. Its undo puts the cause back in place. */
  takesCause: boolean;
  /** The wider effect from which this one is told apart for its harm. What is said of that one holds for this one. */
  within?: EffectKind;
};

const restores = (risk: Risk, brings: string): Meaning => ({
  ...{ risk, brings, selfRestoring: true, takesCause: false },
});
const lasts = (risk: Risk, brings: string): Meaning => ({
  ...{ risk, brings, selfRestoring: false, takesCause: false },
});
const takes = (risk: Risk, brings: string): Meaning => ({ ...lasts(risk, brings), takesCause: true });

/**
 * `selfRestoring` is what allows `undo: none`: a restarted service or a purged cache is back where it was by its own
 * work, while a flag, a scale or a rollout stays changed until somebody changes it back. `brings` tells of the state that was there
 * while the fault was: nobody knows of it that it was good.
 */
export const effects: Readonly<Record<EffectKind, Meaning>> = {
  read: restores('LOW', 'nothing, since it only looks'),
  'cache.purge': restores('LOW', 'the entries that were purged, as far as anybody kept them'),
  // Until a cache is full again, what stands behind it has all of the load.
  'cache.clear': {
    ...restores('MEDIUM', 'the entries that were purged, as far as anybody kept them'),
    within: 'cache.purge',
  },
  'service.restart': restores('LOW', 'nothing: the service runs again as it did'),
  'service.reload': restores('LOW', 'nothing: the service runs on as it did'),
  'service.start': takes('MEDIUM', 'the service as it was before, not running'),
  'service.stop': takes('HIGH', 'the service that was stopped, running as it did while the fault was there'),
  'workers.restart': restores('LOW', 'nothing: the workers run again as they did'),
  'pod.restart': restores('LOW', 'nothing: the pods run again as they did'),
  'pods.prune': restores('LOW', 'nothing: these pods had ended'),
  // A new machine does the same work, and what lay on the old one is gone.
  'instances.replace': {
    ...restores('HIGH', 'nothing: new machines do the work of the old ones'),
    within: 'workers.restart',
  },
  'machine.reboot': {
    ...restores('MEDIUM', 'nothing: the machine runs again as it did'),
    within: 'service.restart',
  },
  'rollout.undo': takes('MEDIUM', 'the revision that ran while the fault was there'),
  'rollout.pause': takes('MEDIUM', 'the rollout that went on while the fault was there'),
  'rollout.resume': takes('MEDIUM', 'the rollout paused, as it was while the fault was there'),
  scale: takes('MEDIUM', 'as many replicas as ran while the fault was there'),
  'scale.down': { ...takes('MEDIUM', 'as many replicas as ran while the fault was there'), within: 'scale' },
  // The next restart of the only one is an outage.
  'scale.one': { ...takes('HIGH', 'as many replicas as ran while the fault was there'), within: 'scale' },
  'autoscaler.set': takes('MEDIUM', 'the limits of the autoscaler as they were while the fault was there'),
  'flag.set': takes('MEDIUM', 'the flag as it was while the fault was there'),
  'config.set': takes('MEDIUM', 'the configuration that was in force while the fault was there'),
  'traffic.shift': takes('MEDIUM', 'the traffic as it went while the fault was there'),
  'node.cordon': takes('MEDIUM', 'new pods on the node that was kept free of them'),
  'node.uncordon': takes('MEDIUM', 'the node without new pods, as it was while the fault was there'),
  'node.drain': takes('HIGH', 'pods on the node that was emptied'),
  'job.run': lasts('MEDIUM', 'what was there before the job ran, as far as it can be put back'),
  'queue.retry': lasts('MEDIUM', 'the queue as it was before, as far as nobody has taken from it'),
  // What was read already is read again, or what was not is left out; who reads decides what that does.
  'queue.seek': lasts('HIGH', 'the place in the queue from which its readers went on'),
  'session.end': restores('MEDIUM', 'nothing: who was cut off connects again'),
  'database.maintain': restores('LOW', 'nothing: the data are the same'),
  'certificate.renew': restores('MEDIUM', 'nothing: the old certificate is worth nothing more'),
  'log.rotate': restores('LOW', 'nothing: the lines are in another file'),
  'log.prune': { ...lasts('MEDIUM', 'nothing: what is removed does not come back'), within: 'files.remove' },
  'files.write': restores('LOW', 'the file as it was before'),
  'files.prune': restores('MEDIUM', 'nothing: old files are gone'),
  // Temporary files are nobody's to miss; what a search removes elsewhere is gone, and no undo brings it back.
  'files.remove': lasts('MEDIUM', 'nothing: what is removed does not come back'),
  'images.prune': restores('MEDIUM', 'nothing: images are fetched again when they are needed'),
  deploy: takes('HIGH', 'the release that ran while the fault was there'),
  unknown: lasts('HIGH', 'what was there before, as far as the undo knows it'),
  'secret.read': lasts('HIGH', 'nothing: what was read was read'),
  destroy: lasts('HIGH', 'nothing: what is destroyed does not come back'),
};

/** Effects that nothing can undo: a person must agree each time, and no undo is asked for. */
export const irreversible: ReadonlySet<EffectKind> = new Set(['files.remove', 'log.prune']);

/** Whether an effect is the named one, or a harsher form of it. */
export const isEffect = (effect: EffectKind, named: EffectKind): boolean =>
  effect === named || effects[effect].within === named;

const order: readonly Risk[] = ['LOW', 'MEDIUM', 'HIGH'];

/** The higher of two risks. */
export function higher(a: Risk, b: Risk): Risk {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
