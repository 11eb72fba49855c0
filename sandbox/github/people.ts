// Accounts, the repository and the app's own endpoints. It must never show a token, but to the app that minted it.
import * as z from 'zod';
import { allows, GRANTED } from './auth.ts';
import { type Forge, idOf, isoTime, type Level } from './forge.ts';
import { created, missing, ok, page, REPO, refuse, route } from './http.ts';

export function userView(forge: Forge, login: string) {
  const bot = login.endsWith('[bot]');
  const id = idOf(login);
  return {
    login,
    id,
    node_id: `U_${id}`,
    type: bot ? 'Bot' : 'User',
    site_admin: false,
    avatar_url: '',
    url: `${forge.urls.api}/users/${encodeURIComponent(login)}`,
    html_url: `${new URL(forge.urls.web).origin}/${bot ? `apps/${login.slice(0, -5)}` : login}`,
  };
}

export function repositoryView(forge: Forge) {
  const { owner, repo } = forge.options;
  return {
    id: idOf(`${owner}/${repo}`),
    node_id: `R_${idOf(`${owner}/${repo}`)}`,
    name: repo,
    full_name: `${owner}/${repo}`,
    private: true,
    owner: { ...userView(forge, owner), type: 'Organization' },
    url: `${forge.urls.api}/repos/${owner}/${repo}`,
    html_url: forge.urls.web,
    clone_url: forge.urls.git,
    default_branch: 'main',
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: false,
    archived: false,
  };
}

export function appView(forge: Forge) {
  const { id, slug, clientId } = forge.options.app;
  const html_url = `${new URL(forge.urls.web).origin}/apps/${slug}`;
  return {
    id,
    slug,
    client_id: clientId,
    node_id: `A_${id}`,
    name: slug,
    owner: userView(forge, forge.options.owner),
    html_url,
    permissions: GRANTED,
  };
}

function installationView(forge: Forge) {
  const { app, owner } = forge.options;
  return {
    id: app.installationId,
    app_id: app.id,
    app_slug: app.slug,
    account: userView(forge, owner),
    target_type: 'Organization',
    repository_selection: 'selected',
    permissions: GRANTED,
    suspended_at: null,
  };
}

/** How near somebody is to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
export function association(forge: Forge, login: string): string {
  if (login === forge.options.owner) return 'OWNER';
  const level = forge.options.people.find((person) => person.login === login)?.permission;
  return level === undefined || level === 'none' ? 'NONE' : 'COLLABORATOR';
}

const metadata = ['metadata:read', 'read'] as const;
const anything = z.unknown();
const TokenRequest = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
});

export const peopleRoutes = [
  // https://docs.github.com/en/rest/apps/apps
  route('GET /app', 'jwt', anything, (forge) => ok(appView(forge))),
  route('GET /app/installations', 'jwt', anything, (forge) => ok([installationView(forge)])),
  route(`GET ${REPO}/installation`, 'jwt', anything, (forge) => ok(installationView(forge))),
  route('GET /app/installations/:number', 'jwt', anything, (forge, { number }) =>
    number === forge.options.app.installationId ? ok(installationView(forge)) : missing,
  ),
  route('POST /app/installations/:number/access_tokens', 'jwt', TokenRequest, (forge, { number, input }) => {
    const { app, repo } = forge.options;
    if (number !== app.installationId) return missing;
    const permissions = { metadata: 'read', ...(input.permissions ?? GRANTED) };
    const beyond = Object.entries(permissions).find(([name, level]) => !allows(GRANTED, `${name}:${level}`));
    if (beyond) return refuse(422, 'The permissions requested are not granted to this installation.');
    if (input.repositories?.some((name) => name !== repo))
      return refuse(
        422,
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    const { token, expiresAt } = forge.tokens.mint(
      { kind: 'app', login: `${app.slug}[bot]`, appId: app.id, permissions },
      3600,
    );
    return created({
      token,
      expires_at: isoTime(expiresAt),
      permissions,
      repository_selection: 'selected',
      repositories: [repositoryView(forge)],
    });
  }),
  route('GET /installation/repositories', 'token', anything, (forge, { actor }) =>
    actor.kind === 'app'
      ? ok({ total_count: 1, repository_selection: 'selected', repositories: [repositoryView(forge)] })
      : refuse(403, 'You must authenticate with an installation access token'),
  ),
  // https://docs.github.com/en/rest/users/users
  route('GET /user', 'token', anything, (forge, { actor }) =>
    actor.kind === 'person'
      ? ok(userView(forge, actor.login))
      : refuse(403, 'Resource not accessible by integration'),
  ),
  route('GET /users/:login', 'token', anything, (forge, { params }) => {
    const known = [
      ...forge.options.people.map((person) => person.login),
      `${forge.options.app.slug}[bot]`,
      'github-actions[bot]',
      forge.options.owner,
    ];
    const login = known.find((one) => one.toLowerCase() === params['login']?.toLowerCase());
    return login ? ok(userView(forge, login)) : missing;
  }),
  route(`GET ${REPO}`, metadata, anything, (forge) => ok(repositoryView(forge))),
  route(`GET ${REPO}/collaborators`, metadata, anything, (forge, call) =>
    page(
      call,
      forge.options.people
        .filter((p) => p.permission !== 'none')
        .map((p) => ({ ...userView(forge, p.login), role_name: p.permission })),
    ),
  ),
  // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
  route(`GET ${REPO}/collaborators/:login/permission`, metadata, anything, (forge, { params }) => {
    const person = forge.options.people.find(
      ({ login }) => login.toLowerCase() === params['login']?.toLowerCase(),
    );
    const permission: Level = person?.permission ?? 'none';
    return person ? ok({ permission, role_name: permission, user: userView(forge, person.login) }) : missing;
  }),
];
