// How a job tells the app what it found: POST /facts with the job's GitHub OIDC token.
// Must never lose a fact in silence: when a delivery fails, the job shows the error. Must never take the word of anybody but the
// app: a proxy's login page says 200 to everything.
import * as z from 'zod';
import type { EvidenceItem } from '#adapters/git/evidence';
import { jobSeconds } from '#core/incident/limits';
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

/** Longer than the app takes to start again, or a proxy's limit of a minute to pass. */
const PATIENCE_MS = jobSeconds.tell * 1000;
/** What came of a script is worth waiting for: half of its time by the job itself, half by its clean-up. */
export const OUTCOME_PATIENCE_MS = jobSeconds.deliver * 500;
const TOKEN_MS = 15_000;
const Word = z.union([
  z.object({ incident: z.string(), seq: z.number().int(), head: z.string(), stage: z.string() }),
  z.object({ incident: z.string(), already: z.literal(true) }),
]);
/** The app's own refusal. A proxy says 403 too, and knows of no incident. */
const Refusal = z.object({ incident: z.string().optional(), error: z.string() });

/**
 * Delivers facts. Repeating is safe, because the app knows what a run has posted. `token` gives a fresh OIDC token for each
 * try. An answer counts only when it names what was written for this incident; any other is waited out like an absence.
 */
export async function deliver(
  url: string,
  token: () => Promise<string>,
  delivery: Delivery,
  { patienceMs = PATIENCE_MS, retries = Number.POSITIVE_INFINITY, pauseMs = 200 } = {},
): Promise<Delivered> {
  const answer = await requestJson({
    method: 'POST',
    url: `${url}/facts`,
    headers: async () => ({ authorization: `Bearer ${await soon(token())}` }),
    body: delivery,
    ...{ retries, pauseMs, patienceMs, timeoutMs: 15_000 },
    believes: (body) => {
      const word = Word.safeParse(body);
      return word.success && word.data.incident === delivery.incident;
    },
  });
  if (answer.ok) return { ok: true };
  const told = Refusal.safeParse(answer.body);
  const { incident, error = answer.reason } = told.data ?? {};
  const refused =
    told.success && (answer.status === 409 || (answer.status === 403 && incident === delivery.incident));
  const unjudged = refused ? '' : `${new URL(url).host} answered ${answer.status}: `;
  return { ok: false, refused, reason: told.success ? `${unjudged}${error}` : answer.reason };
}

/** Whoever gives out tokens may be silent, too. */
async function soon<T>(wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, TOKEN_MS, new Error(`no identity token came within ${TOKEN_MS / 1000} s`));
  });
  return Promise.race([wanted, late]).finally(() => clearTimeout(timer));
}
