// Claude's Messages API on this machine, with the real one's rules, errors and headers. What it answers comes from mind.ts,
// or from a script of misbehaviour that a test hands in. It must never accept a request without its own credential.
import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';
import { listen } from '../listen.ts';
import { type Limits, meter, TIER_2 } from './limits.ts';
import { messageOf, promptTokens } from './message.ts';
import { infoOf, MODELS, MOST_INPUT } from './models.ts';
import { errorBody, MessagesRequest, MOST_BYTES, objection, VERSION, words } from './rules.ts';

/**
 * One scripted answer, used once: a message that differs in these parts, a whole response, or none at all. A response with
 * `seconds` is given to every request for so long, from the first one on.
 */
export type Misbehaviour =
  | { message: Record<string, unknown> }
  | { status: number; body?: string; headers?: Record<string, string>; seconds?: number }
  | { hang: true }
  | { reset: true };
export type FederationRule = {
  id: string;
  organization: string;
  issuer: string | (() => string); // asked when a token comes: the issuer may start later
  audience: string;
  claims: Readonly<Record<string, string>>;
};
export type ClaudeOptions = { key: string; federation?: FederationRule; limits?: Limits };
export type Received = { path: string; headers: Record<string, string>; body: string };
export type Claude = {
  url: string;
  /** Every request, the newest last. */
  received: Received[];
  /** What the next messages answer, one each; then it behaves again. */
  script(...steps: Misbehaviour[]): void;
  close(): Promise<void>;
};

const TOKEN_SECONDS = 600;
const ORGANIZATION = '5b0c8a52-6d1f-4f0e-9a5e-000000000000';
const requestId = (): string => `req_011${randomUUID().replaceAll('-', '').slice(0, 21)}`;

export async function startClaude(options: ClaudeOptions): Promise<Claude> {
  const received: Received[] = [];
  const script: Misbehaviour[] = [];
  let lasts: { step: Misbehaviour; until: number } | null = null;
  const nextStep = (): Misbehaviour | undefined => {
    if (lasts && lasts.until > Date.now()) return lasts.step;
    const step = script.shift();
    const seconds = step && 'status' in step ? (step.seconds ?? 0) : 0;
    lasts = step && seconds > 0 ? { step, until: Date.now() + seconds * 1000 } : null;
    return step;
  };
  const minted = new Map<string, number>();
  const cache = new Set<string>();
  const app = new Hono();
  const charge = meter(options.limits ?? TIER_2);
  const common = (id: string) => ({
    'request-id': id,
    'anthropic-organization-id': options.federation?.organization ?? ORGANIZATION,
  });
  const fail = (status: number, message: string, more: Record<string, string> = {}): Response => {
    const id = requestId();
    const headers = { 'content-type': 'application/json', ...common(id), ...more };
    return new Response(JSON.stringify(errorBody(status, message, id)), { status, headers });
  };

  app.use(async (c, next) => {
    received.push({ path: c.req.path, headers: c.req.header(), body: await c.req.raw.clone().text() });
    await next();
  });

  app.post('/v1/oauth/token', async (c) => {
    const betas = (c.req.header('anthropic-beta') ?? '').split(',');
    const given = await c.req.json<Record<string, unknown>>().catch(() => null);
    const rule = options.federation;
    const refused = (description: string) =>
      c.json({ error: 'invalid_grant', error_description: description }, 401);
    if (!betas.includes('oidc-federation-2026-04-01'))
      return c.json({ error: 'invalid_request', error_description: 'the beta header is missing' }, 400);
    if (given?.['grant_type'] !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return c.json({ error: 'unsupported_grant_type' }, 400);
    if (!rule || given['federation_rule_id'] !== rule.id || given['organization_id'] !== rule.organization)
      return refused('no such federation rule');
    const { audience } = rule;
    const issuer = typeof rule.issuer === 'string' ? rule.issuer : rule.issuer();
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`));
    const proven = await jwtVerify(String(given['assertion']), keys, {
      issuer,
      audience,
      algorithms: ['RS256'],
    }).catch(() => null);
    if (!proven) return refused('the assertion is not valid');
    if (Object.entries(rule.claims).some(([name, value]) => proven.payload[name] !== value))
      return refused('the assertion does not match the rule');
    const token = `sk-ant-oat01-${randomUUID()}`;
    minted.set(token, Date.now() + TOKEN_SECONDS * 1000);
    return c.json({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_SECONDS });
  });

  app.use('/v1/*', async (c, next) => {
    const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    const known = bearer === options.key || (minted.get(bearer) ?? 0) > Date.now();
    if (!known) return fail(401, 'invalid bearer token');
    if (c.req.header('anthropic-version') !== VERSION)
      return fail(400, `anthropic-version: "${VERSION}" is required`);
    return next();
  });

  app.get('/v1/models/:id', (c) => {
    const id = c.req.param('id');
    if (!MODELS.includes(id)) return fail(404, `model: ${id}`);
    return c.json(infoOf(id), 200, common(requestId()));
  });

  const tooLarge = () => fail(413, 'Request exceeds the maximum size');
  app.post('/v1/messages', bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge }), async (c) => {
    const step = nextStep();
    if (step && 'hang' in step) return new Promise<Response>(() => undefined);
    if (step && 'reset' in step) {
      (c.env as HttpBindings).incoming.socket.destroy();
      return new Promise<Response>(() => undefined);
    }
    const parsed = MessagesRequest.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) return fail(400, z.prettifyError(parsed.error).slice(0, 500));
    const request = parsed.data;
    const wrong = objection(request);
    if (wrong) return fail(400, wrong);
    if (!MODELS.includes(request.model)) return fail(404, `model: ${request.model}`);
    if (step && 'status' in step) {
      const after: Record<string, string> = step.status === 429 ? { 'retry-after': '1' } : {};
      const answer = fail(step.status, words[step.status] ?? 'as the script says', step.headers ?? after);
      return step.body === undefined ? answer : new Response(step.body, answer);
    }
    const { message, prefixes } = messageOf(request, cache, step?.message ?? {});
    const tokens = promptTokens(message.usage);
    if (tokens > MOST_INPUT) return fail(400, `prompt is too long: ${tokens} tokens > ${MOST_INPUT} maximum`);
    const { headers, refused } = charge(message);
    if (refused) return fail(429, refused, headers);
    for (const prefix of prefixes) cache.add(prefix);
    return c.json(message, 200, { ...common(requestId()), ...headers });
  });
  app.notFound(() => fail(404, 'Not Found'));

  const server = await listen(app);
  return { ...server, received, script: (...steps) => void script.push(...steps) };
}
