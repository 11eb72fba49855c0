// Turns route tables into HTTP: who may call, does the input parse, what goes back. It must never know a subject.
// The permission stands beside each route: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { authenticate, type Need, refuseUnless } from './auth.ts';
import { type Actor, type Forge, hold, NOBODY } from './forge.ts';
import { commonHeaders, refuseVersion } from './headers.ts';
import { contract, signatureOf } from './openapi/contract.ts';
import { missing, type Reply, refuse } from './reply.ts';

export type Call<Input> = {
  actor: Actor;
  params: Record<string, string>;
  number: number; // the :number of the path
  input: Input; // body, or query of a GET
  url: URL;
  raw: boolean; // asked for bytes: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
};
type Handler<Input> = (forge: Forge, call: Call<Input>) => Reply | Promise<Reply>;
export type Route = { method: string; path: string; need: Need; handle: Handler<unknown> };

export const REPO = '/repos/:owner/:repo';
export const ANY = z.unknown();
const VERSION = 'x-github-api-version';

/** One endpoint ('GET /path'): what it needs, what it takes (body, or query of a GET), what it does. */
export function route<Schema extends z.ZodType>(
  signature: string,
  need: Need,
  schema: Schema,
  handle: Handler<z.infer<Schema>>,
): Route {
  const [method = '', path = ''] = signature.split(' ');
  const parseAndHandle: Handler<unknown> = (forge, call) => {
    const { success, data, error } = schema.safeParse(call.input);
    if (success) return handle(forge, { ...call, input: data });
    const errors = error.issues.map(({ path: at, message }) => ({
      resource: 'Request',
      code: 'custom',
      field: at.join('.'),
      message,
    }));
    return refuse(422, 'Validation Failed', errors);
  };
  return { method, path, need, handle: parseAndHandle };
}

/** One page of a list, with the Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function page<T>(
  { url }: Call<unknown>,
  all: T[],
  wrap: (items: T[]) => unknown = (some) => some,
): Reply {
  const asked = (name: string, fallback: number) =>
    Math.max(Number(url.searchParams.get(name)) || fallback, 1);
  const size = Math.min(asked('per_page', 30), 100);
  const current = asked('page', 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const targets = { prev: current - 1, first: 1, next: current + 1, last };
  const link = Object.entries(targets)
    .filter(([rel]) => (rel === 'prev' || rel === 'first' ? current > 1 : current < last))
    .map(([rel, number]) => {
      const target = new URL(url);
      target.searchParams.set('page', `${number}`);
      return `<${target}>; rel="${rel}"`;
    });
  const body = wrap(all.slice((current - 1) * size, current * size));
  return { status: 200, body, headers: link.length > 0 ? { link: link.join(', ') } : {} };
}

/** Serves the routes under the API's path and keeps the record of every call. */
export function mount(site: Hono, forge: Forge, routes: Route[]): void {
  const { pathname } = new URL(forge.urls.api);
  const serve = (found?: Route) => async (context: Context) => {
    const { method, path } = context.req;
    const who = await authenticate(forge, context.req.header('authorization'));
    const actor = who.ok ? who.actor : NOBODY;
    const short = path.slice(pathname.length);
    const free = short === '/rate_limit' || !who.ok;
    const refused = free ? undefined : forge.meter.charge(actor, method, short, Date.now());
    const reply = who.ok ? (refused ?? (await answer(forge, actor, context, found))) : who.reply;
    hold(forge, faultOf(reply, found));
    const response = respond(reply, context.req.header('if-none-match'));
    if (response.status === 304) forge.meter.refund(actor);
    forge.calls.push({ method, path: short, status: response.status, actor: actor.login, at: Date.now() });
    const asked = { accept: context.req.header('accept'), version: context.req.header(VERSION) };
    const common = commonHeaders(response.status, { ...asked, known: actor.kind !== 'nobody' }, found?.need);
    for (const [name, value] of Object.entries({ ...common, ...forge.meter.headers(actor, Date.now()) }))
      response.headers.set(name, value);
    return response;
  };
  for (const found of routes) site.on(found.method, pathname + found.path, serve(found));
  site.all(`${pathname}/*`, serve());
}

async function answer(forge: Forge, actor: Actor, { req }: Context, found?: Route): Promise<Reply> {
  if (!found) return refuse(404, `Not Found (the sandbox does not answer ${req.method} ${req.path})`);
  const { owner, repo } = forge.options;
  const refused = refuseVersion(req.header(VERSION)) ?? refuseUnless(actor, found.need);
  if (refused) return refused;
  const params: Record<string, string> = req.param();
  const named = `${params['owner'] ?? owner}/${params['repo'] ?? repo}`; // names ignore case
  if (named.toLowerCase() !== `${owner}/${repo}`.toLowerCase()) return missing;
  const input = req.method === 'GET' ? req.query() : parseJson(await req.text());
  if (input === undefined) return refuse(400, 'Problems parsing JSON');
  const wrong = contract().request(signatureOf(found.method, found.path), req.query(), input);
  if (wrong) return refuse(422, wrong);
  const raw = /\braw\b/.test(req.header('accept') ?? '');
  return found.handle(forge, {
    actor,
    params,
    number: Number(params['number']),
    input,
    url: new URL(req.url),
    raw,
  });
}

/** What GitHub's description says against an answer, if it is one of JSON. */
function faultOf({ status, body, headers }: Reply, found?: Route): string | undefined {
  if (!found || typeof body === 'string' || Buffer.isBuffer(body)) return undefined;
  return contract().response(signatureOf(found.method, found.path), status, body, headers);
}

/** Answers; with 304 when the caller has it already. https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate */
function respond({ status, body, headers = {} }: Reply, has: string | undefined): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) {
    const text = JSON.stringify(body);
    const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    if (status === 200 && has === etag) return new Response(null, { status: 304, headers: { etag } });
    const type = 'application/json; charset=utf-8';
    return new Response(text, { status, headers: { etag, 'content-type': type, ...headers } });
  }
  const bytes = typeof body === 'string' ? body : Uint8Array.from(body);
  return new Response(bytes, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  });
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
