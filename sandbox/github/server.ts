// Starts the sandbox GitHub: one HTTP server over one real bare repository. It is a stand-in; README.md says where it
// is thinner than GitHub. It must never be reachable from another machine, nor be imported by app/ or actions/.
import { Hono } from 'hono';
import { listen } from '../listen.ts';
import { createOidc } from './actions/oidc.ts';
import { createRunner } from './actions/runner.ts';
import type { Environment } from './actions/types.ts';
import { createTokens } from './auth.ts';
import {
  type ApiCall,
  createQueue,
  type Forge,
  type GitHubOptions,
  idOf,
  isoTime,
  type MergeMethod,
} from './forge.ts';
import { gitHttp } from './git-http.ts';
import { mount } from './http.ts';
import { createMeter, GITHUBS } from './limits.ts';
import { queueGroup } from './merge-queue.ts';
import { site as pages } from './pages/site.ts';
import { turnDraft } from './pulls.ts';
import { createRepository } from './repository.ts';
import { ROUTES } from './routes.ts';
import { covers, loadRulesets } from './rulesets.ts';
import { runnerHost } from './runner-host.ts';
import { createRunWatch } from './runs.ts';
import { giveBack, signIn } from './sign-in.ts';
import { runsOfClock } from './triggers.ts';
import { createWebhooks } from './webhooks.ts';

export type { GitHubOptions } from './forge.ts';
export type GitHub = {
  api: string;
  web: string; // the repository's page
  git: string; // clone URL
  oidc: string; // issuer
  repositoryId: number;
  calls: ApiCall[]; // every REST call; the web pages are not among them
  violations: string[]; // answers and deliveries of its own that GitHub's description forbids; none, unless the sandbox has a fault
  bareRepository: string;
  setWebhookUrls(urls: string[]): void; // several are replicas of one receiver: each event goes to one of them
  setVariable(name: string, value: string): void;
  setEnvironment(name: string, environment: Environment): void;
  /** The merge queue takes open pull requests into one group, in this order, and asks for its checks. */
  queue(numbers: readonly number[], login: string): Promise<{ head_sha: string; head_ref: string }>;
  setMergeMethods(...methods: MergeMethod[]): void; // what the repository's settings allow
  setDisabled(workflow: string, disabled: boolean): void; // the button on a workflow's page
  setDraft(login: string, number: number, draft: boolean): Promise<void>; // the buttons on a pull request's page
  seedBranch(branch: string, fastImport: string | Buffer): Promise<void>; // throws when the stream does not make the branch
  tick(at: Date): Promise<void>; // starts what is scheduled for this minute; no clock runs by itself
  idle(): Promise<void>; // no run is going and every webhook was delivered
  close(): Promise<void>;
};

/** Starts on a free loopback port. Throws when git is missing, the folder is used, or a ruleset cannot be held. */
export async function startGitHub(options: GitHubOptions): Promise<GitHub> {
  const { owner, repo, dir } = options;
  const git = await createRepository(dir, owner, repo, options.seed, options.defaultBranch);
  const site = new Hono();
  const server = await listen(site, options.weather?.door('github'));
  const web = `${server.url}/${owner}/${repo}`;
  const api = `${server.url}/api/v3`;
  const repository = { repo: `${api}/repos/${owner}/${repo}`, web, git: `${web}.git` };
  const urls = { server: server.url, api, ...repository, oidc: `${server.url}/_oidc` };
  const variables = { ...options.variables };
  const environments = { ...options.environments };
  let last = 1000;
  const start = isoTime();
  const oidc = await createOidc(urls.oidc);
  const webhooks = createWebhooks(() => forge);
  const parts = { options, urls, git, tokens: createTokens(options.people) };
  const isProtected = (ref: string) =>
    forge.rulesets.some((set) => set.enforcement === 'active' && covers(forge, set, ref));
  const settings = { variables, environments, isProtected, changed: createRunWatch(() => forge) };
  const runner = (options.runner ?? createRunner)(runnerHost(parts, settings), oidc);
  const forge: Forge = {
    ...parts,
    ...{
      webhooks,
      runner,
      environments,
      calls: [],
      violations: [],
      meter: createMeter(options.limits ?? GITHUBS),
      nextId: () => ++last,
      times: () => ({ created_at: start, updated_at: start }),
      exclusive: createQueue(),
    },
    rulesets: await loadRulesets({ git, options }),
    state: {
      ...{
        activities: [],
        issues: [],
        comments: [],
        reviews: [],
        checks: [],
        statuses: [],
        asked: new Set(),
      },
      ...{ runs: new Map(), attempts: new Map(), requests: new Map(), heads: new Map() },
      ...{ mergeMethods: new Set(['merge', 'squash']), disabled: new Set() },
    },
  };

  site.delete('/api/v3/applications/:client/token', (context) => giveBack(forge, context));
  mount(site, forge, ROUTES);
  site.all(`/${owner}/${repo}.git/*`, (context) => gitHttp(forge, context.req.raw));
  site.route('/_oidc', oidc.routes);
  site.route('/login/oauth', signIn(forge));
  site.route(`/${owner}/${repo}`, pages(forge));

  return {
    ...urls,
    repositoryId: idOf(`${owner}/${repo}`),
    calls: forge.calls,
    violations: forge.violations,
    bareRepository: git.dir,
    setWebhookUrls: webhooks.setUrls,
    setVariable: (name, value) => void Object.assign(variables, { [name]: value }),
    setEnvironment: (name, environment) => void Object.assign(environments, { [name]: environment }),
    queue: (numbers, login) => queueGroup(forge, numbers, login),
    setMergeMethods: (...methods) => {
      forge.state.mergeMethods = new Set(methods);
    },
    setDisabled: (workflow, disabled) =>
      void forge.state.disabled[disabled ? 'add' : 'delete'](`.github/workflows/${workflow}`),
    setDraft: (login, number, draft) => turnDraft(forge, login, number, draft),
    async seedBranch(branch, fastImport) {
      await git.text(['fast-import', '--quiet'], { input: fastImport });
      await git.text(['rev-parse', '--verify', `refs/heads/${branch}`]);
    },
    tick: (at) => runsOfClock(forge, at),
    async idle() {
      await runner.idle();
      await webhooks.idle();
    },
    async close() {
      webhooks.setUrls([]);
      for (const { id, status } of forge.state.runs.values()) {
        if (status === 'completed') continue;
        runner.cancel(id);
        runner.cancel(id); // by force: nobody is there any more whom its last steps could tell
      }
      await runner.idle();
      await server.close();
    },
  };
}
