// Who may speak for whom: the app's JWT, installation tokens and what they were given, people by their level.
import { expect } from 'vitest';
import { answer, subject } from './rule.ts';
import type { Target } from './target.ts';

const JWT =
  'apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app';
const TOKENS = 'rest/apps/apps#create-an-installation-access-token-for-an-app';
const PERMISSIONS = 'rest/authentication/permissions-required-for-github-apps';

async function asApp({ api }: Target, jwt: string, path = '/app', body?: object) {
  const seen = await fetch(`${api}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${jwt}`, accept: 'application/vnd.github+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...{ redirect: 'error', signal: AbortSignal.timeout(20_000) },
  });
  return { status: seen.status, data: await seen.json() };
}

subject('identity', (rule) => {
  rule('an app proves itself with a JWT that it signed', JWT, ['app'], async (target) => {
    const { app } = target;
    expect(await asApp(target, await app.jwt())).toMatchObject({
      status: 200,
      data: { id: app.id, slug: app.slug },
    });
  });
  rule('a JWT may live ten minutes and no longer', JWT, ['app'], async (target) => {
    expect(await asApp(target, await target.app.jwt({ exp: 700 }))).toMatchObject({ status: 401 });
  });
  rule('a JWT that is over, or from the future, is refused', JWT, ['app'], async (target) => {
    for (const claims of [
      { iat: -700, exp: -100 },
      { iat: 120, exp: 500 },
    ])
      expect(await asApp(target, await target.app.jwt(claims))).toMatchObject({ status: 401 });
  });
  rule('a JWT with one byte changed is refused', JWT, ['app'], async (target) => {
    const [head, , signature] = (await target.app.jwt()).split('.');
    const [, other] = (await target.app.jwt({ exp: 301 })).split('.');
    expect(await asApp(target, `${head}.${other}.${signature}`)).toMatchObject({ status: 401 });
  });
  rule('an installation token lives for an hour', TOKENS, ['app'], async (target) => {
    const path = `/app/installations/${target.app.installationId}/access_tokens`;
    const { status, data } = await asApp(target, await target.app.jwt(), path, {});
    const { expires_at } = data as { expires_at: string };
    const minutes = (Date.parse(expires_at) - Date.now()) / 60_000;
    expect(status).toBe(201);
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThan(61);
  });
  rule('a token may be narrowed, and may then do no more', TOKENS, ['app'], async ({ app, as, at }) => {
    const { rest } = as(await app.token({ issues: 'read' }));
    expect((await rest.issues.listForRepo(at)).status).toBe(200);
    expect(await answer(rest.issues.create({ ...at, title: 'no' }))).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
    });
  });
  rule('a token cannot be given more than the installation has', TOKENS, ['app'], async (target) => {
    const path = `/app/installations/${target.app.installationId}/access_tokens`;
    const wide = { permissions: { administration: 'write' } };
    expect(await asApp(target, await target.app.jwt(), path, wide)).toMatchObject({ status: 422 });
  });
  const lacking: [string, string, (target: Target, token: string) => Promise<unknown>][] = [
    [
      'contents',
      'a ref',
      ({ as, at }, token) =>
        as(token).rest.git.createRef({ ...at, ref: 'refs/heads/x', sha: '0'.repeat(40) }),
    ],
    [
      'checks',
      'a check run',
      ({ as, at }, token) => as(token).rest.checks.create({ ...at, name: 'x', head_sha: '0'.repeat(40) }),
    ],
    [
      'pull_requests',
      'a pull request',
      ({ as, at }, token) => as(token).rest.pulls.create({ ...at, title: 'x', head: 'x', base: 'main' }),
    ],
    [
      'actions',
      'a dispatch',
      ({ as, at }, token) =>
        as(token).rest.actions.createWorkflowDispatch({ ...at, workflow_id: 'x.yml', ref: 'main' }),
    ],
  ];
  for (const [permission, what, ask] of lacking)
    rule(`${what} needs ${permission}: write, else 403`, PERMISSIONS, ['app'], async (target) => {
      const refused = await answer(ask(target, await target.app.token({ metadata: 'read' })));
      expect(refused).toMatchObject({
        status: 403,
        data: { message: 'Resource not accessible by integration' },
      });
      expect(refused.headers['x-accepted-github-permissions']).toContain(`${permission}=write`);
    });
  rule(
    'an installation is no person: GET /user is 403',
    'rest/users/users#get-the-authenticated-user',
    ['app'],
    async ({ app }) => {
      expect(await answer(app.rest.users.getAuthenticated())).toMatchObject({ status: 403 });
    },
  );
  rule(
    'a person who may only read cannot write contents: 403',
    'organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization',
    ['reader'],
    async ({ reader, at }) => {
      const tree = [{ path: 'x', mode: '100644' as const, type: 'blob' as const, content: 'x' }];
      expect(await answer(reader.rest.git.createTree({ ...at, tree }))).toMatchObject({ status: 403 });
    },
  );
  rule(
    'the permission of a collaborator is told by name',
    'rest/collaborators/collaborators#get-repository-permissions-for-a-user',
    ['reader'],
    async ({ writer, reader, at }) => {
      const { data } = await writer.rest.repos.getCollaboratorPermissionLevel({
        ...at,
        username: reader.login,
      });
      expect(data).toMatchObject({ permission: 'read', user: { login: reader.login } });
    },
  );
});
