// How a job tells the app what it found: POST /facts with the job's GitHub OIDC token.
// Must never lose a fact in silence: when a delivery fails, the job shows the error.

import type { EvidenceItem } from '#adapters/git/evidence';
import type { Fact } from '#core/ledger/facts';
import { requestJson } from './http-json.ts';

export type Delivery = {
  incident: string;
  attempt: number;
  facts: readonly Fact[];
  evidence?: readonly EvidenceItem[];
};
type Delivered = { ok: true; stage: string | null } | { ok: false; refused: boolean; reason: string };

/** Delivers facts. Repeating is safe, because the app knows what a run has posted. `token` gives a fresh OIDC token. */
export async function deliver(
  url: string,
  token: () => Promise<string>,
  delivery: Delivery,
): Promise<Delivered> {
  const answer = await requestJson({
    method: 'POST',
    url: `${url}/facts`,
    headers: { authorization: `Bearer ${await token()}` },
    body: delivery,
    retries: 6,
    timeoutMs: 15_000,
  });
  if (answer.ok) return { ok: true, stage: (answer.body as { stage?: string }).stage ?? null };
  const told = (answer.body as { error?: string } | null)?.error;
  return { ok: false, refused: answer.status !== null && answer.status < 500, reason: told ?? answer.reason };
}
