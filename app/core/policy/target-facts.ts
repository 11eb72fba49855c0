// What the inventory says of a target beside its name: who keeps it as it is, how many there are, and whether it holds anything.
// Must never be read from an alert or from what a script prints: what stands in vigil.yml was reviewed.
import * as z from 'zod';
import { aims, open } from './matching.ts';
import type { JudgedCommand } from './types.ts';

const SECONDS = { s: 1, m: 60, h: 3600 } as const;
const MOST_RECONCILE_S = 3600;
const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, 'plain printable text');

/** The seconds of `90s`, `3m` or `1h`. Null when the words say no time from a second to an hour. */
export function reconcileSeconds(words: string): number | null {
  const [, digits, unit] = /^([1-9]\d{0,3})(s|m|h)$/.exec(words) ?? [];
  const seconds = digits === undefined ? 0 : Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  return seconds >= 1 && seconds <= MOST_RECONCILE_S ? seconds : null;
}

/** Keys of a service in vigil.yml, for all that its scripts change, and of each of its `targets`. */
export const targetKeys = {
  /** What sets it to what a repository says. */
  managed_by: z.enum(['argocd', 'flux', 'helm']).optional(),
  /** Where a lasting change of it belongs. */
  repository: text.optional(),
  /** Whether what a script changes is set back without anybody's doing. Left out: by Flux it is, by the others it is not. */
  self_heal: z.boolean().optional(),
  /** How long that takes at most. Left out: 3m for Argo CD, 10m for the others. */
  reconcile: z
    .string()
    .refine((words) => reconcileSeconds(words) !== null, 'is a time from 1s to 1h, as 90s or 3m')
    .optional(),
  /** It holds data or sessions that a restart cuts off. */
  stateful: z.boolean().optional(),
  /** How many of it run as a rule. */
  replicas: z.number().int().min(1).max(10_000).optional(),
};

const Facts = z.strictObject(targetKeys);
export type TargetFacts = z.infer<typeof Facts>;

/** One of several targets of a service; its own keys count before the service's. `name`: as in a rule's `target`. */
export const NamedTarget = z.strictObject({ name: text, ...targetKeys });
export type NamedTarget = z.infer<typeof NamedTarget>;

export type TargetInventory = TargetFacts & { targets?: readonly NamedTarget[] | undefined };

/** The facts of what a command changes. Of a target that is known only at run time, the gravest of all that it may be. */
export function factsOf(command: JudgedCommand, inventory: TargetInventory): TargetFacts {
  const { targets = [], ...whole } = inventory;
  const named = targets.filter(({ name }) => aims(command, name)).map(({ name: _, ...own }) => own);
  const { target } = command;
  if (target !== null && !open(target)) return Object.assign({}, keysIn(whole), ...named.map(keysIn));
  const all = [whole, ...targets];
  const sizes = all.flatMap(({ replicas }) => (replicas === undefined ? [] : [replicas]));
  const managed = all.find(({ managed_by }) => managed_by !== undefined);
  return {
    ...(managed ? keysIn(managed) : {}),
    stateful: all.some(({ stateful }) => stateful === true),
    ...(sizes.length > 0 ? { replicas: Math.min(...sizes) } : {}),
  };
}

function keysIn(facts: TargetFacts): TargetFacts {
  const said = Object.keys(targetKeys).flatMap((key) => {
    const value = facts[key as keyof TargetFacts];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(said);
}
