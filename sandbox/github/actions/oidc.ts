// The sandbox's OIDC issuer: signs what a job may say of itself, as GitHub's does for jobs with `id-token: write`.
// Must never sign a claim that the runner did not grant, and never answer without a live request token.
// https://docs.github.com/en/actions/reference/security/oidc
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const LIFETIME_S = 300;
const BACKDATED_S = 600; // GitHub's tokens are valid from before they were issued, for clocks that run late.

export type Oidc = {
  routes: Hono;
  grant(claims: Record<string, unknown>): { requestUrl: string; requestToken: string };
  revoke(requestToken: string): void;
};

/** An issuer with a fresh RS256 key. `issuer` is the URL its `routes` are served at, without a slash at the end. */
export async function createOidc(issuer: string): Promise<Oidc> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  const grants = new Map<string, Record<string, unknown>>();
  const routes = new Hono();
  routes.get('/.well-known/openid-configuration', (c) =>
    c.json({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
  );
  routes.get('/.well-known/jwks', (c) => c.json({ keys: [jwk] }));
  routes.get('/token', async (c) => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const claims = bearer === undefined ? undefined : grants.get(bearer);
    if (!claims) return c.json({ message: 'the request token is unknown or its job has ended' }, 401);
    const now = Math.floor(Date.now() / 1000);
    const owner = `${new URL(issuer).origin}/${claims['repository_owner']}`;
    const value = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(issuer)
      .setAudience(c.req.query('audience') || owner)
      .setJti(randomUUID())
      .setNotBefore(now - BACKDATED_S)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFETIME_S)
      .sign(privateKey);
    return c.json({ count: value.length, value });
  });
  return {
    routes,
    grant(claims) {
      const requestToken = randomUUID() + randomUUID();
      grants.set(requestToken, claims);
      // @actions/core appends `&audience=`, so the address must already have a query.
      return { requestUrl: `${issuer}/token?api-version=2.0`, requestToken };
    },
    revoke: (requestToken) => void grants.delete(requestToken),
  };
}
