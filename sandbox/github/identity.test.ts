import { createPrivateKey } from 'node:crypto';
import { getOctokit } from '@actions/github';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APP, REPO, startTestForge, type TestForge } from './test-forge.ts';

let forge: TestForge;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());

const now = () => Math.floor(Date.now() / 1000);
const jwt = (claims: { iat: number; exp: number; iss: string }) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(APP.privateKey));
type Answer = { status: number; body: Record<string, unknown> };
async function call(path: string, authorization = '', method = 'GET', body?: object): Promise<Answer> {
  const headers = authorization ? { authorization } : {};
  const url = `${forge.github.api}${path}`;
  const response = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the app', () => {
  it('proves itself with a JWT and gets an installation token for an hour', async () => {
    const bearer = `Bearer ${await jwt({ iat: now() - 30, exp: now() + 570, iss: `${APP.id}` })}`;
    expect(await call('/app', bearer)).toMatchObject({ status: 200, body: { id: 7, slug: 'vigil' } });
    expect(await call('/repos/acme/production/installation', bearer)).toMatchObject({
      status: 200,
      body: { id: 42, app_id: 7 },
    });
    const minted = await call('/app/installations/42/access_tokens', bearer, 'POST');
    expect(minted).toMatchObject({
      status: 201,
      body: { token: expect.stringMatching(/^ghs_/), permissions: { contents: 'write' } },
    });
    expect(Date.parse(`${minted.body['expires_at']}`) / 1000 - now()).toBeGreaterThan(3590);
    expect(await call('/repos/acme/production', `token ${minted.body['token']}`)).toMatchObject({
      status: 200,
    });
  });

  it('is refused with a JWT that lives too long, is over, is from the future or names another app', async () => {
    const claims = [
      { iat: now(), exp: now() + 700, iss: '7' },
      { iat: now() - 700, exp: now() - 100, iss: '7' },
      { iat: now() + 60, exp: now() + 500, iss: '7' },
    ];
    for (const one of claims)
      expect(await call('/app', `Bearer ${await jwt(one)}`)).toMatchObject({ status: 401 });
    const other = await jwt({ iat: now(), exp: now() + 60, iss: '8' });
    expect(await call('/app', `Bearer ${other}`)).toMatchObject({
      status: 404,
      body: { message: 'Integration not found' },
    });
    const [head, , signature] = (await jwt({ iat: now(), exp: now() + 60, iss: '7' })).split('.');
    const forged = Buffer.from(JSON.stringify({ iat: now(), exp: now() + 500, iss: '7' })).toString(
      'base64url',
    );
    expect(await call('/app', `Bearer ${head}.${forged}.${signature}`)).toMatchObject({ status: 401 });
  });

  it('may narrow its token, and the narrow token may no more than it says', async () => {
    const bearer = `Bearer ${await jwt({ iat: now(), exp: now() + 60, iss: APP.clientId })}`;
    const narrow = await call('/app/installations/42/access_tokens', bearer, 'POST', {
      permissions: { issues: 'read' },
    });
    const { rest } = getOctokit(`${narrow.body['token']}`, { baseUrl: forge.github.api });
    expect((await rest.issues.listForRepo(REPO)).status).toBe(200);
    await expect(rest.issues.create({ ...REPO, title: 'x' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('Resource not accessible by integration'),
    });
    const wide = await call('/app/installations/42/access_tokens', bearer, 'POST', {
      permissions: { administration: 'write' },
    });
    expect(wide).toMatchObject({ status: 422 });
  });
});

describe('people', () => {
  it('are told apart by their token', async () => {
    expect((await forge.as('olga').users.getAuthenticated()).data).toMatchObject({
      login: 'olga',
      type: 'User',
    });
    await expect(forge.as('wrong').users.getAuthenticated()).rejects.toMatchObject({
      status: 401,
      message: expect.stringContaining('Bad credentials'),
    });
    expect(await call('/user')).toMatchObject({ status: 401, body: { message: 'Requires authentication' } });
  });

  it('may do what their permission allows, and strangers see nothing', async () => {
    const reader = forge.as('reader');
    expect((await reader.repos.get(REPO)).data.full_name).toBe('acme/production');
    await expect(
      reader.git.createTree({ ...REPO, tree: [{ path: 'x', mode: '100644', type: 'blob', content: 'x' }] }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(forge.as('stranger').repos.get(REPO)).rejects.toMatchObject({ status: 404 });
    await expect(forge.as('admin').repos.get({ owner: 'acme', repo: 'other' })).rejects.toMatchObject({
      status: 404,
    });
    const permission = await forge.app.repos.getCollaboratorPermissionLevel({ ...REPO, username: 'reader' });
    expect(permission.data.permission).toBe('read');
  });

  it('may be bots, which review with their token and whose permission nobody can ask for', async () => {
    const bot = forge.as('bot');
    const username = 'review-bot[bot]';
    const account = await forge.app.users.getByUsername({ username });
    expect(account.data).toMatchObject({ login: username, type: 'Bot' });
    await expect(forge.app.repos.getCollaboratorPermissionLevel({ ...REPO, username })).rejects.toMatchObject(
      { status: 404 },
    );
    await expect(bot.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });

    await forge.commit(forge.app, 'reviewed', { reviewed: '1' });
    const pull = await forge.app.pulls.create({ ...REPO, title: 'Fix', head: 'reviewed', base: 'main' });
    const at = { ...REPO, pull_number: pull.data.number };
    const review = await bot.pulls.createReview({ ...at, event: 'APPROVE' });
    expect(review.data).toMatchObject({ state: 'APPROVED', user: { login: username, type: 'Bot' } });
    // It may write, and yet its review fulfils no rule.
    await expect(forge.as('olga').pulls.merge(at)).rejects.toMatchObject({
      status: 405,
      message: expect.stringContaining('At least 1 approving review is required'),
    });
  });

  it('find every REST call in the record, with who made it and what came of it', async () => {
    await forge.as('olga').repos.get(REPO);
    expect(forge.github.calls.at(-1)).toMatchObject({
      method: 'GET',
      path: '/repos/acme/production',
      status: 200,
      actor: 'olga',
    });
    expect(await call('/repos/acme/production/pages')).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('does not answer GET') },
    });
  });
});
