// Runs one job: rights and secrets first, then the steps, then the post parts in reverse. Must never hand a secret of an
// environment to a ref which that environment does not allow, nor leave a token or process alive after the job.
import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { createLog, type Log, messageOf } from './commands.ts';
import { branchOf, defaultVariables, fileContext, githubContext, oidcClaims, type Run } from './contexts.ts';
import { type Json, resolve, texts } from './expressions.ts';
import { createMasks } from './masking.ts';
import { loadAction, type NodeAction } from './node-action.ts';
import type { Oidc } from './oidc.ts';
import { outputsOf } from './outputs.ts';
import type { JobPlan, StepPlan } from './parse.ts';
import { permissionsOf } from './permissions.ts';
import { endLeftovers } from './process.ts';
import { type Job, runTask, statusOf, type Task, title } from './step.ts';
import type { Environment, JobState, StepState } from './types.ts';

/** `contexts` is what the job's own keys may see; `cancel` is pulled by people and by the job's time-out. */
export type JobOrder = {
  run: Run;
  plan: JobPlan;
  state: JobState;
  contexts: Record<string, unknown>;
  oidc: Oidc;
  cancel: AbortController;
  force: AbortSignal;
  minute: number;
  changed(): void;
};

const TIMEOUT_MINUTES = 360;
// How long a cancelled job may go on with what always runs, before it is ended by force.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
const GRACE_MINUTES = 5;

/** Runs the job to its end and writes everything into its state; the failure of a job is no exception. */
export async function runJob(order: JobOrder): Promise<void> {
  const { state, plan, changed } = order;
  const setUp = newStep('Set up job');
  const log = createLog(setUp, createMasks());
  const undo: (() => unknown)[] = [];
  state.steps = [setUp, ...plan.steps.map((step) => newStep(title(step)))];
  for (const begun of [state, setUp]) Object.assign(begun, { status: 'in_progress', startedAt: Date.now() });
  changed();
  try {
    const job = await prepare(order, log, undo);
    const actions = await loadActions(order);
    Object.assign(setUp, { status: 'completed', conclusion: 'success', completedAt: Date.now() });
    const minutes = timeout(order);
    const timer = setTimeout(() => {
      log.issue('error', `The job has exceeded the maximum execution time of ${minutes} minutes.`);
      order.cancel.abort();
    }, minutes * order.minute);
    undo.push(() => clearTimeout(timer));
    await runSteps(order, job, actions);
    clearTimeout(timer);
    state.outputs = outputsOf(plan, job, log);
    state.conclusion = statusOf(job);
  } catch (error) {
    log.fail(messageOf(error));
    setUp.conclusion = state.conclusion = 'failure';
  }
  for (const action of undo.toReversed()) await action();
  const completedAt = Date.now();
  for (const step of state.steps) {
    step.status = 'completed';
    step.conclusion ??= 'skipped';
    step.completedAt ??= completedAt;
  }
  Object.assign(state, { status: 'completed', completedAt });
  changed();
}

async function runSteps(
  { plan, state }: JobOrder,
  job: Job,
  actions: Map<string, NodeAction>,
): Promise<void> {
  const posts: Task[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const shown = state.steps[index + 1] ?? newStep(title(step));
    const action = actions.get(usesOf(step)) ?? null;
    const task: Task = { state: shown, plan: step, action, if: step.if, part: 'main', saved: {} };
    const started = await runTask(job, task);
    if (!started || !action?.post) continue;
    posts.unshift({ ...task, state: newStep(`Post ${shown.name}`), if: action.post.if, part: 'post' });
  }
  state.steps.push(...posts.map((post) => post.state));
  for (const post of posts) await runTask(job, post);
}

