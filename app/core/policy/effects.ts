// What each effect means: how much harm it may do, and whether the world returns to its old state by itself.
// It must never be consulted for a command that was not understood: that is `unknown`, and HIGH.
import type { EffectKind, Risk } from './types.ts';

type Meaning = { risk: Risk; selfRestoring: boolean };

/**
 * `selfRestoring` is what allows `undo: none`: a restarted service or a purged cache is back where it was by its own
 * work, while a flag, a scale or a rollout stays changed until somebody changes it back.
 */
export const effects: Readonly<Record<EffectKind, Meaning>> = {
  read: { risk: 'LOW', selfRestoring: true },
  'cache.purge': { risk: 'LOW', selfRestoring: true },
  'service.restart': { risk: 'LOW', selfRestoring: true },
  'service.reload': { risk: 'LOW', selfRestoring: true },
  'service.start': { risk: 'MEDIUM', selfRestoring: false },
  'service.stop': { risk: 'HIGH', selfRestoring: false },
  'workers.restart': { risk: 'LOW', selfRestoring: true },
  'pod.restart': { risk: 'LOW', selfRestoring: true },
  'rollout.undo': { risk: 'MEDIUM', selfRestoring: false },
  'rollout.pause': { risk: 'MEDIUM', selfRestoring: false },
  'rollout.resume': { risk: 'MEDIUM', selfRestoring: false },
  scale: { risk: 'MEDIUM', selfRestoring: false },
  'flag.set': { risk: 'MEDIUM', selfRestoring: false },
  'config.set': { risk: 'MEDIUM', selfRestoring: false },
  'traffic.shift': { risk: 'MEDIUM', selfRestoring: false },
  'node.cordon': { risk: 'MEDIUM', selfRestoring: false },
  'node.uncordon': { risk: 'MEDIUM', selfRestoring: false },
  'node.drain': { risk: 'HIGH', selfRestoring: false },
  'job.run': { risk: 'MEDIUM', selfRestoring: false },
  'queue.retry': { risk: 'MEDIUM', selfRestoring: false },
  'session.end': { risk: 'MEDIUM', selfRestoring: true },
  'database.maintain': { risk: 'LOW', selfRestoring: true },
  'certificate.renew': { risk: 'MEDIUM', selfRestoring: true },
  'log.rotate': { risk: 'LOW', selfRestoring: true },
  'files.write': { risk: 'LOW', selfRestoring: true },
  'files.prune': { risk: 'MEDIUM', selfRestoring: true },
  // Temporary files are nobody's to miss; what a search removes elsewhere is gone, and no undo brings it back.
  'files.remove': { risk: 'MEDIUM', selfRestoring: false },
  'images.prune': { risk: 'MEDIUM', selfRestoring: true },
  deploy: { risk: 'HIGH', selfRestoring: false },
  unknown: { risk: 'HIGH', selfRestoring: false },
  'secret.read': { risk: 'HIGH', selfRestoring: false },
  destroy: { risk: 'HIGH', selfRestoring: false },
};

/** Effects that nothing can undo: a person must agree each time, and no undo is asked for. */
export const irreversible: ReadonlySet<EffectKind> = new Set(['files.remove']);

const order: readonly Risk[] = ['LOW', 'MEDIUM', 'HIGH'];

/** The higher of two risks. */
export function higher(a: Risk, b: Risk): Risk {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
