// Who is calling, and may they: app JWTs, installation tokens, job tokens, people's tokens. It must never accept a
// credential that GitHub would refuse.
import { createPublicKey, randomBytes } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { Actor, Forge, Level, Person } from './forge.ts';
import { type Reply, refuse } from './http.ts';

/** 'jwt': the app itself. 'token': anybody known. Else the permission an app needs, and the level a person needs. */
export type Need = 'jwt' | 'token' | readonly [permission: string, level: Level];
export type Tokens = {
  mint(actor: Actor, seconds: number): { token: string; expiresAt: number };
  revoke(token: string): void;
  find(token: string): Actor | undefined;
};

/** What the installation granted to the app: what its manifest asks for, and never `workflows` or `administration`. */
export const GRANTED: Record<string, string> = {
  metadata: 'read',
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
};
/** The app that owns GITHUB_TOKEN on github.com. */
export const ACTIONS_APP_ID = 15368;

export function createTokens(people: Person[]): Tokens {
  const minted = new Map<string, { actor: Actor; expiresAt: number }>();
  const known = new Map(people.map(({ token, login, permission }) => [token, { login, permission }]));
  return {
    mint(actor, seconds) {
      const token = `ghs_${randomBytes(27).toString('base64url').replace(/\W|_/g, 'x')}`;
      const expiresAt = Date.now() + seconds * 1000;
      minted.set(token, { actor, expiresAt });
      return { token, expiresAt };
    },
    revoke: (token) => void minted.delete(token),
    find(token) {
      const person = known.get(token);
      if (person) return { kind: 'person', ...person };
      const found = minted.get(token);
      return found && found.expiresAt > Date.now() ? found.actor : undefined;
    },
  };
}

/**
 * Reads an Authorization header: `Bearer` or `token`, or git's basic auth with the token as password.
 * https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
 */
export async function authenticate(
  forge: Forge,
  header: string | null | undefined,
): Promise<{ actor: Actor } | { refused: Reply }> {
  if (!header) return { actor: { kind: 'nobody', login: 'nobody' } };
  const [scheme = '', value = ''] = header.split(' ');
  const token = /^basic$/i.test(scheme)
    ? Buffer.from(value, 'base64')
        .toString()
        .replace(/^[^:]*:/, '')
    : value;
  if (/^bearer$/i.test(scheme) && token.split('.').length === 3) return verifyJwt(forge, token);
  const actor = forge.tokens.find(token);
  return actor ? { actor } : { refused: refuse(401, 'Bad credentials') };
}

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
async function verifyJwt(forge: Forge, jwt: string): Promise<{ actor: Actor } | { refused: Reply }> {
  const { app } = forge.options;
  const key = createPublicKey(app.privateKey);
  try {
    const { payload } = await jwtVerify(jwt, key, {
      algorithms: ['RS256'],
      requiredClaims: ['iat', 'exp', 'iss'],
    });
    if (![`${app.id}`, app.clientId].includes(`${payload.iss}`))
      return { refused: refuse(404, 'Integration not found') };
    const now = Date.now() / 1000;
    if ((payload.exp ?? 0) > now + 600)
      return { refused: refuse(401, "'Expiration time' claim ('exp') is too far in the future") };
    if ((payload.iat ?? 0) > now + 1)
      return {
        refused: refuse(
          401,
          "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
        ),
      };
    return { actor: { kind: 'jwt', login: app.slug } };
  } catch (cause) {
    if (cause instanceof errors.JWTExpired)
      return {
        refused: refuse(
          401,
          "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
        ),
      };
    return { refused: refuse(401, 'A JSON web token could not be decoded') };
  }
}

const LEVELS: Level[] = ['none', 'read', 'write', 'admin'];
export const atLeast = (level: Level, needed: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(needed);

/** The refusal, or nothing when the actor may. The repository is private: strangers are told that it is not there. */
export function refuseUnless(actor: Actor, need: Need): Reply | undefined {
  if (need === 'jwt')
    return actor.kind === 'jwt' ? undefined : refuse(401, 'A JSON web token could not be decoded');
  if (actor.kind === 'nobody')
    return need === 'token' ? refuse(401, 'Requires authentication') : refuse(404, 'Not Found');
  if (need === 'token') return undefined;
  const [permission, level] = need;
  if (actor.kind === 'jwt') return refuse(403, 'Resource not accessible by integration');
  if (actor.kind === 'app')
    return allows(actor.permissions, permission)
      ? undefined
      : refuse(403, 'Resource not accessible by integration');
  if (actor.permission === 'none') return refuse(404, 'Not Found');
  return atLeast(actor.permission, level)
    ? undefined
    : refuse(403, 'Must have write access to the repository');
}

/** Does a permission set hold one of `issues:write|pull_requests:write`? */
export function allows(permissions: Record<string, string>, needed: string): boolean {
  return needed.split('|').some((one) => {
    const [name = '', level] = one.split(':');
    const held = name === 'metadata' ? 'read' : permissions[name];
    return held === 'write' || held === 'admin' || (held === 'read' && level === 'read');
  });
}

/** May label, close and edit what others wrote. Apps were judged by their permission already. */
export const mayWrite = (actor: Actor) =>
  actor.kind === 'app' || (actor.kind === 'person' && atLeast(actor.permission, 'write'));
