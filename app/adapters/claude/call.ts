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
import { toldPause } from '#core/text/told-pause';
import { whyUnreachable } from '#core/text/unreachable';
import type { ClaudeClient } from './client.ts';

export type Limits = {
  /** Milliseconds for one call, body included. */
  callMs: number;
  /** After this time (Unix milliseconds) nothing is sent any more. */
  until: number;
  /** How often a call is repeated that was not answered within `callMs`. With 0 nothing is repeated, whatever fails. */
  retries: number;
  /** How long a service that is overloaded, broken or not to be reached is asked again; calls and pauses count. */
  patienceMs?: number;
  /** The same for the last model of a ladder, after which nobody is asked. */
  lastMs?: number;
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
  /** `away`: it may pass by itself, often within seconds. `late`: every further try costs minutes. */
  again: 'never' | 'away' | 'late';
  waitMs: number | null;
};

/** Overloads pass after tens of seconds: https://github.com/anthropics/claude-code/issues/3633 */
export const PATIENCE_MS = 120_000;
const MOST_PAUSE_MS = 30_000;
/** A service that asks for pauses of milliseconds is not asked for ever. */
const MOST_CALLS = 40;

const { type, schema } = zodOutputFormat(Answer);
/** The schema as it is sent. It is static, so that the service compiles it only once. */
const FORMAT = { type, schema };
export const SCHEMA_SHA256 = sha256(canonical(schema));
const cached = { cache_control: { type: 'ephemeral' as const } };

/** Asks until there is an answer, a reason that will stay, or no time left. `calls` counts the requests that were sent. */
export async function call(client: ClaudeClient, asked: Call, limits: Limits): Promise<Called> {
  const { until, retries, patienceMs = PATIENCE_MS } = limits;
  let [awayMs, late] = [0, 0];
  for (let calls = 1; ; calls++) {
    const began = Date.now();
    const left = until - began;
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
    const { code, reason, request, again } = problem;
    if (again === 'late') late += 1;
    else awayMs += Date.now() - began;
    const enough = again === 'late' ? late > retries : awayMs >= patienceMs || calls >= MOST_CALLS;
    if (again === 'never' || retries === 0 || enough) return { ok: false, code, reason, calls, request };
    const backOff = Math.min(500 * 2 ** (calls - 1), MOST_PAUSE_MS);
    const wait = problem.waitMs ?? backOff * (0.75 + Math.random() / 4);
    if (Date.now() + wait >= until) {
      const short = `${reason}; no time to wait ${Math.ceil(wait / 1000)} s`;
      return { ok: false, code, reason: short, calls, request };
    }
    await limits.pause(wait);
    if (again === 'away') awayMs += wait;
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
  if (late) return { ...plain, code: 'timeout', reason: 'the model did not answer in time', again: 'late' };
  if (error instanceof WorkloadIdentityError) {
    const away = error.statusCode === null || error.statusCode >= 500;
    const reason = `the exchange of the job’s identity failed (${error.statusCode ?? 'no answer'})`;
    const { requestId: request } = error;
    return away
      ? { ...plain, request, code: 'unreachable', reason, again: 'away' }
      : { ...plain, request, code: 'credentials', reason, again: 'never' };
  }
  if (error instanceof APIConnectionError) {
    // A redirect is refused by the client itself, and stays one.
    const again = /\bredirect\b/.test(whyUnreachable(error)) ? 'never' : 'away';
    return { ...plain, code: 'unreachable', reason: 'the model’s service could not be reached', again };
  }
  if (!(error instanceof APIError) || error.status === undefined) {
    const what = error instanceof Error ? error.name : 'an error';
    return { ...plain, code: 'unreachable', reason: `the call failed (${what})`, again: 'away' };
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
    again: !spent && ([408, 409, 429].includes(status) || status >= 500) ? 'away' : 'never',
    waitMs: toldPause(headers, status, Date.now()),
  };
}
