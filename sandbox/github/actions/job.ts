// Runs one job: rights and secrets first, then the steps, then the post parts in reverse. Must never hand a secret of an
// environment to a ref which that environment does not allow, nor leave a token or process alive after the job.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { createLog } from './commands.ts';
import { defaultVariables, githubContext, inputsContext, oidcClaims, type Run } from './contexts.ts';
import { type Json, resolve, type Scope, text, texts } from './expressions.ts';
import { createMasks } from './masking.ts';
import { loadAction, type NodeAction } from './node-action.ts';
import type { Oidc } from './oidc.ts';
import type { JobPlan, StepPlan } from './parse.ts';
import { endGroups } from './process.ts';
import { type Job, runTask, statusOf, type Task } from './step.ts';
import type { JobState, StepState } from './types.ts';

export type JobOrder = {
  run: Run;
  plan: JobPlan;
  state: JobState;
  needs: Record<string, { result: string; outputs: Record<string, string> }>;
  oidc: Oidc;
  cancel: AbortController; // cancelled by people, or by this job's own time-out
  force: AbortSignal;
  minute: number;
  changed(): void;
};

const TIMEOUT_MINUTES = 360;
// What a job may do when the workflow does not say: GitHub's restricted default.
const RESTRICTED = { contents: 'read', packages: 'read' };

/** Runs the job to its end and writes everything into its state; the failure of a job is no exception. */
export async function runJob(order: JobOrder): Promise<void> {
  const { state, changed } = order;
  const setUp = newStep('Set up job');
  state.steps = [setUp, ...order.plan.steps.map((step) => newStep(title(step)))];
  const log = createLog(setUp.log, createMasks());
  const undo: (() => unknown)[] = [];
  Object.assign(state, { status: 'in_progress', startedAt: Date.now() });
  Object.assign(setUp, { status: 'in_progress', startedAt: Date.now() });
  changed();
  try {
    const { job, actions } = await prepare(order, log.write, undo);
    Object.assign(setUp, { status: 'completed', conclusion: 'success', completedAt: Date.now() });
    const timer = setTimeout(() => order.cancel.abort(), minutes(order) * order.minute);
    undo.push(() => clearTimeout(timer));
    await runSteps(order, job, actions);
    state.outputs = outputs(order, job, log.write);
    state.conclusion = statusOf(job);
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    for (const step of state.steps) if (step.conclusion === null) step.conclusion = 'skipped';
    Object.assign(setUp, { conclusion: 'failure', completedAt: Date.now() });
    state.conclusion = 'failure';
  }
  for (const step of undo.toReversed()) await step();
  for (const step of state.steps) step.status = 'completed';
  Object.assign(state, { status: 'completed', completedAt: Date.now() });
  changed();
}

async function runSteps(order: JobOrder, job: Job, actions: Map<string, NodeAction>): Promise<void> {
  const posts: Task[] = [];
  for (const [index, plan] of order.plan.steps.entries()) {
    const state = order.state.steps[index + 1];
    if (!state) throw new Error('a step has no state');
    const action = actions.get(usesOf(plan) ?? '') ?? null;
    const task: Task = { state, plan, action, if: plan.if, part: 'main', saved: {} };
    const started = await runTask(job, task);
    if (!started || !action?.post) continue;
    posts.unshift({ ...task, state: newStep(`Post ${state.name}`), if: action.post.if, part: 'post' });
  }
  order.state.steps.push(...posts.map((post) => post.state));
  for (const post of posts) await runTask(job, post);
}

