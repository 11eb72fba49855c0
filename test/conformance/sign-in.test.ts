// Signing a person in through the app, as a confirm page does it.
import { expect } from 'vitest';
import { subject } from './rule.ts';
import type { Target } from './target.ts';

const FLOW =
  'apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app';
const CLIENT = { client_id: 'Iv1.conformance', client_secret: 'known to the app' };
const BACK = 'http://127.0.0.1:1/back';

const post = async (url: string, body: Record<string, string>, more: RequestInit = {}) =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
    ...more,
  });

const authorizeUrl = ({ web }: Target, state: string, more: Record<string, string> = {}) =>
  `${new URL(web).origin}/login/oauth/authorize?${new URLSearchParams({ client_id: CLIENT.client_id, redirect_uri: BACK, state, ...more })}`;

/** A person says yes on the page; where they are sent, with a code. */
async function consent(target: Target, state = 'a state', more: Record<string, string> = {}): Promise<URL> {
  const page = await fetch(authorizeUrl(target, state, more), { signal: AbortSignal.timeout(20_000) });
  expect(await page.text()).toContain(target.writer.login);
  const said = await post(
    authorizeUrl(target, state, more),
    { person: target.writer.login },
    { headers: { origin: new URL(target.web).origin } },
  );
  expect(said.status).toBe(302);
  return new URL(said.headers.get('location') ?? '');
}

async function exchange({ web }: Target, body: Record<string, string>) {
  const headers = { accept: 'application/json' };
  const seen = await post(
    `${new URL(web).origin}/login/oauth/access_token`,
    { ...CLIENT, ...body },
    { headers },
  );
  return (await seen.json()) as Record<string, unknown>;
}

subject('signing in', (rule) => {
  rule(
    'the person is sent back with a code and the state that was given',
    FLOW,
    ['sign-in'],
    async (target) => {
      const back = await consent(target, 'state of this sign-in');
      expect(back.origin + back.pathname).toBe(BACK);
      expect(back.searchParams.get('state')).toBe('state of this sign-in');
      expect(back.searchParams.get('code')).toMatch(/\S/);
    },
  );
  rule('a code becomes a token that acts as the person', FLOW, ['sign-in'], async (target) => {
    const code = (await consent(target)).searchParams.get('code') ?? '';
    const { access_token, token_type } = await exchange(target, { code });
    expect(token_type).toBe('bearer');
    expect(access_token).toMatch(/^ghu_/);
    const { data } = await target.as(`${access_token}`).rest.users.getAuthenticated();
    expect(data.login).toBe(target.writer.login);
  });
  rule('a code is good once', FLOW, ['sign-in'], async (target) => {
    const code = (await consent(target)).searchParams.get('code') ?? '';
    await exchange(target, { code });
    expect(await exchange(target, { code })).toMatchObject({ error: 'bad_verification_code' });
  });
  rule('a wrong client secret gets no token', FLOW, ['sign-in'], async (target) => {
    const code = (await consent(target)).searchParams.get('code') ?? '';
    expect(await exchange(target, { code, client_secret: 'guessed' })).toMatchObject({
      error: 'incorrect_client_credentials',
    });
  });
  rule(
    'a code that was bound to a verifier needs it',
    `${FLOW}#using-the-web-application-flow-to-generate-a-user-access-token`,
    ['sign-in'],
    async (target) => {
      const verifier = 'v'.repeat(64);
      const challenge = (await import('node:crypto'))
        .createHash('sha256')
        .update(verifier)
        .digest('base64url');
      const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
      const bound = async () => (await consent(target, 's', pkce)).searchParams.get('code') ?? '';
      expect(await exchange(target, { code: await bound(), code_verifier: 'w'.repeat(64) })).toMatchObject({
        error: 'bad_verification_code',
      });
      expect(await exchange(target, { code: await bound(), code_verifier: verifier })).toHaveProperty(
        'access_token',
      );
    },
  );
  rule(
    'a token that the app gives back acts for nobody any more',
    'rest/apps/oauth-applications#delete-an-app-token',
    ['sign-in'],
    async (target) => {
      const code = (await consent(target)).searchParams.get('code') ?? '';
      const { access_token } = await exchange(target, { code });
      const giveBack = async (secret: string) => {
        const basic = Buffer.from(`${CLIENT.client_id}:${secret}`).toString('base64');
        const { status } = await fetch(`${target.api}/applications/${CLIENT.client_id}/token`, {
          method: 'DELETE',
          headers: { authorization: `Basic ${basic}`, accept: 'application/vnd.github+json' },
          body: JSON.stringify({ access_token }),
          signal: AbortSignal.timeout(20_000),
        });
        return status;
      };
      expect(await giveBack('guessed')).toBe(404);
      expect(await giveBack(CLIENT.client_secret)).toBe(204);
      await expect(target.as(`${access_token}`).rest.users.getAuthenticated()).rejects.toMatchObject({
        status: 401,
      });
      expect(await giveBack(CLIENT.client_secret)).toBe(422);
    },
  );
});
