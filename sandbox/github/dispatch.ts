// workflow_dispatch: may this file be started at this ref with these inputs? It must never start one that GitHub would
// refuse. https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
import * as z from 'zod';
import type { RunRequest } from './actions/types.ts';
import { type Actor, type Forge, idOf } from './forge.ts';
import { type Call, created, missing, nothing, ok, REPO, type Reply, refuse, route } from './http.ts';
import { runView, workflowView } from './runs.ts';

const Dispatch = z.object({
  ref: z.string(),
  inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({}),
  return_run_details: z.boolean().default(false),
});
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
const MOST_INPUTS = 25;
const MOST_CHARACTERS = 65_535;

async function dispatch(
  forge: Forge,
  { actor, params, input }: Call<z.infer<typeof Dispatch>>,
): Promise<Reply> {
  const path = await workflowPath(forge, params['file'] ?? '');
  if (!path) return missing; // it must exist on the default branch, whatever ref it is run at
  const sha = await forge.git.resolve(input.ref);
  if (!sha) return refuse(422, `No ref found for: ${input.ref}`);
  const yaml = await forge.git.attempt(['cat-file', 'blob', `${sha}:${path}`]);
  if (!yaml.ok) return refuse(404, `Workflow does not exist at ${input.ref}`);
  const parsed = forge.runner.parse(yaml.out.toString(), path);
  if (!parsed.ok) return refuse(422, `failed to parse workflow: ${parsed.errors.join('; ')}`);
  if (!parsed.dispatchInputs) return refuse(422, "Workflow does not have 'workflow_dispatch' trigger");
  const wrong = wrongInputs(parsed.dispatchInputs, input.inputs);
  if (wrong) return refuse(422, wrong);
  const ref = await fullRef(forge, input.ref);
  const number = [...forge.state.requests.values()].filter(({ workflow }) => workflow === path).length + 1;
  const request: RunRequest = {
    id: forge.nextId(),
    number,
    attempt: 1,
    workflow: path,
    ref,
    sha,
    inputs: input.inputs,
    actor: actor.login,
  };
  const run = await start(forge, request);
  if (!input.return_run_details) return nothing;
  const { id, url, html_url } = runView(forge, run);
  return ok({ workflow_run_id: id, run_url: url, html_url });
}

async function start(forge: Forge, request: RunRequest) {
  forge.state.requests.set(request.id, request);
  const run = await forge.runner.start(request);
  forge.state.runs.set(run.id, run);
  return run;
}

/** "Re-run all jobs": the same run and commit, one attempt more. */
async function again(forge: Forge, actor: Actor, id: number): Promise<Reply> {
  const before = forge.state.requests.get(id);
  if (!before) return missing;
  if (forge.state.runs.get(id)?.status !== 'completed')
    return refuse(403, 'This workflow is already running');
  await start(forge, { ...before, attempt: before.attempt + 1, actor: actor.login });
  return created({});
}

type Declared = Record<string, { required: boolean; default?: string; type?: string; options?: string[] }>;
function wrongInputs(declared: Declared, given: Record<string, string>): string | undefined {
  const names = Object.keys(given);
  const unexpected = names.filter((name) => !Object.hasOwn(declared, name));
  if (unexpected.length > 0) return `Unexpected inputs provided: ${JSON.stringify(unexpected)}`;
  if (names.length > MOST_INPUTS)
    return `you may only define up to ${MOST_INPUTS} \`inputs\` for a \`workflow_dispatch\` event`;
  if (JSON.stringify(given).length > MOST_CHARACTERS) return 'inputs are too large.';
  for (const [name, { required, default: fallback, type, options }] of Object.entries(declared)) {
    const value = given[name];
    if (required && value === undefined && fallback === undefined)
      return `Required input '${name}' not provided`;
    if (value !== undefined && type === 'choice' && !options?.includes(value))
      return `Provided value '${value}' for input '${name}' not in the list of allowed values`;
    if (value !== undefined && type === 'boolean' && !/^(true|false)$/.test(value))
      return `Provided value '${value}' for input '${name}' is not a boolean`;
  }
  return undefined;
}

async function workflows(forge: Forge): Promise<string[]> {
  const names = await forge.git.text(['ls-tree', '--name-only', 'main', '.github/workflows/']);
  return names.split('\n').filter((name) => /\.ya?ml$/.test(name));
}

async function workflowPath(forge: Forge, file: string): Promise<string | undefined> {
  return (await workflows(forge)).find(
    (path) => path === `.github/workflows/${file}` || `${idOf(path)}` === file,
  );
}

async function fullRef(forge: Forge, name: string): Promise<string> {
  if (name.startsWith('refs/')) return name;
  return (await forge.git.attempt(['rev-parse', '--verify', '--quiet', `refs/heads/${name}`])).ok
    ? `refs/heads/${name}`
    : `refs/tags/${name}`;
}

async function view(forge: Forge, path: string) {
  const parsed = forge.runner.parse(await forge.git.text(['cat-file', 'blob', `main:${path}`]), path);
  return workflowView(forge, path, parsed.ok ? parsed.name : path);
}

const read = ['actions:read', 'read'] as const;
const write = ['actions:write', 'write'] as const;
export const dispatchRoutes = [
  route(`POST ${REPO}/actions/workflows/:file/dispatches`, write, Dispatch, dispatch),
  route(`POST ${REPO}/actions/runs/:number/rerun`, write, z.unknown(), (forge, { actor, number }) =>
    again(forge, actor, number),
  ),
  route(`GET ${REPO}/actions/workflows`, read, z.unknown(), async (forge) => {
    const all = await Promise.all((await workflows(forge)).map((path) => view(forge, path)));
    return ok({ total_count: all.length, workflows: all });
  }),
  route(`GET ${REPO}/actions/workflows/:file`, read, z.unknown(), async (forge, { params }) => {
    const path = await workflowPath(forge, params['file'] ?? '');
    return path ? ok(await view(forge, path)) : missing;
  }),
];