/** Everything a job has before its first step. Whatever it opens, it also puts into `undo`. */
async function prepare(order: JobOrder, log: Log, undo: (() => unknown)[]): Promise<Job> {
  const { run, plan, state, oidc } = order;
  const { host } = run;
  const labels = JSON.stringify(given(order, 'runs-on'));
  log.write(`The sandbox runs this job itself, in place of ${labels}`);
  const { secrets, variables } = enterEnvironment(order, log);
  const { 'id-token': id_token, ...permissions } = permissionsOf(run.plan, plan, run.granted);
  log.write(
    `Permissions of the job's token: ${JSON.stringify(permissions)}, identity token: ${id_token ?? 'none'}`,
  );

  const root = join(host.dir, `job-${state.id}`);
  undo.push(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));
  const folder = async (name: string) =>
    mkdir(join(root, name), { recursive: true }).then(() => join(root, name));
  const [workspace, temp] = [await folder('workspace'), await folder('temp')];
  const artifacts = artifactsOf(host.dir, run.request.id);
  await mkdir(artifacts, { recursive: true });
  const machine = { ...host.machine, HOME: await folder('home') };
  const hosted = labels.includes('self-hosted') ? 'self-hosted' : 'github-hosted';
  const runner = {
    ...{
      os: 'Linux',
      arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
      name: 'sandbox',
      environment: hosted,
    },
    ...{ temp, tool_cache: await folder('tools'), workspace: root },
  };

  const masks = createMasks();
  const spelt = Object.entries(permissions).map(([name, level]) => [name.replaceAll('-', '_'), level]);
  const token = host.mintToken({ metadata: 'read', ...Object.fromEntries(spelt) });
  undo.push(() => host.revokeToken(token));
  for (const secret of [token, ...Object.values(secrets)]) masks.add(secret.trim());
  const github = {
    ...githubContext(run),
    token,
    job: plan.key,
    workspace,
    event_path: join(temp, 'event.json'),
  };
  await writeFile(github.event_path, JSON.stringify(run.event));
  const identity: Record<string, string> = {};
  if (id_token === 'write') {
    const grant = oidc.grant(oidcClaims(run, state, hosted));
    undo.push(() => oidc.revoke(grant.requestToken));
    masks.add(grant.requestToken);
    identity['ACTIONS_ID_TOKEN_REQUEST_URL'] = grant.requestUrl;
    identity['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = grant.requestToken;
  }
  const contexts = {
    ...{ ...order.contexts, github, runner },
    vars: { ...host.variables(), ...variables },
    secrets: { ...secrets, GITHUB_TOKEN: token },
    job: fileContext(run),
  };
  const groups = new Set<number>();
  const mark = `github_${randomUUID()}`;
  undo.push(() => endLeftovers(groups, mark));
  const late = new AbortController();
  const grace = () => {
    const timer = setTimeout(() => late.abort(), GRACE_MINUTES * order.minute);
    undo.push(() => clearTimeout(timer));
  };
  if (order.cancel.signal.aborted) grace();
  else order.cancel.signal.addEventListener('abort', grace, { once: true });
  return {
    ...{ state, contexts, steps: {}, path: [], machine, masks, groups, mark, failed: false },
    env: Object.assign(Object.create(null), {
      ...texts(run.plan.root.find('env'), { contexts }),
      ...texts(plan.token.find('env'), { contexts }),
    }),
    variables: { ...defaultVariables(github, runner), ...identity },
    origin: { GITHUB_ACTION_REPOSITORY: run.file.repository, GITHUB_ACTION_REF: run.file.sha },
    folders: { workspace, temp, artifacts },
    ...{ cancelled: order.cancel.signal, force: AbortSignal.any([order.force, late.signal]) },
    ...{ minute: order.minute, changed: order.changed },
  };
}

async function loadActions({ run, plan }: JobOrder): Promise<Map<string, NodeAction>> {
  const used = new Set(plan.steps.map(usesOf).filter(Boolean));
  const { repository, sha } = run.file; // `$/` is the repository of the workflow's file, not that of the run
  const tree = used.size > 0 ? await run.host.checkout(repository, sha) : '';
  const actions = new Map<string, NodeAction>();
  for (const uses of used) actions.set(uses, await loadAction(tree, uses));
  return actions;
}

// https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
function enterEnvironment(order: JobOrder, log: Log): Pick<Environment, 'secrets' | 'variables'> {
  const { run, state } = order;
  const value = given(order, 'environment');
  const name = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['name'] : value;
  if (typeof name !== 'string' || name === '') return { secrets: handed(run, {}), variables: {} };
  state.environment = name;
  const environment = run.host.environment(name);
  if (!environment) {
    log.write(
      `::warning::Environment '${name}' does not exist: no secrets (GitHub would create it, empty and open)`,
    );
    return { secrets: handed(run, {}), variables: {} };
  }
  const branch = branchOf(run.request.ref);
  if (environment.branches.some((pattern) => matchesGlob(branch, pattern)))
    return { ...environment, secrets: handed(run, environment.secrets) };
  throw new Error(
    `Branch "${branch}" is not allowed to deploy to ${name} due to environment protection rules.`,
  );
}

/**
 * In a called workflow a secret has a value only when the caller handed it over by name; the environment's comes first then.
 * https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow
 */
function handed(run: Run, secrets: Record<string, string>): Record<string, string> {
  if (run.secrets === null) return secrets;
  const own = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name.toUpperCase(), value]));
  return Object.fromEntries(Object.entries(run.secrets).map(([name, value]) => [name, own[name] ?? value]));
}

function given({ plan, contexts }: JobOrder, key: string): Json {
  const token = plan.token.find(key);
  return token ? resolve(token, { contexts }) : null;
}

// A hosted machine is taken away after six hours, whatever the job says.
function timeout(order: JobOrder): number {
  const minutes = given(order, 'timeout-minutes') ?? TIMEOUT_MINUTES;
  if (typeof minutes !== 'number') throw new Error('timeout-minutes is not a number');
  return Math.min(minutes, TIMEOUT_MINUTES);
}

/** Where the files stay that a run's jobs upload. */
export const artifactsOf = (dir: string, run: number): string => join(dir, 'artifacts', String(run));

const usesOf = (plan: StepPlan): string => String(plan.token.find('uses') ?? '');

export const newStep = (name: string, log: string[] = []): StepState => ({
  ...{ name, status: 'queued', conclusion: null, log, annotations: [], startedAt: null, completedAt: null },
});
