// Claude's Messages API on this machine, with the real one's rules, errors and headers. What it answers comes from mind.ts,
// or from a script of misbehaviour that a test hands in. It must never accept a request without its own credential.
import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';
import { listen } from '../listen.ts';
import { answerTo } from './mind.ts';
import { blocks, errorBody, MessagesRequest, MODELS, objection, VERSION } from './rules.ts';

/** One scripted answer, used once: a message that differs in these parts, a whole response, or none at all. */
export type Misbehaviour =
  | { message: Record<string, unknown> }
  | { status: number; body?: string; headers?: Record<string, string> }
  | { hang: true }
  | { reset: true };
export type FederationRule = {
  id: string;
  organization: string;
  issuer: string | (() => string); // asked when a token comes: the issuer may start later
  audience: string;
  claims: Readonly<Record<string, string>>;
};
export type ClaudeOptions = { key: string; federation?: FederationRule };
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
/** Prefixes shorter than this are not cached: the smallest minimum of the real models. */
const CACHE_MINIMUM = 512;
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

export async function startClaude(options: ClaudeOptions): Promise<Claude> {
  const received: Received[] = [];
  const script: Misbehaviour[] = [];
  const minted = new Map<string, number>();
  const cache = new Set<string>();
  const app = new Hono();
  const fail = (status: number, message: string): Response => {
    const id = `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    const headers = { 'content-type': 'application/json', 'request-id': id };
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
    const capabilities = { structured_outputs: { supported: true }, effort: { supported: true } };
    const limits = { max_input_tokens: 1_000_000, max_tokens: 128_000 };
    return c.json({
      type: 'model',
      id,
      display_name: id,
      lifecycle: 'active',
      retires_at: null,
      ...limits,
      capabilities,
    });
  });

  app.post('/v1/messages', async (c) => {
    const step = script.shift();
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
      const answer = fail(step.status, 'as the script says');
      const headers = { ...Object.fromEntries(answer.headers), ...step.headers };
      return new Response(step.body ?? answer.body, { status: step.status, headers });
    }
    const message = messageOf(request, cache, step?.message ?? {});
    c.header('request-id', `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`);
    return c.json(message);
  });

  const server = await listen(app);
  return { ...server, received, script: (...steps) => void script.push(...steps) };
}

function messageOf(request: MessagesRequest, cache: Set<string>, parts: Record<string, unknown>): object {
  const prompt = blocks(request);
  const upTo = (end: number): string =>
    [request.model, ...prompt.slice(0, end).map(({ text }) => text)].join('\n');
  const prefixes = prompt
    .flatMap((block, index) => (block.cache_control ? [upTo(index + 1)] : []))
    .filter((prefix) => tokensOf(prefix) >= CACHE_MINIMUM);
  const read = Math.max(0, ...prefixes.filter((prefix) => cache.has(prefix)).map(tokensOf));
  const whole = Math.max(0, ...prefixes.map(tokensOf));
  for (const prefix of prefixes) cache.add(prefix);
  const answer = answerTo(request);
  return {
    ...{ id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model: request.model },
    content: [{ type: 'text', text: answer, citations: null }],
    ...{ stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
    usage: {
      input_tokens: tokensOf(upTo(prompt.length)) - whole,
      cache_creation_input_tokens: whole - read,
      cache_read_input_tokens: read,
      output_tokens: tokensOf(answer),
    },
    ...parts,
  };
}
