// Whether a replica may take an effect that others may have taken before it.
// Must never let two have one effect at the same time: a claim counts until its end, whoever asks.
import type { EffectState } from '#core/ledger/replay';

/**
 * Whether this replica may take an effect now: nobody claimed it, the claim is over, or this replica claimed it before it
 * was restarted.
 */
export function claimable(
  state: EffectState | undefined,
  owner: { replica: string; boot: string },
  now: Date,
): boolean {
  if (!state) return true;
  if (state.status !== 'claimed') return false;
  const [replica, boot] = state.owner.split('@');
  return Date.parse(state.until) <= now.getTime() || (replica === owner.replica && boot !== owner.boot);
}
