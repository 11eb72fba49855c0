// Accounts, the repository, the app and its tokens. It must never show a token, but to the app that it is minted for.
import * as z from 'zod';
import { ACTIONS_APP_ID, allows, GRANTED } from './auth.ts';
import { addresses, nodeId } from './fields.ts';
import { branchOf, type Forge, humansOf, idOf, isBot, isoTime, type MergeMethod } from './forge.ts';
import { ANY, REPO, route } from './http.ts';
import { created, missing, ok, refuse } from './reply.ts';

export function userView(forge: Forge, login: string) {
  const bot = isBot(login);
  const html_url = `${forge.urls.server}/${bot ? `apps/${login.slice(0, -5)}` : login}`;
  const url = `${forge.urls.api}/users/${encodeURIComponent(login)}`;
  return {
    ...{
      login,
      id: idOf(login),
      node_id: nodeId('User', login),
      type: bot ? 'Bot' : 'User',
      site_admin: false,
    },
    ...{ url, html_url, avatar_url: `${html_url}.png`, gravatar_id: '' },
    ...addresses(
      url,
      'events=events{/privacy} followers following=following{/other_user} gists=gists{/gist_id}',
    ),
    ...addresses(
      url,
      'organizations=orgs received_events repos starred=starred{/owner}{/repo} subscriptions',
    ),
  };
}

/** What GET /user adds. The sandbox knows nothing of a person but name and rights. */
function profileView(forge: Forge, login: string) {
  const unknown = {
    bio: null,
    blog: null,
    company: null,
    email: null,
    hireable: null,
    location: null,
    name: null,
  };
  const counts = { followers: 0, following: 0, public_gists: 0, public_repos: 0 };
  return { ...userView(forge, login), ...unknown, ...counts, ...forge.times() };
}

const UNDER_REPOSITORY = [
  'archive={archive_format}{/ref} assignees=assignees{/user} blobs=git/blobs{/sha} branches=branches{/branch}',
  'collaborators=collaborators{/collaborator} comments=comments{/number} commits=commits{/sha}',
  'compare=compare/{base}...{head} contents=contents/{+path} contributors deployments downloads events forks',
  'git_commits=git/commits{/sha} git_refs=git/refs{/sha} git_tags=git/tags{/sha} hooks',
  'issue_comment=issues/comments{/number} issue_events=issues/events{/number} issues=issues{/number}',
  'keys=keys{/key_id} labels=labels{/name} languages merges milestones=milestones{/number}',
  'notifications=notifications{?since,all,participating} pulls=pulls{/number} releases=releases{/id} stargazers',
  'statuses=statuses/{sha} subscribers subscription tags teams trees=git/trees{/sha}',
].join(' ');

export function repositoryView(forge: Forge) {
  const { owner, repo } = forge.options;
  const { git, web, repo: url } = forge.urls;
  const full_name = `${owner}/${repo}`;
  const allows = (method: MergeMethod) => forge.state.mergeMethods.has(method);
  const open = forge.state.issues.filter(({ state }) => state === 'open').length;
  return {
    ...{
      id: idOf(full_name),
      node_id: nodeId('Repository', full_name),
      name: repo,
      full_name,
      private: true,
      visibility: 'private',
      topics: [],
    },
    ...{
      owner: { ...userView(forge, owner), type: 'Organization' },
      default_branch: branchOf(forge),
      fork: false,
    },
    ...{ url, html_url: web, clone_url: git, git_url: git, ssh_url: git, svn_url: web, mirror_url: null },
    ...{ allow_squash_merge: allows('squash'), allow_merge_commit: allows('merge') },
    allow_rebase_merge: allows('rebase'),
    ...{ description: null, homepage: null, language: null, license: null, archived: false, disabled: false },
    ...{ has_issues: true, has_projects: false, has_wiki: false, has_pages: false, has_discussions: false },
    ...{ has_downloads: false, forks: 0, forks_count: 0, stargazers_count: 0, network_count: 0 },
    ...{
      watchers: 0,
      watchers_count: 0,
      subscribers_count: 0,
      size: 0,
      open_issues: open,
      open_issues_count: open,
    },
    ...{ pushed_at: forge.times().updated_at, ...forge.times() },
    ...addresses(url, UNDER_REPOSITORY),
  };
}

