// Turns route tables into HTTP: who may call, does the input parse, what goes back. It must never know a subject.
// The permission stands beside each route: https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
import type { Hono } from 'hono';
import type * as z from 'zod';
import { authenticate, type Need, refuseUnless } from './auth.ts';
import type { Actor, Forge } from './forge.ts';

export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };
export type Call<Input> = {
  actor: Actor;
  params: Record<string, string>;
  number: number; // the :number of the path
  input: Input; // body, or query of a GET
  url: URL;
  raw: boolean; // asked for bytes: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
};
export type Route = {
  method: string;
  path: string;
  need: Need;
  handle: (forge: Forge, call: Call<unknown>) => Promise<Reply>;
};

export const REPO = '/repos/:owner/:repo';
const DOCS = 'https://docs.github.com/rest';

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const nothing: Reply = { status: 204 };
export function refuse(status: number, message: string, errors?: unknown[]): Reply {
  return {
    status,
    body: { message, ...(errors ? { errors } : {}), documentation_url: DOCS, status: `${status}` },
  };
}
export const missing = refuse(404, 'Not Found');

/** One endpoint: what it needs, what it takes (body, or query of a GET), what it does. */
export function route<Schema extends z.ZodType>(
  signature: string, // 'GET /path'
  need: Need,
  schema: Schema,
  handle: (forge: Forge, call: Call<z.infer<Schema>>) => Reply | Promise<Reply>,
): Route {
  const [method = '', path = ''] = signature.split(' ');
  return {
    method,
    path,
    need,
    async handle(forge, call) {
      const parsed = schema.safeParse(call.input);
      if (parsed.success) return await handle(forge, { ...call, input: parsed.data });
      const errors = parsed.error.issues.map((i) => ({
        code: 'invalid',
        field: i.path.join('.'),
        message: i.message,
      }));
      return refuse(
        422,
        `Validation Failed: ${errors.map((e) => `${e.field} ${e.message}`).join('; ')}`,
        errors,
      );
    },
  };
}

/** One page of a list, with the Link header: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function page<T>(
  call: Call<unknown>,
  all: T[],
  wrap: (items: T[]) => unknown = (items) => items,
): Reply {
  const size = Math.min(Math.max(Number(call.url.searchParams.get('per_page') ?? 30) || 30, 1), 100);
  const current = Math.max(Number(call.url.searchParams.get('page') ?? 1) || 1, 1);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const link = (number: number, rel: string) => {
    const url = new URL(call.url);
    url.searchParams.set('page', `${number}`);
    return `<${url}>; rel="${rel}"`;
  };
  const links = [
    ...(current > 1 ? [link(current - 1, 'prev'), link(1, 'first')] : []),
    ...(current < last ? [link(current + 1, 'next'), link(last, 'last')] : []),
  ];
  const body = wrap(all.slice((current - 1) * size, current * size));
  return { status: 200, body, ...(links.length ? { headers: { link: links.join(', ') } } : {}) };
}

/** Serves the routes and keeps the record of every call. */
export function mount(app: Hono, forge: Forge, routes: Route[]): void {
  const { options } = forge;
  const here = new URL(forge.urls.api).pathname;
  const perform = async (
    actor: Actor,
    path: string,
    request: Request,
    found?: Route,
    params = {},
  ): Promise<Reply> => {
    if (!found) return refuse(404, `Not Found (the sandbox does not answer ${request.method} ${path})`);
    const refused = refuseUnless(actor, found.need);
    if (refused) return refused;
    const { owner, repo, number }: Record<string, string> = params;
    if (
      `${owner ?? options.owner}/${repo ?? options.repo}`.toLowerCase() !==
      `${options.owner}/${options.repo}`.toLowerCase()
    )
      return missing;
    const url = new URL(request.url);
    url.host = new URL(forge.urls.api).host;
    const text = found.method === 'GET' ? '' : await request.text();
    const input = found.method === 'GET' ? Object.fromEntries(url.searchParams) : parseJson(text);
    if (input === undefined) return refuse(400, 'Problems parsing JSON');
    const raw = /\braw\b/.test(request.headers.get('accept') ?? '');
    return found.handle(forge, { actor, params, number: Number(number), input, url, raw });
  };
  const serve =
    (found?: Route) => async (context: { req: { raw: Request; path: string; param(): object } }) => {
      const { req } = context;
      const who = await authenticate(forge, req.raw.headers.get('authorization'));
      const path = req.path.slice(here.length);
      const reply =
        'refused' in who ? who.refused : await perform(who.actor, path, req.raw, found, req.param());
      const actor = 'refused' in who ? 'nobody' : who.actor.login;
      forge.calls.push({ method: req.raw.method, path, status: reply.status, actor, at: Date.now() });
      return respond(reply);
    };
  for (const found of routes) app.on(found.method, here + found.path, serve(found));
  app.all(`${here}/*`, serve());
}

function respond({ status, body, headers = {} }: Reply): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body === 'string' || body instanceof Uint8Array)
    return new Response(typeof body === 'string' ? body : Uint8Array.from(body), {
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
    });
  return Response.json(body, { status, headers });
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
