// How a job tells the app what it found: POST /facts with the job's GitHub OIDC token.
// Must never lose a fact in silence: when a delivery fails, the job shows the error. Must never take the word of anybody but the
// app: a proxy's login page says 200 to everything.
import * as z from 'zod';
import type { EvidenceItem } from '#adapters/git/evidence';
import type { Fact } from '#core/ledger/facts';
import { requestJson } from './http-json.ts';

export type Delivery = {
  incident: string;
  attempt: number;
  facts: readonly Fact[];
  evidence?: readonly EvidenceItem[];
};
/** `refused`: the app has judged them and will not write them. Otherwise nobody knows whether it ever heard of them. */
type Delivered = { ok: true } | { ok: false; refused: boolean; reason: string };

// With pauses of at most 15 s these are two and a half minutes: longer than the app takes to start again.
const RETRIES = 16;
const Word = z.union([
  z.object({ incident: z.string(), seq: z.number().int(), head: z.string(), stage: z.string() }),
  z.object({ incident: z.string(), already: z.literal(true) }),
]);
const JUDGED: readonly (number | null)[] = [403, 409];

/**
 * Delivers facts. Repeating is safe, because the app knows what a run has posted. `token` gives a fresh OIDC token for each
 * try. An answer counts only when it names what was written for this incident; any other is waited out like an absence.
 */
export async function deliver(
  url: string,
  token: () => Promise<string>,
  delivery: Delivery,
  { retries = RETRIES, pauseMs = 200 } = {},
): Promise<Delivered> {
  const answer = await requestJson({
    method: 'POST',
    url: `${url}/facts`,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    body: delivery,
    ...{ retries, pauseMs, timeoutMs: 15_000 },
    believes: (body) => {
      const word = Word.safeParse(body);
      return word.success && word.data.incident === delivery.incident;
    },
  });
  if (answer.ok) return { ok: true };
  const told = (answer.body as { error?: unknown } | null)?.error;
  const reason = typeof told === 'string' ? told : answer.reason;
  return { ok: false, refused: JUDGED.includes(answer.status), reason };
}
