// What every method of Slack's Web API asks before it does anything: the token, its scopes, and how often it was called.
// It must never let a token do what its app was not installed for, nor more often than Slack allows.
// https://docs.slack.dev/authentication/installing-with-oauth and https://docs.slack.dev/apis/web-api/rate-limits
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { rate } from '../rate.ts';

/** The scopes that Vigil's documentation asks an installation for, docs/integrations/slack.md. */
export const SCOPES = ['chat:write', 'channels:history', 'channels:read'];
/** Messages in a row before the one a second is enforced. Slack allows short bursts and says no number. */
const BURST = 3;

export type Args = Record<string, unknown>;
export type Answer = { error?: string; response_metadata?: object; [more: string]: unknown };
/** `scope` is the kind that the channel's own scope is of, as in `channels:read` or `groups:read`. */
type Rules = {
  scope?: 'chat:write' | 'history' | 'read';
  takes: [requests: number, seconds: number];
  by?: 'channel';
};

const TIER_3: Rules['takes'] = [50, 60];
const rules = {
  'auth.test': { takes: [200, 60] }, // "hundreds of requests per minute"
  'chat.postMessage': { scope: 'chat:write', takes: [BURST, BURST], by: 'channel' },
  'chat.update': { scope: 'chat:write', takes: TIER_3 },
  'conversations.history': { scope: 'history', takes: TIER_3 }, // for apps of one's own; sold ones get less
  'conversations.members': { scope: 'read', takes: [100, 60] },
} as const satisfies Record<string, Rules>;
export type Method = keyof typeof rules;
type Options = { token: string; scopes: readonly string[]; isPrivate: boolean };

/** The Web API with the methods that `on` gives it. As with Slack, every answer but a 429 has status 200. */
export function openDoor({ token, scopes, isPrivate }: Options) {
  const app = new Hono();
  const granted = scopes.join(',');
  app.use('/api/*', async (c, next) => {
    c.header('x-slack-req-id', randomUUID().replaceAll('-', ''));
    await next();
  });
  const on = (name: Method, answer: (args: Args, c: Context) => Answer) => {
    const { scope, takes, by }: Rules = rules[name];
    const kinds = ['channels', 'groups', 'mpim', 'im'].map((kind) => `${kind}:${scope}`);
    const accepted = scope === 'chat:write' ? [scope] : scope ? kinds : [];
    const needed = accepted[isPrivate && accepted.length > 1 ? 1 : 0];
    const take = rate(...takes);
    app.on(['GET', 'POST'], `/api/${name}`, async (c) => {
      const type = c.req.header('content-type') ?? '';
      const json = type.startsWith('application/json');
      const given: Args = json ? await c.req.json().catch(() => ({})) : await c.req.parseBody();
      const args = { ...c.req.query(), ...given };
      const bearer = c.req.header('authorization')?.replace(/^Bearer /, '') ?? args['token'];
      if (bearer !== token) return c.json({ ok: false, error: bearer ? 'invalid_auth' : 'not_authed' });
      c.header('x-oauth-scopes', granted);
      c.header('x-accepted-oauth-scopes', accepted.join(','));
      if (needed && !scopes.includes(needed))
        return c.json({ ok: false, error: 'missing_scope', needed, provided: granted });
      const { ok, reset } = take(by ? String(args[by]).replace(/^#/, '') : '');
      if (!ok) {
        c.header('retry-after', String(reset));
        return c.json({ ok: false, error: 'ratelimited' }, 429);
      }
      const { response_metadata: metadata, ...said } = answer(args, c);
      const warnings = [
        ...(args['blocks'] !== undefined && !args['text'] && !said.error ? ['missing_text_in_message'] : []),
        ...(json && !type.includes('charset') ? ['missing_charset'] : []),
      ];
      return c.json({
        ...{ ok: said.error === undefined, ...said },
        ...(warnings.length > 0
          ? { warning: warnings.join(','), response_metadata: { ...metadata, warnings } }
          : metadata && { response_metadata: metadata }),
      });
    });
  };
  return { app, on };
}
