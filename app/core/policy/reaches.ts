// Commands that go further than their effect says: a reboot is more than a restart, and a purge of everything more than one of a page.
// Plain data with the words for it. Must never make a risk lower than the effect's.
import type { JudgedCommand, Risk } from './types.ts';

type Reach = {
  code: 'reboot' | 'refresh' | 'purges-all';
  /** As in a rule of the organisation: words in this order. */
  commands: readonly string[];
  /** Only where one of its arguments is this. */
  argument?: RegExp;
  risk: Risk;
  does: string;
};

const EVERYTHING = /^["']?(?:\/?\*|\/\*\*?)["']?$|=["']?\/?\*["']?$/;

export const reaches: readonly Reach[] = [
  {
    code: 'reboot',
    commands: [
      'aws ec2 reboot-instances',
      'gcloud compute instances reset',
      'az vm restart',
      'az vmss restart',
    ],
    risk: 'MEDIUM',
    does: 'reboots whole machines, with everything that runs on them',
  },
  {
    code: 'reboot',
    commands: [
      'aws rds reboot-db-instance',
      'gcloud sql instances restart',
      'az postgres flexible-server restart',
      'az mysql flexible-server restart',
    ],
    risk: 'MEDIUM',
    does: 'restarts a database, which cuts off everything that uses it',
  },
  {
    code: 'refresh',
    commands: [
      'aws autoscaling start-instance-refresh',
      'gcloud compute instance-groups managed rolling-action replace',
    ],
    risk: 'MEDIUM',
    does: 'replaces every machine of the group by a new one, from whatever template the group names now',
  },
  {
    code: 'purges-all',
    commands: [
      'aws cloudfront create-invalidation',
      'az cdn endpoint purge',
      'gcloud compute url-maps invalidate-cdn-cache',
    ],
    argument: EVERYTHING,
    risk: 'MEDIUM',
    does: 'purges everything, so that the origin carries all load until the cache is warm again',
  },
];

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
