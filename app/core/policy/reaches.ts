// What is told of effects that go further than their kin: a reboot is more than a restart, and a purge of everything more than one of a
// page. Plain data with the words for it. Must never make a risk lower than the effect's.
import type { EffectKind, JudgedCommand } from './types.ts';

type Reach = { code: 'reboot' | 'refresh' | 'purges-all'; does: string };

export const reaches: Readonly<Partial<Record<EffectKind, Reach>>> = {
  'machine.reboot': {
    code: 'reboot',
    does: 'restarts a whole machine, database or cache node, which cuts off everything that uses it',
  },
  'instances.replace': {
    code: 'refresh',
    does: 'replaces every machine of the group by a new one, from whatever template the group names now',
  },
  'cache.clear': {
    code: 'purges-all',
    does: 'purges everything, so that the origin carries all load until the cache is warm again',
  },
};

/** Words by which an action of the inventory says that it purges everything. */
const all = /^(?:all|everything|everywhere|full|entire|whole)$/;

/** Whether an HTTP call to the inventory purges the whole of a cache, by the words of its address and its body. */
export function purgesEverything({ effect, argv, written }: JudgedCommand): boolean {
  if (effect !== 'cache.purge' || !written?.action) return false;
  const words = [written.action.id, written.action.url, ...argv]
    .join(' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => all.test(word));
}
