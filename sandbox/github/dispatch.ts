// workflow_dispatch: may this file be started at this ref with these inputs? It must never start one that GitHub would
// refuse. https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
import * as z from 'zod';
import { MOST_INPUTS } from './actions/parse.ts';
import type { JobState, RunRequest, RunState } from './actions/types.ts';
import type { Need } from './auth.ts';
import { plainCommit, readCommit } from './commits.ts';
import { nodeId } from './fields.ts';
import { type Actor, type Forge, idOf } from './forge.ts';
import { ANY, type Call, REPO, route } from './http.ts';
import { created, missing, nothing, ok, type Reply, refuse } from './reply.ts';
import { runRoute, runView, workflowView } from './runs.ts';

const Dispatch = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  return_run_details: z.boolean().default(false),
});
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
const MOST_CHARACTERS = 65_535;
const MOST_RERUNS = 50;

async function dispatch(
  forge: Forge,
  { actor, params, input }: Call<z.infer<typeof Dispatch>>,
): Promise<Reply> {
  const { git, runner } = forge;
  const workflow = await workflowPath(forge, params['file'] ?? '');
  const sha = await git.resolve(input.ref);
  if (!workflow) return missing; // it must be on the default branch, whatever ref it is run at
  if (!sha) return refuse(422, `No ref found for: ${input.ref}`);
  const yaml = await git.attempt(['cat-file', 'blob', `${sha}:${workflow}`]);
  if (!yaml.ok) return refuse(404, `Workflow does not exist at ${input.ref}`);
  const parsed = runner.parse(yaml.out.toString(), workflow);
  if (!parsed.ok) return refuse(422, `failed to parse workflow: ${parsed.errors.join('; ')}`);
  if (forge.state.disabled.has(workflow))
    return refuse(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  if (!parsed.dispatchInputs) return refuse(422, "Workflow does not have 'workflow_dispatch' trigger");
  const wrong = wrongInput(parsed.dispatchInputs, input.inputs);
  if (wrong) return refuse(422, wrong);
  const branch = input.ref.replace(/^refs\/heads\//, '');
  const isBranch = (await git.attempt(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`])).ok;
  const ref = isBranch ? `refs/heads/${branch}` : `refs/tags/${input.ref.replace(/^refs\/tags\//, '')}`;
  const { inputs } = input;
  const run = await startRun(forge, {
    event: 'workflow_dispatch',
    workflow,
    ref,
    sha,
    inputs,
    actor: actor.login,
  });
  const { id, url, html_url } = runView(forge, run);
  return input.return_run_details ? ok({ workflow_run_id: id, run_url: url, html_url }) : nothing;
}

/** The first attempt of a new run. */
export function startRun(
  forge: Forge,
  about: Omit<RunRequest, 'id' | 'number' | 'attempt'>,
): Promise<RunState> {
  const before = [...forge.state.requests.values()].filter(({ workflow }) => workflow === about.workflow);
  return start(forge, { id: forge.nextId(), number: before.length + 1, attempt: 1, ...about });
}

async function start(forge: Forge, request: RunRequest) {
  const { id, sha } = request;
  forge.state.requests.set(id, request);
  if (!forge.state.heads.has(sha)) forge.state.heads.set(sha, plainCommit(await readCommit(forge, sha)));
  const run = await forge.runner.start(request);
  forge.state.runs.set(run.id, run);
  return run;
}

/**
 * One attempt more of the same run, on the same commit: the named jobs and all that need them; the others stay as they
 * ended. https://docs.github.com/en/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 */
async function runAgain(forge: Forge, actor: Actor, run: RunState, jobs: JobState[]): Promise<Reply> {
  const request = forge.state.requests.get(run.id);
  if (!request || run.status !== 'completed') return refuse(403, 'This workflow is already running');
  const old = Date.now() - run.createdAt > 30 * 24 * 3_600_000;
  if (old || run.attempt > MOST_RERUNS || jobs.length === 0)
    return refuse(403, 'This workflow run cannot be retried');
  const again = { keys: jobs.map(({ key }) => key), before: run.jobs, createdAt: run.createdAt };
  await start(forge, { ...request, attempt: run.attempt + 1, triggeringActor: actor.login, again });
  return created({});
}

type Declared = Record<string, { required: boolean; default?: string; type?: string; options?: string[] }>;
function wrongInput(declared: Declared, given: Record<string, string>): string | undefined {
  const names = Object.keys(given);
  const unexpected = names.filter((name) => !Object.hasOwn(declared, name));
  if (unexpected.length > 0) return `Unexpected inputs provided: ${JSON.stringify(unexpected)}`;
  if (names.length > MOST_INPUTS) return `only ${MOST_INPUTS} inputs are allowed`;
  if (JSON.stringify(given).length > MOST_CHARACTERS) return 'inputs are too large.';
  for (const [name, { required, default: fallback, type, options }] of Object.entries(declared)) {
    const value = given[name];
    if (value === undefined && required && fallback === undefined)
      return `Required input '${name}' not provided`;
    const allowed = type === 'choice' ? options : type === 'boolean' ? ['true', 'false'] : undefined;
    if (value !== undefined && allowed?.includes(value) === false)
      return `Provided value '${value}' for input '${name}' not in the list of allowed values`;
  }
  return undefined;
}

async function workflowPath({ git }: Forge, file: string): Promise<string | undefined> {
  const names = await git.text(['ls-tree', '--name-only', 'HEAD', '.github/workflows/']);
  return names.split('\n').find((path) => path === `.github/workflows/${file}` || `${idOf(path)}` === file);
}

async function readWorkflow(forge: Forge, path: string) {
  const yaml = (await forge.git.bytes(['cat-file', 'blob', `HEAD:${path}`])).toString();
  const parsed = forge.runner.parse(yaml, path);
  return workflowView(forge, path, parsed.ok ? parsed.name : path);
}

const read: Need = ['actions:read', 'read'];
const write: Need = ['actions:write', 'write'];
export const dispatchRoutes = [
  route(`GET ${REPO}/actions/workflows/:file`, read, ANY, async (forge, { params }) => {
    const path = await workflowPath(forge, params['file'] ?? '');
    return path ? ok(await readWorkflow(forge, path)) : missing;
  }),
  // https://docs.github.com/en/rest/deployments/environments#get-an-environment
  route(`GET ${REPO}/environments/:name`, read, ANY, ({ urls, times, environments }, { params }) => {
    const name = params['name'] ?? '';
    if (!Object.hasOwn(environments, name)) return missing;
    const place = `environments/${encodeURIComponent(name)}`;
    const about = { id: idOf(name), node_id: nodeId('Environment', name), name };
    const deployment_branch_policy = { protected_branches: false, custom_branch_policies: true };
    return ok({
      ...about,
      url: `${urls.repo}/${place}`,
      html_url: `${urls.web}/${place}`,
      ...times(),
      deployment_branch_policy,
    });
  }),
  route(`POST ${REPO}/actions/workflows/:file/dispatches`, write, Dispatch, dispatch),
  runRoute('POST /rerun', write, (forge, run, { actor }) => runAgain(forge, actor, run, run.jobs)),
  runRoute('POST /rerun-failed-jobs', write, (forge, run, { actor }) => {
    const failed = run.jobs.filter(({ conclusion }) => conclusion !== 'success' && conclusion !== 'skipped');
    return runAgain(forge, actor, run, failed);
  }),
  route(`POST ${REPO}/actions/jobs/:number/rerun`, write, ANY, (forge, { actor, number }) => {
    const run = [...forge.state.runs.values()].find(({ jobs }) => jobs.some(({ id }) => id === number));
    const job = run?.jobs.find(({ id }) => id === number);
    return run && job ? runAgain(forge, actor, run, [job]) : missing;
  }),
  runRoute('POST /cancel', write, (forge, run) => {
    if (run.status === 'completed') return refuse(409, 'Cannot cancel a workflow run that is completed.');
    forge.runner.cancel(run.id);
    return { status: 202, body: {} };
  }),
];
