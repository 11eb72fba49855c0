// What stands before every call of Coder's API: version, rate limit, token and scope, and answers that a test ordered instead.
// It must judge a scoped token as Coder does: by 404, as if nothing were there.
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export const version = 'v2.36.0+sandbox';
const minute = 60_000;
/** An answer given instead of the API's own. `html` is what a proxy says; `body` is JSON. */
export type Planned = {
  path: RegExp;
  method?: string;
  status: number;
  html?: string;
  body?: object;
  times: number;
};
export type Told = { method: string; path: string; status: number; body: unknown };
export type Front = {
  token: string;
  /** A second token with nothing but `coder:workspaces.create` and `.delete`. */
  scopedToken?: string;
  perMinute: number;
  planned: Planned[];
  /** Hears every JSON answer. */
  told?: (answer: Told) => void;
};
type Validation = { field: string; detail: string };

export const fail = (
  c: Context,
  status: ContentfulStatusCode,
  message: string,
  more: { detail?: string; validations?: Validation[] } = {},
) => c.json({ message, ...more }, status);
export const hidden = (c: Context) =>
  fail(c, 404, 'Resource not found or you do not have access to this resource');

const same = (given: string, token: string | undefined) =>
  token !== undefined &&
  given.length === token.length &&
  timingSafeEqual(Buffer.from(given), Buffer.from(token));
/** What a token of the two workspace scopes may not see. */
const closedToScoped = /^\/(users\/[^/]+$|organizations\/|templates\/)/;

export function coderFront({ token, scopedToken, perMinute, planned, told }: Front): Hono {
  const app = new Hono();
  const asked = new Map<string, number[]>();
  app.use('/api/v2/*', async (c, next) => {
    await next();
    if (!told || !c.res.headers.get('content-type')?.includes('json')) return;
    const path = c.req.path.slice('/api/v2'.length);
    told({ method: c.req.method, path, status: c.res.status, body: await c.res.clone().json() });
  });
  app.use('/api/v2/*', async (c, next) => {
    const plan = planned.find(
      ({ path, method, times }) =>
        times > 0 && path.test(c.req.path) && (method ?? c.req.method) === c.req.method,
    );
    if (!plan) return next();
    plan.times -= 1;
    const status = plan.status as ContentfulStatusCode;
    return plan.body ? c.json(plan.body, status) : c.html(plan.html ?? '<h1>Bad Gateway</h1>', status);
  });
  app.use('/api/v2/*', async (c, next) => {
    const [key, at] = [`${c.req.header('coder-session-token')} ${c.req.path}`, Date.now()];
    const recent = (asked.get(key) ?? []).filter((one) => at - one < minute);
    const over = recent.length >= perMinute;
    if (!over) recent.push(at);
    asked.set(key, recent);
    if (over)
      c.res = fail(c, 429, `You've been rate limited for sending more than ${perMinute} requests in 1m0s.`);
    else await next();
    if (over) c.header('Retry-After', '60');
    else c.header('X-Coder-Build-Version', version);
    c.header('X-RateLimit-Limit', String(perMinute));
    c.header('X-RateLimit-Remaining', String(perMinute - recent.length));
    c.header('X-RateLimit-Reset', String(Math.ceil(((recent[0] ?? at) + minute) / 1000)));
  });
  app.use(bodyLimit({ maxSize: 4 * 1024 * 1024, onError: (c) => fail(c, 413, 'Request body too large.') }));
  app.get('/api/v2/buildinfo', (c) =>
    c.json({
      ...{
        version,
        external_url: 'https://github.com/coder/coder',
        telemetry: false,
        workspace_proxy: false,
      },
      ...{ dashboard_url: new URL('/', c.req.url).href, agent_api_version: '1.0' },
      ...{ provisioner_api_version: '1.18', upgrade_message: '' },
      deployment_id: '9d0f1d0a-6a53-4a51-8f6f-0d3b3f1b5e77',
    }),
  );
  app.use('/api/v2/*', async (c, next) => {
    const given = c.req.header('coder-session-token') ?? '';
    const scoped = same(given, scopedToken);
    if (!scoped && !same(given, token))
      return fail(
        c,
        401,
        'You are signed out or your session has expired. Please sign in again to continue.',
        {
          detail:
            given === ''
              ? 'Cookie "coder_session_token" or query parameter must be provided.'
              : 'API key is invalid.',
        },
      );
    c.set('scoped' as never, scoped as never);
    if (scoped && closedToScoped.test(c.req.path.slice('/api/v2'.length))) return hidden(c);
    return next();
  });
  return app;
}
