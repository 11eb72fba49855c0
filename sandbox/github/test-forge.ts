// A small repository on the sandbox GitHub, and real clients for it, for the tests beside it. Must never be used by the
// sandbox itself.
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getOctokit } from '@actions/github';
import { pino } from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { type SimpleGit, simpleGit } from 'simple-git';
import { EVENTS } from './people.ts';
import { type GitHub, startGitHub } from './server.ts';

export const REPO = { owner: 'acme', repo: 'production' };
export const SECRET = 'a webhook secret of the tests';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
export const APP = {
  ...{ id: 7, slug: 'vigil', privateKey, installationId: 42 },
  ...{ clientId: 'Iv1.sandbox', clientSecret: 'a client secret of the tests' },
};

const include = (...refs: string[]) => ({ ref_name: { include: refs, exclude: [] } });
const ruleset = (name: string, more: object) =>
  JSON.stringify({ name, target: 'branch', enforcement: 'active', ...more });
const review = { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true };
const SEED: Record<string, string> = {
  'README.md': '# Production\n',
  'app/main.txt': 'one\ntwo\nthree\n',
  '.github/CODEOWNERS': '/runbooks/ @olga\n',
  '.github/rulesets/check.json': ruleset('check', {
    conditions: include('~DEFAULT_BRANCH'),
    bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    rules: [
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      {
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'vigil/approval', integration_id: 0 }] },
      },
    ],
  }),
  '.github/rulesets/review.json': ruleset('review', {
    conditions: include('~DEFAULT_BRANCH'),
    bypass_actors: [{ actor_id: 0, actor_type: 'Integration', bypass_mode: 'pull_request' }],
    rules: [{ type: 'pull_request', parameters: { ...review, require_code_owner_review: true } }],
  }),
  '.github/rulesets/ledger.json': ruleset('ledger', {
    conditions: include('refs/heads/vigil/ledger'),
    bypass_actors: [{ actor_id: 0, actor_type: 'Integration', bypass_mode: 'always' }],
    rules: [{ type: 'creation' }, { type: 'update' }, { type: 'deletion' }],
  }),
  '.github/rulesets/linear.json': ruleset('linear', {
    conditions: include('refs/heads/vigil/*'),
    rules: [{ type: 'non_fast_forward' }],
  }),
  '.github/workflows/respond.yml': `name: respond
run-name: respond \${{ inputs.incident }}
on: { workflow_dispatch: { inputs: { incident: { type: string, required: true }, loud: { type: boolean, default: false } } } }
permissions: { contents: read }
jobs:
  look:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "seen by a job"
`,
  '.github/workflows/ci.yml':
    'name: ci\non: { push: { branches: [released] } }\njobs: { x: { runs-on: y, steps: [{ run: "true" }] } }\n',
};

export type Rest = ReturnType<typeof getOctokit>['rest'];
export type TestForge = {
  github: GitHub;
  app: Rest; // the app as its installation, through Probot
  octokit(): Promise<InstanceType<typeof ProbotOctokit>>; // the same, whole
  as(token: string): Rest; // 'admin', 'olga', 'otto' (both write), 'reader', 'stranger', 'bot'
  commit(client: Rest, branch: string, files: Record<string, string>): Promise<string>; // on top of main, on a new branch
  request: InstanceType<typeof ProbotOctokit>['request']; // for what the typed methods do not know yet
  installationToken(): Promise<string>;
  clone(token: string): Promise<SimpleGit>; // a fresh clone whose remote carries the token
  close(): Promise<void>;
};

export async function startTestForge(): Promise<TestForge> {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-github-'));
  for (const [path, text] of Object.entries(SEED)) {
    await mkdir(dirname(join(dir, 'seed', path)), { recursive: true });
    await writeFile(join(dir, 'seed', path), text);
  }
  const people = (['admin', 'write', 'write', 'read', 'none'] as const).map((permission, index) => {
    const login = ['admin', 'olga', 'otto', 'reader', 'stranger'][index] ?? '';
    return { login, permission, token: login };
  });
  const bot = { login: 'review-bot[bot]', permission: 'write', token: 'bot' } as const;
  const github = await startGitHub({
    ...REPO,
    ...{ dir: join(dir, 'forge'), seed: join(dir, 'seed'), webhook: { secret: SECRET } },
    people: [...people, bot],
    app: { ...APP, events: EVENTS },
    ...{ environments: {}, variables: {}, machine: {} },
  });
  const quiet = ProbotOctokit.defaults((defaults: object) => ({
    ...defaults,
    throttle: { enabled: false },
    retry: { enabled: false },
  }));
  const probot = new Probot({
    ...{ appId: APP.id, privateKey, secret: SECRET, baseUrl: github.api, Octokit: quiet },
    log: pino({ enabled: false }),
  });
  const { rest, auth, request } = await probot.auth(APP.installationId);
  return {
    octokit: () => probot.auth(APP.installationId),
    github,
    app: rest,
    request,
    async installationToken() {
      const { token } = (await auth({ type: 'installation' })) as { token: string };
      return token;
    },
    as: (token) => getOctokit(token, { baseUrl: github.api }).rest,
    async commit(client, branch, files) {
      const main = await client.git.getRef({ ...REPO, ref: 'heads/main' });
      const base = main.data.object.sha;
      const entries = Object.entries(files).map(([path, content]) => ({ path, content }));
      const tree = await client.git.createTree({
        ...{ ...REPO, base_tree: base },
        tree: entries.map((entry) => ({ ...entry, mode: '100644', type: 'blob' })),
      });
      const made = await client.git.createCommit({
        ...REPO,
        ...{ message: `Change ${branch}`, tree: tree.data.sha, parents: [base] },
      });
      await client.git.createRef({ ...REPO, ref: `refs/heads/${branch}`, sha: made.data.sha });
      return made.data.sha;
    },
    async clone(token) {
      const folder = await mkdtemp(join(dir, 'clone-'));
      await simpleGit().clone(github.git.replace('://', `://x-access-token:${token}@`), folder);
      const git = simpleGit(folder);
      await git.addConfig('user.name', token);
      await git.addConfig('user.email', `${token}@users.noreply.github.com`);
      return git;
    },
    async close() {
      await github.close();
      if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
