// Claims: which effect comes next, and how a replica says in the ledger that it will do it. Without I/O.
// Must never claim what another replica is doing. Must never write a fact that cannot happen any more.
import { claimable } from '#core/incident/claimable';
import { dueEffects, type Effect } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { foresee, type Incident } from '#core/ledger/replay';

/** The actor of every record that the desk writes. */
export const APP = { kind: 'app' } as const;
/** How long a claim lasts. After this time another replica may take the effect over. */
const CLAIM_MS = 60_000;
/** How often a claim is renewed while its effect waits, for GitHub's spacing of writes for example. */
export const RENEW_MS = 20_000;
/** An effect that is not done after so long is stuck; another replica may take it over then. */
export const MOST_RENEWALS = 45;

/**
 * The facts that can still be written. When not all of them can happen any more, only the ends of effects are kept: an
 * effect was done, whatever has become of the incident since.
 */
export function stillPossible(incident: Incident | null, facts: readonly Fact[], now: Date): Fact[] {
  if (foresee(incident, facts, now.toISOString(), APP).ok) return [...facts];
  return facts.filter(({ type }) => type === 'effect.done' || type === 'effect.failed');
}

/** The first effect that is due after these facts, is claimed by nobody, and may be tried now. Null: there is none. */
export function dueNext(
  incident: Incident | null,
  facts: readonly Fact[],
  at: {
    /** Whether a hold keeps the incident, as it then is, from starting. */
    held: (incident: Incident) => boolean;
    owner: { replica: string; boot: string };
    now: Date;
    free: (effect: Effect) => boolean;
  },
): Effect | null {
  const after = foresee(incident, facts, at.now.toISOString(), APP);
  if (!after.ok) return null;
  const open = (effect: Effect): boolean =>
    claimable(after.incident.effects.get(effect.name), at.owner, at.now) && at.free(effect);
  return dueEffects(after.incident, at.held(after.incident)).find(open) ?? null;
}

/** Says until when this process of this replica has the effect to itself. */
export function claimFact(effect: Effect, owner: { replica: string; boot: string }, now: Date): Fact {
  const until = new Date(now.getTime() + CLAIM_MS).toISOString();
  return {
    type: 'effect.claimed',
    data: { effect: effect.name, owner: `${owner.replica}@${owner.boot}`, until },
  };
}

/** The renewal of a claim. Null: it is no longer this process's to renew. */
export function renewalFact(
  incident: Incident | null,
  effect: Effect,
  owner: { replica: string; boot: string },
  now: Date,
): Fact | null {
  const state = incident?.effects.get(effect.name);
  const own = state?.status === 'claimed' && state.owner === `${owner.replica}@${owner.boot}`;
  return own ? claimFact(effect, owner, now) : null;
}
