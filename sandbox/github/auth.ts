// Who is calling, and may they: app JWTs, installation tokens, job tokens, people's tokens. It must never accept a
// credential that GitHub would refuse.
import { createPublicKey, randomBytes } from 'node:crypto';
import { jwtVerify } from 'jose';
import { type Actor, type Forge, type Level, NOBODY, type Person } from './forge.ts';
import { type Reply, refuse } from './reply.ts';

/** 'jwt': the app itself. 'token': anybody known. Else the permission an app needs, and the level a person needs. */
export type Need = 'jwt' | 'token' | readonly [permission: string, level: Level];
export type Tokens = {
  mint(actor: Actor, seconds: number, prefix?: string): { token: string; expiresAt: number };
  revoke(token: string): void;
  find(token: string): Actor | undefined;
};

/** What the installation granted to the app: never `workflows`, never `administration`. docs/operations.md says the same. */
export const GRANTED: Record<string, string> = {
  ...{ metadata: 'read', actions: 'write', checks: 'write', contents: 'write' },
  ...{ issues: 'write', pull_requests: 'write', merge_queues: 'read' },
};
/** The app that owns GITHUB_TOKEN on github.com. */
export const ACTIONS_APP_ID = 15368;

export function createTokens(people: Person[]): Tokens {
  const minted = new Map<string, { actor: Actor; expiresAt: number }>();
  return {
    mint(actor, seconds, prefix = 'ghs_') {
      const minting = {
        token: `${prefix}${randomBytes(18).toString('hex')}`,
        expiresAt: Date.now() + seconds * 1000,
      };
      minted.set(minting.token, { actor, expiresAt: minting.expiresAt });
      return minting;
    },
    revoke: (token) => void minted.delete(token),
    find(token) {
      const person = people.find((one) => one.token === token);
      if (person) return { kind: 'person', login: person.login, permission: person.permission };
      const found = minted.get(token);
      return found && found.expiresAt > Date.now() ? found.actor : undefined;
    },
  };
}

type Authenticated = { ok: true; actor: Actor } | { ok: false; reply: Reply };
const unknown = (message: string, status = 401) => ({ ok: false as const, reply: refuse(status, message) });

/**
 * Reads an Authorization header: `Bearer` or `token`, or git's basic auth with the token as password.
 * https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api
 */
export async function authenticate(forge: Forge, header: string | undefined): Promise<Authenticated> {
  if (!header) return { ok: true, actor: NOBODY };
  const [scheme = '', value = ''] = header.split(' ');
  const basic = () => Buffer.from(value, 'base64').toString().split(':')[1] ?? '';
  const token = scheme.toLowerCase() === 'basic' ? basic() : value;
  if (token.split('.').length === 3) return verifyJwt(forge, token);
  const actor = forge.tokens.find(token);
  return actor ? { ok: true, actor } : unknown('Bad credentials');
}

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
async function verifyJwt({ options: { app } }: Forge, jwt: string): Promise<Authenticated> {
  const rules = { algorithms: ['RS256'], requiredClaims: ['iat', 'exp', 'iss'] };
  const verified = await jwtVerify(jwt, createPublicKey(app.privateKey), rules).catch(() => null);
  if (!verified) return unknown('A JSON web token could not be decoded');
  const { iss, iat = 0, exp = 0 } = verified.payload;
  const now = Date.now() / 1000;
  if (![`${app.id}`, app.clientId].includes(`${iss}`)) return unknown('Integration not found', 404);
  if (exp > now + 600) return unknown("'Expiration time' claim ('exp') is too far in the future");
  if (iat > now + 1) return unknown("'Issued at' claim ('iat') must not be in the future");
  return { ok: true, actor: { kind: 'jwt', login: app.slug } };
}

const LEVELS: Level[] = ['none', 'read', 'write', 'admin'];
const atLeast = (level: Level, needed: Level) => LEVELS.indexOf(level) >= LEVELS.indexOf(needed);

/** The refusal, or nothing when the actor may. The repository is private: strangers are told that it is not there. */
export function refuseUnless(actor: Actor, need: Need): Reply | undefined {
  if (need === 'jwt')
    return actor.kind === 'jwt' ? undefined : refuse(401, 'A JSON web token could not be decoded');
  if (need === 'token') return actor.kind === 'nobody' ? refuse(401, 'Requires authentication') : undefined;
  const [permission, level] = need;
  if (actor.kind === 'nobody') return refuse(404, 'Not Found');
  if (actor.kind === 'person') {
    if (actor.permission === 'none') return refuse(404, 'Not Found');
    if (!atLeast(actor.permission, level)) return refuse(403, 'Must have write access to the repository');
    // A user token of the app may do what both may: the person and the app.
    const both = actor.through === undefined || permission === '' || allows(GRANTED, permission);
    return both ? undefined : refuse(403, 'Resource not accessible by integration');
  }
  const granted = actor.kind === 'app' && allows(actor.permissions, permission);
  return granted ? undefined : refuse(403, 'Resource not accessible by integration');
}

/** Does a permission set hold one of `issues:write|pull_requests:write`? */
export function allows(permissions: Record<string, string>, needed: string): boolean {
  return needed.split('|').some((one) => {
    const [name = '', level] = one.split(':');
    const held = name === 'metadata' ? 'read' : permissions[name];
    return held === 'write' || (held === 'read' && level === 'read');
  });
}

/** May label, close and edit what others wrote. Apps were judged by their permission already. */
export const mayWrite = (actor: Actor) =>
  actor.kind === 'app' || (actor.kind === 'person' && atLeast(actor.permission, 'write'));
