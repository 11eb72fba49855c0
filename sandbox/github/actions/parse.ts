// Reads a workflow file into a plan, with GitHub's own parser and schema. Must never let a key pass that the runner
// would then ignore: such keys are listed in `unsupported`, and a run with any of them fails before its first job.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
import type { MappingToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { type Json, keys, resolve } from './expressions.ts';
import { convertJobs, convertOn, isMapping, isSequence, isString, parseWorkflow, trace } from './load.ts';

export type StepPlan = { id: string; if: string; token: MappingToken };
export type JobPlan = { key: string; needs: string[]; if: string; token: MappingToken; steps: StepPlan[] };
export type DispatchInputs = Record<
  string,
  { required: boolean; default?: string; type?: string; options?: string[] }
>;
export type Plan = {
  name: string;
  root: MappingToken;
  jobs: JobPlan[];
  dispatchInputs: DispatchInputs | null;
  unsupported: string[];
};
export type Parsed = { ok: true; plan: Plan } | { ok: false; errors: string[] };

/** `path` is the file's path in the repository; it is the workflow's name when it has none, as on GitHub. */
export function parsePlan(yaml: string, path: string): Parsed {
  const { context, value: root } = parseWorkflow({ name: path, content: yaml }, trace);
  const errors = () => context.errors.getErrors().map((error) => error.message);
  if (!root || !isMapping(root) || errors().length > 0) return { ok: false, errors: errors() };
  const on = root.find('on');
  const jobs = root.find('jobs');
  if (!on || !jobs || !isMapping(jobs)) return { ok: false, errors: ['`on` and `jobs` are required'] };
  convertOn(context, on);
  const converted = convertJobs(context, jobs);
  if (errors().length > 0) return { ok: false, errors: errors() };
  const unsupported = [...foreign(root, ROOT, ''), ...concurrencyProblems(root.find('concurrency'))];
  const plans = converted.map((job): JobPlan => {
    const token = jobs.find(job.id.value);
    if (!token || !isMapping(token)) throw new Error(`the parser lost job ${job.id.value}`);
    unsupported.push(...jobProblems(token, `jobs.${job.id.value}`));
    const written = token.find('steps');
    const steps = (job.type === 'job' ? job.steps : []).flatMap((step, index): StepPlan[] => {
      const item = written && isSequence(written) ? written.get(index) : undefined;
      if (!item || !isMapping(item) || !('if' in step) || !step.if) return [];
      return [{ id: step.id, if: step.if.expression, token: item }];
    });
    return {
      key: job.id.value,
      needs: (job.needs ?? []).map((need) => need.value),
      if: job.if.expression,
      token,
      steps,
    };
  });
  const name = root.find('name');
  return {
    ok: true,
    plan: {
      name: name && isString(name) && name.value ? name.value : path,
      root,
      jobs: plans,
      dispatchInputs: dispatchInputs(on),
      unsupported,
    },
  };
}

const ROOT = ['name', 'run-name', 'on', 'permissions', 'env', 'concurrency', 'jobs'];
const JOB = 'name needs if runs-on environment timeout-minutes permissions env outputs steps'.split(' ');
const STEP = 'name id if uses with run env continue-on-error timeout-minutes working-directory shell'.split(
  ' ',
);

const refusal = (where: string) => `${where} is not supported by the sandbox's runner`;

function foreign(token: MappingToken, known: string[], where: string): string[] {
  return keys(token)
    .filter((key) => !known.includes(key))
    .map((key) => refusal(where ? `${where}.${key}` : key));
}

function jobProblems(job: MappingToken, where: string): string[] {
  const problems = foreign(job, JOB, where);
  const environment = job.find('environment');
  if (environment && isMapping(environment))
    problems.push(...foreign(environment, ['name'], `${where}.environment`));
  const steps = job.find('steps');
  if (!steps || !isSequence(steps)) return problems;
  for (let index = 0; index < steps.count; index++) {
    const step = steps.get(index);
    if (!isMapping(step)) continue;
    const at = `${where}.steps[${index}]`;
    problems.push(...foreign(step, STEP, at));
    const uses = step.find('uses');
    if (uses && !(isString(uses) && /^\$\/[\w-]+(\/[\w-]+)*$/.test(uses.value)))
      problems.push(refusal(`${at}.uses: ${uses} (only $/folder/of/an/action)`));
    const shell = step.find('shell');
    if (shell && !(isString(shell) && shell.value === 'bash'))
      problems.push(refusal(`${at}.shell: ${shell}`));
  }
  return problems;
}

function concurrencyProblems(token: TemplateToken | undefined): string[] {
  if (!token) return [];
  const queue = isMapping(token) ? token.find('queue') : undefined;
  const cancel = isMapping(token) ? token.find('cancel-in-progress') : undefined;
  const max = queue !== undefined && isString(queue) && queue.value === 'max';
  const problems = max ? [] : [refusal('concurrency without `queue: max`')];
  if (cancel && String(cancel) !== 'false') problems.push(refusal('concurrency with cancel-in-progress'));
  return problems;
}

// Read from the file itself: the package's own reading (0.3.61) loses type and default of a number.
function dispatchInputs(on: TemplateToken): DispatchInputs | null {
  const value = resolve(on, { contexts: {} });
  const names = typeof value === 'string' ? [value] : Array.isArray(value) ? value : Object.keys(value ?? {});
  if (!names.includes('workflow_dispatch')) return null;
  const inputs = fields(fields(fields(value)['workflow_dispatch'])['inputs']);
  const entries = Object.entries(inputs).map(([name, input]) => {
    const { required, default: fallback, type, options } = fields(input);
    const declared = {
      required: required === true,
      ...(fallback === undefined || fallback === null ? {} : { default: String(fallback) }),
      ...(typeof type === 'string' ? { type } : {}),
      ...(Array.isArray(options) ? { options: options.map(String) } : {}),
    };
    return [name, declared];
  });
  return Object.fromEntries(entries);
}

const fields = (value: Json | undefined): { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
