// What the drive page can do to the world, each as people and monitors of that world would do it. It must never tell Vigil
// anything itself: the bell rings at PagerDuty, and what is broken is really broken.
import { breakShop, mendShop, ring } from '../people.ts';
import type { World } from '../world.ts';

type Fault = {
  label: string;
  /** What PagerDuty is told; runbooks know it by this name. */
  title: string;
  about: string;
  ends: string;
  begin(world: World, title: string): Promise<void>;
};

export const faults = {
  cache: {
    label: 'Break the cache',
    title: 'Checkout error rate is high on shop',
    about: 'The price cache holds prices that are no numbers: orders fail with 500.',
    ends: 'The runbook has earned the auto lane (by sample history, labelled so), so nobody has to get up.',
    begin: (world, title) => rings(world, 'cache', title, { endpoint: 'POST /api/checkout' }),
  },
  workers: {
    label: 'Break the workers',
    title: 'Order workers are exhausted',
    about: 'Every order worker waits for a lock that nobody releases: orders fail with 503.',
    ends: 'A MEDIUM restart: it waits for a person’s review. That is you.',
    begin: (world, title) => rings(world, 'workers', title, { queue: 'orders' }),
  },
  flag: {
    label: 'Break the flag',
    title: 'Checkout fails after a flag change',
    about: 'The flag new-pricing is switched on and cannot sell a single piece.',
    ends: 'A person reviews; the fix carries an undo.',
    begin: (world, title) => rings(world, 'flag', title, { flag: 'new-pricing' }),
  },
  release: {
    label: 'Break the release',
    title: 'Customers fill their carts and nobody buys',
    about:
      'The checkout’s script comes from where browsers may load none: HTTP says 200, and no customer can order.',
    ends: 'Only a browser sees it. A person reviews; the fix carries an undo.',
    begin: (world, title) => rings(world, 'release', title, { carts_waiting: 3 }),
  },
  nothing: {
    label: 'Ring for nothing',
    title: 'Checkout error rate is high on shop',
    about: 'The alert rings and clears, and nothing is broken.',
    ends: 'Vigil looks, sees that users can buy, and proposes nothing.',
    begin: async (world, title) => {
      await ring(world, 'trigger', title, { window: '1 minute' });
      await ring(world, 'resolve', title);
    },
  },
} as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof faults;
export const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name);

async function rings(
  world: World,
  what: 'cache' | 'workers' | 'flag' | 'release',
  title: string,
  details: Record<string, unknown>,
): Promise<void> {
  await breakShop(world, what);
  await ring(world, 'trigger', title, details);
}

/** Somebody mends the shop by hand, and the monitors take their alerts back. */
export async function mend(world: World): Promise<void> {
  await mendShop(world);
  for (const title of new Set(Object.values(faults).map((fault) => fault.title)))
    await ring(world, 'resolve', title);
}
