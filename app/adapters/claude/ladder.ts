// The brain: asks Claude for a plan, checks the shape of the answer, and asks the next model of the ladder when one fails.
// Must never give a model a tool or a second repair. Its answer is only data, and the policy judges it.

import { randomBytes } from 'node:crypto';
import { type Answer, readAnswer } from '#core/proposal/model/answer';
import { type Failure, readMessage } from '#core/proposal/model/answer-message';
import { addTokens, costOf, NO_TOKENS, type Tokens } from '#core/proposal/model/models';
import {
  givenBy,
  type Incoming,
  type Knowledge,
  LIMITS,
  question,
  repair,
  TIGHT_LIMITS,
} from '#core/proposal/model/question';
import { cut } from '#core/text/cut';
import { call, type Limits } from './call.ts';
import type { ClaudeClient } from './client.ts';

/** What the calls of a step cost. `usd` is null when a model's price is not known. */
export type Spent = { calls: number; tokens: Tokens; usd: number | null };
type Consulted = { model: string; request: string | null; stop: string | null; spent: Spent } & (
  | { ok: true; answer: Answer; truncated: string[] }
  | { ok: false; code: Failure; reason: string }
);
export type Laddered = Consulted & {
  /** Why another model than the first answered. Null: the first answered. */
  fallback: { model: string; code: Failure; reason: string; request: string | null } | null;
};

const TOKENS = { first: 16_000, second: 21_000 }; // above 21,333 the SDK wants a stream
export const CALL_MS = 180_000;
export const TOTAL_MS = 540_000;
/** Failures that would come again with another model of the same account. */
const hopeless: readonly Failure[] = ['unauthorized', 'credentials', 'base_url', 'deadline'];

const NOTHING_SPENT: Spent = { calls: 0, tokens: NO_TOKENS, usd: 0 };

export function addSpent(a: Spent, b: Spent): Spent {
  const usd = a.usd === null || b.usd === null ? null : Math.round((a.usd + b.usd) * 10_000) / 10_000;
  return { calls: a.calls + b.calls, tokens: addTokens(a.tokens, b.tokens), usd };
}

/**
 * Asks each model once, in order, until one answers. The last is waited for longest, since nobody is asked after it. `spent`
 * is what all of them cost.
 */
export async function consultLadder(
  client: ClaudeClient,
  models: readonly [string, ...string[]],
  knowledge: Knowledge,
  incoming: Incoming,
  limits: Limits,
): Promise<Laddered> {
  const { patienceMs, lastMs = patienceMs } = limits;
  const last = { ...limits, ...(lastMs === undefined ? {} : { patienceMs: lastMs }) };
  const [first, ...others] = models;
  let result = await consult(client, first, knowledge, incoming, others.length === 0 ? last : limits);
  const failed = result.ok
    ? null
    : { model: first, code: result.code, reason: result.reason, request: result.request };
  for (const [index, model] of others.entries()) {
    if (result.ok || hopeless.includes(result.code)) break;
    const within = index === others.length - 1 ? last : limits;
    const next = await consult(client, model, knowledge, incoming, within);
    result = { ...next, spent: addSpent(result.spent, next.spent) };
  }
  return { ...result, fallback: failed };
}

/** One model: the question, at most one longer try, at most one shorter question, at most one repair. */
export async function consult(
  client: ClaudeClient,
  model: string,
  knowledge: Knowledge,
  incoming: Incoming,
  limits: Limits,
): Promise<Consulted> {
  const given = givenBy(knowledge, incoming);
  let spent = NOTHING_SPENT;
  let maxTokens = TOKENS.first;
  let size = LIMITS;
  let mend: { answer: string; issues: string[] } | null = null;
  for (;;) {
    const asked = question(knowledge, incoming, boundary(), size);
    const mended = mend ? repair(mend.answer, mend.issues, boundary()) : null;
    if (!asked.ok) throw new Error(asked.reason);
    if (mended && !mended.ok) throw new Error(mended.reason);
    const { rules, knowledge: trusted, incident, truncated } = asked.question;
    const user = mended ? [incident, mended.text] : [incident];
    const called = await call(client, { model, maxTokens, rules, knowledge: trusted, user }, limits);
    const { request } = called;
    spent = addSpent(spent, { ...NOTHING_SPENT, calls: called.calls });
    if (!called.ok)
      return { ok: false, code: called.code, reason: called.reason, model, request, stop: null, spent };
    const message = readMessage(called.body, model);
    spent = addSpent(spent, { calls: 0, tokens: message.tokens, usd: costOf(message.model, message.tokens) });
    const read = message.ok ? readAnswer(message.text, given) : null;
    const delivered = { model: message.model, request, stop: message.stop, spent };
    if (read?.ok) return { ok: true, answer: read.answer, truncated, ...delivered };
    const { code, reason } = message.ok
      ? { code: read?.code ?? 'shape', reason: `the answer broke its schema: ${read?.issues.join('; ')}` }
      : message;
    if (code === 'truncated' && maxTokens === TOKENS.first) maxTokens = TOKENS.second;
    else if (code === 'context_exceeded' && size === LIMITS) size = TIGHT_LIMITS;
    else if (mend === null && ['blocks', 'not_json', 'shape'].includes(code))
      mend = { answer: message.ok ? message.text : '', issues: read?.issues ?? [reason] };
    else return { ok: false, code, reason: cut(reason, 400), ...delivered };
  }
}

const boundary = (): string => randomBytes(18).toString('hex');
