// Accounts, the repository, the app and its tokens. It must never show a token, but to the app that it is minted for.
import * as z from 'zod';
import { allows, GRANTED } from './auth.ts';
import { type Forge, idOf, isoTime } from './forge.ts';
import { ANY, created, missing, ok, REPO, refuse, route } from './http.ts';

export function userView(forge: Forge, login: string) {
  const bot = login.endsWith('[bot]');
  const html_url = `${new URL(forge.urls.web).origin}/${bot ? `apps/${login.slice(0, -5)}` : login}`;
  return {
    login,
    id: idOf(login),
    avatar_url: `${html_url}.png`,
    type: bot ? 'Bot' : 'User',
    site_admin: false,
    html_url,
  };
}

export function repositoryView(forge: Forge) {
  const { owner, repo } = forge.options;
  const full_name = `${owner}/${repo}`;
  return {
    ...{ id: idOf(full_name), name: repo, full_name, private: true, default_branch: 'main' },
    ...{ url: forge.urls.repo, html_url: forge.urls.web, clone_url: forge.urls.git },
    ...{ allow_squash_merge: true, allow_merge_commit: true, allow_rebase_merge: false },
    owner: { ...userView(forge, owner), type: 'Organization' },
  };
}

export function appView({ options, urls }: Forge) {
  const { id, slug, clientId: client_id } = options.app;
  const html_url = `${new URL(urls.web).origin}/apps/${slug}`;
  return { id, slug, client_id, name: slug, html_url, permissions: GRANTED };
}

function installationView(forge: Forge) {
  const { app, owner } = forge.options;
  const account = userView(forge, owner);
  const { id: app_id, slug: app_slug, installationId: id } = app;
  return { id, app_id, app_slug, account, repository_selection: 'selected', permissions: GRANTED };
}

const metadata = ['metadata:read', 'read'] as const;
const TokenRequest = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write'])).default({}),
  repositories: z.array(z.string()).default([]),
});

/** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
function mintToken(forge: Forge, asked: z.infer<typeof TokenRequest>) {
  const { app, repo } = forge.options;
  const wanted = Object.entries(asked.permissions);
  if (wanted.some(([name, level]) => !allows(GRANTED, `${name}:${level}`)))
    return refuse(422, 'The permissions requested are not granted to this installation.');
  if (asked.repositories.some((name) => name !== repo))
    return refuse(422, 'There is at least one repository that is not accessible to the installation.');
  const permissions = wanted.length > 0 ? { metadata: 'read', ...asked.permissions } : GRANTED;
  const actor = { kind: 'app', login: `${app.slug}[bot]`, appId: app.id, permissions } as const;
  const { token, expiresAt } = forge.tokens.mint(actor, 3600);
  return created({ token, expires_at: isoTime(expiresAt), permissions, repository_selection: 'selected' });
}

export const peopleRoutes = [
  route('GET /app', 'jwt', ANY, (forge) => ok(appView(forge))),
  route(`GET ${REPO}/installation`, 'jwt', ANY, (forge) => ok(installationView(forge))),
  route('POST /app/installations/:number/access_tokens', 'jwt', TokenRequest, (forge, { number, input }) =>
    number === forge.options.app.installationId ? mintToken(forge, input) : missing,
  ),
  // https://docs.github.com/en/rest/users/users
  route('GET /user', 'token', ANY, (forge, { actor }) =>
    actor.kind === 'person'
      ? ok(userView(forge, actor.login))
      : refuse(403, 'Resource not accessible by integration'),
  ),
  route('GET /users/:login', 'token', ANY, (forge, { params }) => {
    const { people, owner, app } = forge.options;
    const known = [...people.map(({ login }) => login), owner, `${app.slug}[bot]`, 'github-actions[bot]'];
    const login = known.find((one) => one.toLowerCase() === params['login']?.toLowerCase());
    return login ? ok(userView(forge, login)) : missing;
  }),
  route(`GET ${REPO}`, metadata, ANY, (forge) => ok(repositoryView(forge))),
  // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
  route(`GET ${REPO}/collaborators/:login/permission`, metadata, ANY, (forge, { params }) => {
    const wanted = params['login']?.toLowerCase();
    const person = forge.options.people.find(({ login }) => login.toLowerCase() === wanted);
    if (!person) return missing;
    const { permission, login } = person;
    return ok({ permission, role_name: permission, user: userView(forge, login) });
  }),
];
