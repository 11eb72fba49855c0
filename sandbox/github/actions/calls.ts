// Reads the workflows that a workflow calls, all of them before the first job starts, as GitHub does. Must never let a call
// have more rights than its caller, nor a secret that the caller did not hand over by name.
// https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows
import type { ReusableWorkflowJob } from '@actions/workflow-parser/model/workflow-template';
import { type Run, runContexts, type WorkflowFile } from './contexts.ts';
import { type Json, resolve, type Scope, texts } from './expressions.ts';
import {
  convertJobs,
  convertReferencedWorkflow,
  isMapping,
  parseFileReference,
  parseWorkflow,
  trace,
} from './load.ts';
import { type JobPlan, type Plan, parsePlan } from './parse.ts';
import { exceeding, permissionsOf } from './permissions.ts';
import type { RunnerHost } from './types.ts';

/** A job in its place: `key` is unique in the run, `respond/orient` for a job of a called workflow. */
export type Node = { key: string; plan: JobPlan; called: Called | null };
export type Called = { plan: Plan; file: WorkflowFile; nodes: Node[] };
type Text = { file: WorkflowFile; yaml: string; plan: Plan };
type Tree = { nodes: Node[]; problems: string[] };

const DEEPEST = 10; // https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations#limitations-of-reusable-workflows

/** The jobs of a plan with everything they call. `granted` is what the caller's job may do; null for the run's own file. */
export async function expand(
  host: RunnerHost,
  own: Text,
  granted: Record<string, string> | null = null,
  prefix = '',
  depth = 0,
): Promise<Tree> {
  const tree: Tree = { nodes: [], problems: [] };
  for (const plan of own.plan.jobs) {
    const key = `${prefix}${plan.key}`;
    const rights = permissionsOf(own.plan, plan, granted);
    const more = granted ? exceeding(rights, granted) : [];
    for (const [right, level] of more)
      tree.problems.push(
        `The nested job '${plan.key}' is requesting '${right}: ${level}', but is only allowed '${right}: ${granted?.[right] ?? 'none'}'.`,
      );
    if (plan.uses === null) {
      tree.nodes.push({ key, plan, called: null });
      continue;
    }
    const found = depth >= DEEPEST ? 'calls are nested too deeply' : await fetchCalled(host, own, plan.uses);
    if (typeof found === 'string') {
      tree.problems.push(`${own.file.path}: ${plan.uses}: ${found}`);
      continue;
    }
    tree.problems.push(...found.plan.unsupported, ...mismatches(own, plan, found));
    const inner = await expand(host, found, rights, `${key}/`, depth + 1);
    tree.problems.push(...inner.problems);
    tree.nodes.push({ key, plan, called: { plan: found.plan, file: found.file, nodes: inner.nodes } });
  }
  return tree;
}

/** The file that `uses` names: of the caller's own commit, or of another repository at a ref. Else the reason. */
async function fetchCalled(host: RunnerHost, own: Text, uses: string): Promise<Text | string> {
  const named = parseFileReference(uses);
  const { path } = named;
  if (!/^\.github\/workflows\/[\w.-]+\.ya?ml$/.test(path)) return 'is no file of .github/workflows';
  const other =
    'owner' in named ? { repository: `${named.owner}/${named.repository}`, ref: named.version } : null;
  const at = other ? await host.resolve(other.repository, other.ref) : own.file;
  if (!at) return 'workflow was not found: no such repository or ref, or no access to it';
  const file = { repository: other?.repository ?? own.file.repository, path, sha: at.sha, ref: at.ref };
  const yaml = await host.readFile(file.repository, file.sha, path).catch(() => null);
  if (yaml === null) return 'workflow was not found';
  const parsed = parsePlan(yaml, path);
  if (!parsed.ok) return parsed.errors.join('; ');
  if (!parsed.plan.call) return 'workflow_call key is not defined in the referenced workflow';
  return { file, yaml, plan: parsed.plan };
}

/** What GitHub's own conversion says of inputs and secrets that are missing or not declared. */
function mismatches(own: Text, { key }: JobPlan, called: Text): string[] {
  const { context, value } = parseWorkflow({ name: own.file.path, content: own.yaml }, trace);
  const jobs = value && isMapping(value) ? value.find('jobs') : undefined;
  const job =
    jobs && isMapping(jobs) ? convertJobs(context, jobs).find(({ id }) => id.value === key) : undefined;
  const other = parseWorkflow({ name: called.file.path, content: called.yaml }, context).value;
  if (!other || job?.type !== 'reusableWorkflowJob') return [];
  convertReferencedWorkflow(context, other, job as ReusableWorkflowJob);
  return context.errors.getErrors().map(({ message }) => message);
}

/** The run as jobs of the called workflow see it: their own inputs and secrets, the caller's everything else. */
export function enter(run: Run, plan: JobPlan, called: Called, scope: Scope): Run {
  const handed = plan.token.find('secrets');
  const secrets = handed
    ? texts(handed, { contexts: { ...scope.contexts, secrets: run.secrets ?? {} } })
    : {};
  return {
    ...run,
    plan: called.plan,
    file: called.file,
    inputs: inputsOf(plan, called, scope),
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name.toUpperCase(), value])),
    granted: permissionsOf(run.plan, plan, run.granted),
  };
}

const EMPTY: Record<string, Json> = { string: '', number: 0, boolean: false };

function inputsOf(plan: JobPlan, { plan: called }: Called, scope: Scope): Record<string, Json> {
  const token = plan.token.find('with');
  const given = token ? resolve(token, scope) : {};
  const values = new Map(
    Object.entries(given as Record<string, Json>).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return Object.fromEntries(
    Object.entries(called.call?.inputs ?? {}).map(([name, { type, default: fallback }]) => {
      const value = values.get(name.toLowerCase()) ?? fallback ?? EMPTY[type] ?? '';
      // A number may be written where a text is wanted: expressions give no types away.
      const fits = type === 'string' ? typeof value !== 'object' : typeof value === type;
      if (!fits) throw new Error(`Unexpected value '${JSON.stringify(value)}' for the ${type} input ${name}`);
      return [name, type === 'string' ? String(value) : value];
    }),
  );
}

/** What the call gives back, once its jobs have ended. */
export function outputsOf(
  run: Run,
  ends: Record<string, { result: string; outputs: Record<string, string> }>,
) {
  const on = run.plan.root.find('on');
  const call = on && isMapping(on) ? on.find('workflow_call') : undefined;
  const declared = call && isMapping(call) ? call.find('outputs') : undefined;
  if (!declared || !isMapping(declared)) return {};
  const contexts = { ...runContexts(run), jobs: ends };
  return Object.fromEntries(
    [...declared].map(({ key, value }) => {
      const token = isMapping(value) ? value.find('value') : undefined;
      return [String(key), token ? String(resolve(token, { contexts }) ?? '') : ''];
    }),
  );
}