async function prepare(order: JobOrder, log: (line: string) => void, undo: (() => unknown)[]) {
  const { run, plan, state } = order;
  const { host, request } = run;
  const early: Scope = { contexts: earlyContexts(order) };
  const runsOn = plan.token.find('runs-on');
  const labels = JSON.stringify(runsOn ? resolve(runsOn, early) : null);
  log(`Runner of the sandbox, in place of ${labels}`);
  const { secrets, variables } = enterEnvironment(order, early, log);
  const permissions = permissionsOf(order);
  log(`Permissions of the token: ${JSON.stringify(permissions)}`);
  const { id_token, ...scopes } = permissions;

  const root = join(host.dir, `job-${state.id}`);
  const [workspace, temp, home, tools] = ['workspace', 'temp', 'home', 'tools'].map((name) =>
    join(root, name),
  );
  if (!workspace || !temp || !home || !tools) throw new Error('no folders');
  undo.push(() => rm(root, { recursive: true, force: true }));
  for (const folder of [workspace, temp, home, tools]) await mkdir(folder, { recursive: true });

  const token = host.mintToken({ metadata: 'read', ...scopes });
  undo.push(() => host.revokeToken(token));
  const masks = createMasks();
  for (const secret of [token, ...Object.values(secrets)]) masks.add(secret);
  const runner = {
    os: 'Linux',
    arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
    name: 'sandbox',
    environment: labels.includes('self-hosted') ? 'self-hosted' : 'github-hosted',
    temp,
    tool_cache: tools,
  };
  const github = {
    ...githubContext(run),
    token,
    job: plan.key,
    workspace,
    event_path: join(temp, 'event.json'),
  };
  await writeFile(github.event_path, JSON.stringify(githubContext(run)['event']));
  const machine: Record<string, string> = { ...host.machine, HOME: home };
  const identity: Record<string, string> = {};
  if (id_token === 'write') {
    const grant = order.oidc.grant(oidcClaims(run, state, runner.environment));
    undo.push(() => order.oidc.revoke(grant.requestToken));
    masks.add(grant.requestToken);
    identity['ACTIONS_ID_TOKEN_REQUEST_URL'] = grant.requestUrl;
    identity['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = grant.requestToken;
  }
  const contexts = {
    ...earlyContexts(order),
    github,
    runner,
    vars: { ...host.variables(), ...variables },
    secrets: { ...secrets, GITHUB_TOKEN: token },
  };
  const scope: Scope = { contexts };
  const env = { ...texts(run.plan.root.find('env'), scope), ...texts(plan.token.find('env'), scope) };
  const groups = new Set<number>();
  undo.push(() => endGroups(groups));

  const used = [...new Set(plan.steps.flatMap((step) => usesOf(step) ?? []))];
  const tree = used.length > 0 ? await host.checkout(request.sha) : '';
  const actions = new Map<string, NodeAction>();
  for (const uses of used) actions.set(uses, await loadAction(tree, uses));
  const job: Job = {
    state,
    contexts,
    steps: {},
    env,
    path: [],
    variables: { ...defaultVariables(github, runner), ...identity },
    machine,
    folders: { workspace, temp },
    masks,
    groups,
    failed: false,
    cancelled: order.cancel.signal,
    force: order.force,
    minute: order.minute,
    changed: order.changed,
  };
  return { job, actions };
}

/** What an expression may see before the job has a machine. */
export const earlyContexts = ({ run, needs }: Pick<JobOrder, 'run' | 'needs'>): Record<string, unknown> => ({
  github: githubContext(run),
  inputs: inputsContext(run),
  vars: run.host.variables(),
  needs,
});

// https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
function enterEnvironment({ run, plan, state }: JobOrder, scope: Scope, log: (line: string) => void) {
  const token = plan.token.find('environment');
  const value = token ? resolve(token, scope) : null;
  const name = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['name'] : value;
  if (typeof name !== 'string' || name === '') return { secrets: {}, variables: {} };
  state.environment = name;
  const environment = run.host.environment(name);
  if (!environment) {
    log(
      `::warning::Environment '${name}' does not exist: the job has no secrets (GitHub would create it, empty)`,
    );
    return { secrets: {}, variables: {} };
  }
  const branch = run.request.ref.replace(/^refs\/(heads|tags)\//, '');
  if (!environment.branches.some((pattern) => matchesGlob(branch, pattern)))
    throw new Error(
      `Branch "${branch}" is not allowed to deploy to ${name} due to environment protection rules.`,
    );
  return environment;
}

/** The job's permissions, else the workflow's, in the API's spelling (`pull_requests`). */
function permissionsOf({ run, plan }: JobOrder): Record<string, string> {
  const token = plan.token.find('permissions') ?? run.plan.root.find('permissions');
  const value: Json = token ? resolve(token, { contexts: {} }) : RESTRICTED;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`permissions: ${JSON.stringify(value)} is not supported; name them one by one`);
  const entries = Object.entries(value).filter(([, level]) => level !== 'none');
  return Object.fromEntries(entries.map(([key, level]) => [key.replaceAll('-', '_'), String(level)]));
}

function outputs({ plan }: JobOrder, job: Job, log: (line: string) => void): Record<string, string> {
  const contexts = { ...job.contexts, steps: job.steps, env: job.env, job: { status: statusOf(job) } };
  const values = Object.entries(texts(plan.token.find('outputs'), { contexts }));
  return Object.fromEntries(
    values.filter(([name, value]) => {
      const hidden = job.masks.hides(value);
      if (hidden) log(`::warning::Skip output '${name}' since it may contain secret.`);
      return !hidden && value !== '';
    }),
  );
}

function minutes(order: JobOrder): number {
  const token = order.plan.token.find('timeout-minutes');
  const value = token ? resolve(token, { contexts: earlyContexts(order) }) : TIMEOUT_MINUTES;
  if (typeof value !== 'number') throw new Error('timeout-minutes is not a number');
  return value;
}

export const newStep = (name: string): StepState => ({
  name,
  status: 'queued',
  conclusion: null,
  log: [],
  startedAt: null,
  completedAt: null,
});

function usesOf(plan: StepPlan): string | null {
  const uses = plan.token.find('uses');
  return uses ? text(uses, { contexts: {} }) : null;
}

function title(plan: StepPlan): string {
  const shown = plan.token.find('name') ?? plan.token.find('uses') ?? plan.token.find('run');
  const first = String(shown).split('\n')[0] ?? '';
  return plan.token.find('name') ? first : `Run ${first}`;
}
