// One question over HTTP, with safe retries, a time limit for each call and one for all of them. The SDK's own retries are
// off, because they have no total limit and the SDK's time-out ends when the headers come.
// Must never put the question, the answer or a credential into a reason.

import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { WorkloadIdentityError } from '@anthropic-ai/sdk/lib/credentials/types';
import { Answer } from '#core/proposal/model/answer';
import type { Failure } from '#core/proposal/model/answer-message';
import { cut } from '#core/text/cut';
import { canonical, sha256 } from '#core/text/hash';
import type { ClaudeClient } from './client.ts';

export type Limits = {
  /** Milliseconds for one call, body included. */
  callMs: number;
  /** After this time (Unix milliseconds) nothing is sent any more. */
  until: number;
  retries: number;
  pause: (ms: number) => Promise<unknown>;
};
export type Call = {
  model: string;
  maxTokens: number;
  rules: string;
  knowledge: string;
  user: readonly string[];
};
type Called = { calls: number; request: string | null } & (
  | { ok: true; body: unknown }
  | { ok: false; code: Failure; reason: string }
);
type Problem = {
  code: Failure;
  reason: string;
  request: string | null;
  again: boolean;
  waitMs: number | null;
};

const { type, schema } = zodOutputFormat(Answer);
/** The schema as it is sent. It is static, so that the service compiles it only once. */
const FORMAT = { type, schema };
export const SCHEMA_SHA256 = sha256(canonical(schema));
const cached = { cache_control: { type: 'ephemeral' as const } };

/** Asks until there is an answer, a reason that will stay, or no time left. `calls` counts the requests that were sent. */
export async function call(client: ClaudeClient, asked: Call, limits: Limits): Promise<Called> {
  for (let calls = 1; ; calls++) {
    const left = limits.until - Date.now();
    if (left <= 0)
      return { ok: false, code: 'deadline', reason: 'no time was left', calls: calls - 1, request: null };
    const signal = AbortSignal.timeout(Math.max(1, Math.min(limits.callMs, left)));
    let problem: Problem;
    try {
      const response = await client.messages
        .create(parameters(asked), { timeout: limits.callMs, signal })
        .asResponse();
      const request = response.headers.get('request-id');
      const text = await response.text();
      return { ok: true, calls, request, body: json(text) };
    } catch (error) {
      problem = problemOf(error, signal.aborted);
    }
    const { code, reason, request } = problem;
    const wait = problem.waitMs ?? 500 * 2 ** (calls - 1) * (0.75 + Math.random() / 4);
    if (!problem.again || calls > limits.retries) return { ok: false, code, reason, calls, request };
    if (Date.now() + wait >= limits.until)
      return {
        ok: false,
        code,
        reason: `${reason}; no time to wait ${Math.ceil(wait / 1000)} s`,
        calls,
        request,
      };
    await limits.pause(wait);
  }
}

function parameters({ model, maxTokens, rules, knowledge, user }: Call) {
  return {
    model,
    max_tokens: maxTokens,
    // Two marks: the rules are the same for every incident, the knowledge for every incident of one service. A prefix below
    // the model's minimum (512 to 4,096 tokens) is not cached, without notice; the usage in the ledger shows it.
    system: [
      { type: 'text' as const, text: rules, ...cached },
      { type: 'text' as const, text: knowledge, ...cached },
    ],
    messages: [{ role: 'user' as const, content: user.map((text) => ({ type: 'text' as const, text })) }],
    output_config: { format: FORMAT, effort: 'high' as const },
  };
}

/** A body that is not JSON stays text. The decision table has a name for it. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}

const codes: Readonly<Record<number, Failure>> = {
  400: 'bad_request',
  401: 'unauthorized',
  402: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  429: 'rate_limited',
  529: 'overloaded',
};

/** https://platform.claude.com/docs/en/api/errors */
function problemOf(error: unknown, late: boolean): Problem {
  const plain = { request: null, waitMs: null };
  if (late) return { ...plain, code: 'timeout', reason: 'the model did not answer in time', again: true };
  if (error instanceof WorkloadIdentityError) {
    const again = error.statusCode === null || error.statusCode >= 500;
    const reason = `the exchange of the job’s identity failed (${error.statusCode ?? 'no answer'})`;
    return { ...plain, request: error.requestId, code: again ? 'unreachable' : 'credentials', reason, again };
  }
  if (error instanceof APIConnectionError)
    return { ...plain, code: 'unreachable', reason: 'the model’s service could not be reached', again: true };
  if (!(error instanceof APIError) || error.status === undefined) {
    const what = error instanceof Error ? error.name : 'an error';
    return { ...plain, code: 'unreachable', reason: `the call failed (${what})`, again: true };
  }
  const { status, headers } = error;
  const spent = error.errorCode === 'enforced_spend_limit_reached';
  // What has angle brackets is a gateway's page, and nobody's words.
  const told = [error.type, error.errorCode, cut(error.apiMessage ?? '', 160)]
    .filter((text) => text && !/[<>]/.test(text))
    .join(': ');
  return {
    code: codes[status] ?? (status >= 500 ? 'server_error' : 'bad_request'),
    reason: `the service answered ${status}${told === '' ? '' : ` ${told}`}`,
    request: error.requestID ?? null,
    again: !spent && ([408, 409, 429].includes(status) || status >= 500),
    waitMs: askedToWait(headers),
  };
}

function askedToWait(headers: Headers | undefined): number | null {
  const exact = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (exact > 0) return exact;
  const after = headers?.get('retry-after') ?? '';
  const seconds = /^\d+(\.\d+)?$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  return seconds > 0 ? seconds * 1000 : null;
}
