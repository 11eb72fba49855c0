// The app's side of authentication: its JWT and its installation tokens, made as GitHub's page says. Must never write
// the key anywhere.
// https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { App } from './target.ts';

type Identity = { api: string; id: number; slug: string; privateKey: string; installationId: number };

export function appWith({ api, id, slug, privateKey, installationId }: Identity): App {
  const jwt: App['jwt'] = ({ iat = -30, exp = 300, iss = `${id}` } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iat: now + iat, exp: now + exp, iss };
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(privateKey));
  };
  return {
    ...{ id, slug, installationId, jwt },
    async token(permissions) {
      const answer = await fetch(`${api}/app/installations/${installationId}/access_tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await jwt()}`, accept: 'application/vnd.github+json' },
        body: JSON.stringify(permissions ? { permissions } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(10_000),
      });
      const minted = (await answer.json()) as { token?: string; message?: string };
      if (!minted.token) throw new Error(`no installation token: ${answer.status} ${minted.message}`);
      return minted.token;
    },
  };
}
