// Sanity's content lake: queries and mutations with deadlines, and with retries that do nothing twice. The vendor's client
// retries no mutation and ignores Retry-After, so both are done here. Must never send the token to any host but Sanity's or
// this machine. Must never put a document or a token into a reason.
// https://www.sanity.io/docs/http-reference

import { type ClientConfig, createClient, isHttpError } from '@sanity/client';
import type { Query } from '#core/knowledge/queries';
import { LOOPBACK, type SanityAccount } from '#core/knowledge/sanity-account';
import { cut } from '#core/text/cut';
import { toldPause } from '#core/text/told-pause';
import { whyUnreachable } from '#core/text/unreachable';

/** Fixed, because with a version of today's date the meaning of queries could change by itself. */
const API_VERSION = '2026-02-01';
/** Search by dataset embeddings still needs the experimental version. */
const EXPERIMENTAL = 'X';
const DEADLINE_MS = 15_000;
const TRIES = 6;
const LONGEST_PAUSE_MS = 30_000;

export type SanityFailure = {
  ok: false;
  /** `unknown`: a mutation may or may not have been done. Read before you try again. */
  kind: 'unauthorised' | 'conflict' | 'refused' | 'rate_limited' | 'unavailable' | 'unknown';
  status: number | null;
  reason: string;
};
export type SanityResult<T> = { ok: true; value: T } | SanityFailure;
type Fields = Readonly<Record<string, unknown>>;
export type Mutation =
  | { create: Fields & { _id: string; _type: string } }
  | { patch: { id: string; ifRevisionID: string; set: Fields; unset: readonly string[] } }
  | { delete: { id: string } };
type Committed = { transactionId: string };

export type Sanity = {
  /** The result of a query. Null: the slice or the document is not there. */
  query(query: Query, options?: { semantic?: boolean }): Promise<SanityResult<unknown>>;
  /** All mutations or none. It tries again only when Sanity says that it did nothing. */
  commit(mutations: readonly Mutation[]): Promise<SanityResult<Committed>>;
};
type Timing = { pause?: (ms: number) => Promise<void>; deadlineMs?: number };

/** Throws when the account's address is not Sanity's or this machine's. */
export function openSanity(account: SanityAccount, timing: Timing = {}): Sanity {
  const { pause = (ms) => new Promise((done) => setTimeout(done, ms)), deadlineMs = DEADLINE_MS } = timing;
  if (account.host && !LOOPBACK.test(account.host))
    throw new Error(
      'SANITY_API_HOST may only name a stand-in on this machine, such as http://127.0.0.1:4000',
    );
  const config: ClientConfig = {
    projectId: account.projectId,
    dataset: account.dataset,
    token: account.token,
    apiVersion: API_VERSION,
    useCdn: false,
    perspective: 'published',
    maxRetries: 0,
    timeout: deadlineMs,
    ...(account.host ? { apiHost: account.host, useProjectHostname: false } : {}),
  };
  const client = createClient(config);
  const experimental = createClient({ ...config, apiVersion: EXPERIMENTAL, ignoreWarnings: /experimental/i });
  const signal = () => AbortSignal.timeout(deadlineMs);

  async function again<T>(what: 'query' | 'commit', once: () => Promise<T>): Promise<SanityResult<T>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return { ok: true, value: await once() };
      } catch (error) {
        const { failure, retryAfterMs } = failureOf(error, what);
        const harmless = failure.kind === 'rate_limited' || failure.kind === 'unavailable';
        if (!harmless || attempt >= TRIES) return failure;
        await pause(Math.min(retryAfterMs ?? 250 * 2 ** attempt * (0.5 + Math.random()), LONGEST_PAUSE_MS));
      }
    }
  }

  return {
    query: ({ groq, params }, { semantic = false } = {}) =>
      again('query', async (): Promise<unknown> => {
        const answer: unknown = await (semantic ? experimental : client).fetch(groq, params, {
          perspective: 'published',
          signal: signal(),
        });
        return answer;
      }),
    commit: (mutations) =>
      again('commit', async () => {
        const answer: unknown = await client.request({
          method: 'POST',
          url: `/data/mutate/${account.dataset}`,
          query: { returnIds: 'true', visibility: 'sync' },
          body: { mutations },
          maxRedirects: 0,
          signal: signal(),
        });
        const id =
          typeof answer === 'object' && answer && 'transactionId' in answer ? answer.transactionId : null;
        if (typeof id !== 'string') throw new TypeError('the answer names no transaction');
        return { transactionId: id };
      }),
  };
}

/** What an error means for the request. It quotes only Sanity's own description, and not all of it. */
function failureOf(
  error: unknown,
  what: 'query' | 'commit',
): { failure: SanityFailure; retryAfterMs: number | null } {
  if (!isHttpError(error)) {
    // A query can be repeated without harm. A mutation without an answer may have been done.
    const kind = what === 'query' ? 'unavailable' : 'unknown';
    return {
      failure: { ok: false, kind, status: null, reason: `Sanity did not answer: ${whyUnreachable(error)}` },
      retryAfterMs: null,
    };
  }
  const status = error.statusCode;
  const [said = ''] = error.message.split('\n');
  // What has angle brackets is a proxy's page, and nobody's words.
  const reason = `Sanity answered ${status}${/[<>]/.test(said) ? '' : `: ${cut(said, 200)}`}`;
  return {
    failure: { ok: false, kind: kindOf(status, what), status, reason },
    retryAfterMs: toldPause(new Headers(error.response.headers), status, Date.now()),
  };
}

function kindOf(status: number, what: 'query' | 'commit'): SanityFailure['kind'] {
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 409) return 'conflict';
  if (status === 429) return 'rate_limited';
  if (status < 500) return 'refused';
  return what === 'query' ? 'unavailable' : 'unknown';
}
