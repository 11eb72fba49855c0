// Claims: which effect comes next, and how a replica says in the ledger that it will do it. Pure.
// Must never claim what another replica is doing, nor write down a fact that cannot happen any more.
import { claimable, dueEffects, type Effect } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { foresee, type Incident } from '#core/ledger/replay';

/** As whom the desk writes. */
export const APP = { kind: 'app' } as const;
/** How long a claim stands before another replica may take it over. */
const CLAIM_MS = 60_000;

/**
 * The facts that can still be written. When they cannot all happen any more, what became of an effect is kept: it was done,
 * whatever the incident has become since.
 */
export function stillPossible(incident: Incident | null, facts: readonly Fact[], now: Date): Fact[] {
  if (foresee(incident, facts, now.toISOString(), APP).ok) return [...facts];
  return facts.filter(({ type }) => type === 'effect.done' || type === 'effect.failed');
}

/** The first effect that is due once these facts are written, is nobody's, and is free to be tried; null when none is. */
export function dueNext(
  incident: Incident | null,
  facts: readonly Fact[],
  at: {
    held: boolean;
    owner: { replica: string; boot: string };
    now: Date;
    free: (effect: Effect) => boolean;
  },
): Effect | null {
  const after = foresee(incident, facts, at.now.toISOString(), APP);
  if (!after.ok) return null;
  const open = (effect: Effect): boolean =>
    claimable(after.incident.effects.get(effect.name), at.owner, at.now) && at.free(effect);
  return dueEffects(after.incident, at.held).find(open) ?? null;
}

/** Says until when this replica, in this run of it, has the effect to itself. */
export function claimFact(effect: Effect, owner: { replica: string; boot: string }, now: Date): Fact {
  const until = new Date(now.getTime() + CLAIM_MS).toISOString();
  return {
    type: 'effect.claimed',
    data: { effect: effect.name, owner: `${owner.replica}@${owner.boot}`, until },
  };
}
