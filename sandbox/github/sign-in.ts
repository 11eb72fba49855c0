// Signing in with GitHub: a page on which the reader chooses who to be, a code, and a token that acts as that person
// within what the app may do, until it is given back. It must never give a token for a code twice, nor to somebody without the client's secret.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import * as z from 'zod';
import { page } from '../page.ts';
import { type Forge, humansOf, type Person } from './forge.ts';

const CODE_MS = 10 * 60_000;
const TOKEN_SECONDS = 8 * 3600;
const Asked = z.object({
  client_id: z.string(),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().optional(),
  code_challenge: z.string().optional(),
  code_challenge_method: z.literal('S256').optional(),
});
type Code = { person: Person; redirect: string; challenge: string | undefined; expiresAt: number };

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The two endpoints, to be mounted at `/login/oauth`. Without `clientSecret` nobody can be signed in. */
export function signIn(forge: Forge): Hono {
  const { app } = forge.options;
  const people = humansOf(forge);
  const codes = new Map<string, Code>();
  const site = new Hono();
  const askedOf = (c: Context) => {
    const asked = Asked.safeParse(c.req.query());
    return asked.success && asked.data.client_id === app.clientId ? asked.data : undefined;
  };
  site.get('/authorize', (c) => {
    const asked = askedOf(c);
    if (!asked) return c.text('404: no such app, or no address to send you back to', 404);
    const buttons = people.map(
      ({ login }) => html`<p><button name="person" value="${login}">Continue as ${login}</button></p>`,
    );
    const { origin } = new URL(asked.redirect_uri);
    const words = html`<p>It may then act in your name in ${forge.options.owner}/${forge.options.repo}, until the token ends. You will be sent to ${origin}.</p>`;
    return c.html(
      page('GitHub', `Authorize ${app.slug}`, html`${words}<form method="post">${buttons}</form>`),
    );
  });
  site.post('/authorize', csrf(), async (c) => {
    const asked = askedOf(c);
    const form = await c.req.parseBody();
    const person = people.find(({ login }) => login === form['person']);
    if (!asked || !person) return c.text('404', 404);
    const code = randomBytes(10).toString('hex');
    const { redirect_uri: redirect, code_challenge: challenge } = asked;
    codes.set(code, { person, redirect, challenge, expiresAt: Date.now() + CODE_MS });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    if (asked.state !== undefined) back.searchParams.set('state', asked.state);
    return c.redirect(`${back}`, 302);
  });
  site.post('/access_token', async (c) => {
    const json = /json/.test(c.req.header('content-type') ?? '');
    const given: Record<string, unknown> = json
      ? await c.req.json().catch(() => ({}))
      : await c.req.parseBody();
    const body = exchange(given);
    // Without an Accept header GitHub answers as a form.
    if (/json/.test(c.req.header('accept') ?? '')) return c.json(body);
    return c.body(`${new URLSearchParams(body)}`, 200, {
      'content-type': 'application/x-www-form-urlencoded',
    });
  });

  // Refusals are 200 too: https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
  function exchange(given: Record<string, unknown>): Record<string, string> {
    const field = (name: string) => `${given[name] ?? ''}`;
    const known = app.clientSecret !== undefined && field('client_id') === app.clientId;
    if (!known || !timingSafeEqual(digest(field('client_secret')), digest(app.clientSecret ?? '')))
      return refusal(
        'incorrect_client_credentials',
        'The client_id and/or client_secret passed are incorrect.',
      );
    const code = codes.get(field('code'));
    codes.delete(field('code'));
    const proven =
      code?.challenge === undefined ||
      digest(field('code_verifier')).toString('base64url') === code.challenge;
    if (!code || code.expiresAt < Date.now() || !proven)
      return refusal('bad_verification_code', 'The code passed is incorrect or expired.');
    if (given['redirect_uri'] !== undefined && given['redirect_uri'] !== code.redirect)
      return refusal('redirect_uri_mismatch', 'The redirect_uri must be the one that the code was made for.');
    const { login, permission } = code.person;
    const { token } = forge.tokens.mint(
      { kind: 'person', login, permission, through: 'app' },
      TOKEN_SECONDS,
      'ghu_',
    );
    return { access_token: token, token_type: 'bearer', scope: '', expires_in: `${TOKEN_SECONDS}` };
  }
  return site;
}

/**
 * DELETE /applications/{client_id}/token, with the client's id and secret as basic auth.
 * https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
 */
export async function giveBack({ options, tokens }: Forge, { req, json, body }: Context): Promise<Response> {
  const { clientId, clientSecret } = options.app;
  const [, given = ''] = (req.header('authorization') ?? '').split(' ');
  const own = clientSecret !== undefined && req.param('client') === clientId;
  if (
    !own ||
    !timingSafeEqual(digest(`${Buffer.from(given, 'base64')}`), digest(`${clientId}:${clientSecret}`))
  )
    return json(
      { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' },
      404,
    );
  const { access_token: token } = await req.json().catch(() => ({}));
  const actor = typeof token === 'string' ? tokens.find(token) : undefined;
  if (actor?.kind !== 'person' || actor.through !== 'app')
    return json(
      { message: 'Validation Failed', documentation_url: 'https://docs.github.com/rest', status: '422' },
      422,
    );
  tokens.revoke(token);
  return body(null, 204);
}

const refusal = (error: string, error_description: string) => ({ error, error_description });