/** The app of this sandbox, or GitHub Actions, which makes check runs and comments too. */
export function appView(forge: Forge, id = forge.options.app.id) {
  const own = id === forge.options.app.id;
  const client_id = own ? forge.options.app.clientId : 'Iv1.actions';
  const slug = own ? forge.options.app.slug : 'github-actions';
  const html_url = `${forge.urls.server}/apps/${slug}`;
  return {
    ...{
      id,
      node_id: nodeId('App', id),
      slug,
      client_id,
      name: own ? slug : 'GitHub Actions',
      html_url,
      permissions: GRANTED,
    },
    ...{
      owner: userView(forge, forge.options.owner),
      description: null,
      external_url: html_url,
      // GitHub's description of an app inside an event knows no `merge_group`.
      events: subscribed(forge).filter((event) => event !== 'merge_group'),
    },
    ...forge.times(),
  };
}

/** The app whose account wrote something; null for a person's. */
export function viaApp(forge: Forge, login: string) {
  if (login === `${forge.options.app.slug}[bot]`) return appView(forge);
  return login === 'github-actions[bot]' ? appView(forge, ACTIONS_APP_ID) : null;
}

/** The events that an app is to subscribe to; docs/operations.md names the same. */
export const EVENTS =
  'push pull_request pull_request_review issue_comment issues merge_group workflow_run'.split(' ');

/** Who may write checks hears of them unasked: https://docs.github.com/en/webhooks/webhook-events-and-payloads#check_run */
export const isSent = (forge: Forge, event: string): boolean =>
  event === 'check_run' || subscribed(forge).includes(event);
const subscribed = ({ options }: Forge): string[] => options.app.events ?? EVENTS;

function installationView(forge: Forge) {
  const { app, owner } = forge.options;
  const account = userView(forge, owner);
  const { id: app_id, slug: app_slug, installationId: id } = app;
  const url = `${forge.urls.api}/app/installations/${id}`;
  return {
    ...{
      id,
      app_id,
      app_slug,
      account,
      repository_selection: 'selected',
      permissions: GRANTED,
      events: subscribed(forge),
    },
    ...{ target_id: account.id, target_type: 'Organization', single_file_name: null, ...forge.times() },
    ...{ suspended_by: null, suspended_at: null, html_url: `${account.html_url}/installations/${id}` },
    ...{
      access_tokens_url: `${url}/access_tokens`,
      repositories_url: `${forge.urls.api}/installation/repositories`,
    },
  };
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
    actor.kind === 'person' && !isBot(actor.login)
      ? ok(profileView(forge, actor.login))
      : refuse(403, 'Resource not accessible by integration'),
  ),
  route('GET /users/:login', 'token', ANY, (forge, { params }) => {
    const { people, owner, app } = forge.options;
    const known = [...people.map(({ login }) => login), owner, `${app.slug}[bot]`, 'github-actions[bot]'];
    const login = known.find((one) => one.toLowerCase() === params['login']?.toLowerCase());
    return login ? ok(profileView(forge, login)) : missing;
  }),
  route(`GET ${REPO}`, metadata, ANY, (forge) => ok(repositoryView(forge))),
  // https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
  // For a bot it is 404, reported: https://github.com/anthropics/claude-code-action/issues/1018
  route(`GET ${REPO}/collaborators/:login/permission`, metadata, ANY, (forge, { params }) => {
    const wanted = params['login']?.toLowerCase();
    const person = humansOf(forge).find(({ login }) => login.toLowerCase() === wanted);
    if (!person) return missing;
    const { permission, login } = person;
    return ok({
      permission,
      role_name: permission,
      user: { ...userView(forge, login), role_name: permission },
    });
  }),
];
