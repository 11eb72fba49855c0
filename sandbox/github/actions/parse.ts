// Reads a workflow file into a plan, with GitHub's own parser and schema. Must never let a key pass that the runner
// would then ignore: such keys are listed in `unsupported`, and a run with any of them fails before its first job.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
import type { MappingToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index';
import { type Json, keys, resolve } from './expressions.ts';
import { convertJobs, convertOn, isMapping, isSequence, isString, parseWorkflow, trace } from './load.ts';
import { UPLOAD } from './node-action.ts';

export type StepPlan = { id: string; if: string; token: MappingToken };
/** `uses` names another workflow's file, which the job stands for; it has no steps of its own then. */
export type JobPlan = {
  key: string;
  needs: string[];
  if: string;
  uses: string | null;
  token: MappingToken;
  steps: StepPlan[];
};
export type DispatchInputs = Record<
  string,
  { required: boolean; default?: string; type?: string; options?: string[] }
>;
/** What a workflow takes and gives when another one calls it. */
export type Call = {
  inputs: Record<string, { required: boolean; default?: Json; type: string }>;
  secrets: Record<string, { required: boolean }>;
};
export type Plan = {
  name: string;
  root: MappingToken;
  jobs: JobPlan[];
  dispatchInputs: DispatchInputs | null;
  call: Call | null;
  /** Every trigger with what stands below it. */
  triggers: Record<string, Json>;
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
      uses: job.type === 'reusableWorkflowJob' ? job.ref.value : null,
      token,
      steps,
    };
  });
  const name = root.find('name');
  const triggers = triggersOf(on);
  const inputs = dispatchInputs(triggers);
  if (Object.keys(inputs ?? {}).length > MOST_INPUTS)
    return {
      ok: false,
      errors: [`you may only define up to ${MOST_INPUTS} \`inputs\` for a \`workflow_dispatch\` event`],
    };
  return {
    ok: true,
    plan: {
      name: name && isString(name) && name.value ? name.value : path,
      root,
      jobs: plans,
      dispatchInputs: inputs,
      call: callOf(triggers),
      triggers,
      unsupported,
    },
  };
}

// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
export const MOST_INPUTS = 25;
const ROOT = ['name', 'run-name', 'on', 'permissions', 'env', 'concurrency', 'jobs'];
const JOB = 'name needs if runs-on environment timeout-minutes permissions env outputs steps strategy'.split(
  ' ',
);
const CALL = 'name needs if uses with secrets permissions strategy'.split(' ');
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
  const problems = foreign(job, job.find('uses') ? CALL : JOB, where);
  const strategy = job.find('strategy');
  if (strategy && isMapping(strategy))
    problems.push(...foreign(strategy, ['matrix', 'fail-fast', 'max-parallel'], `${where}.strategy`));
  const secrets = job.find('secrets');
  if (secrets && !isMapping(secrets)) problems.push(refusal(`${where}.secrets: ${secrets}`));
  const environment = job.find('environment');
  if (environment && isMapping(environment))
    problems.push(...foreign(environment, ['name', 'deployment'], `${where}.environment`));
  const steps = job.find('steps');
  if (!steps || !isSequence(steps)) return problems;
  for (let index = 0; index < steps.count; index++) {
    const step = steps.get(index);
    if (!isMapping(step)) continue;
    const at = `${where}.steps[${index}]`;
    problems.push(...foreign(step, STEP, at));
    const uses = step.find('uses');
    const own = /^\$\/[\w-]+(\/[\w-]+)*$/;
    if (uses && !(isString(uses) && (own.test(uses.value) || uses.value === UPLOAD)))
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
function triggersOf(on: TemplateToken): Record<string, Json> {
  if (isMapping(on))
    return Object.fromEntries([...on].map(({ key, value }) => [String(key), plainly(value)]));
  const names = resolve(on, { contexts: {} });
  return Object.fromEntries((Array.isArray(names) ? names : [names]).map((name) => [String(name), null]));
}

/** Everything but what a call gives back: those expressions have their values at its end. */
function plainly(trigger: TemplateToken): Json {
  if (!isMapping(trigger)) return resolve(trigger, { contexts: {} });
  const known = [...trigger].filter(({ key }) => String(key) !== 'outputs');
  return Object.fromEntries(known.map(({ key, value }) => [String(key), resolve(value, { contexts: {} })]));
}

function dispatchInputs(triggers: Record<string, Json>): DispatchInputs | null {
  if (!Object.hasOwn(triggers, 'workflow_dispatch')) return null;
  const inputs = fields(fields(triggers['workflow_dispatch'])['inputs']);
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

function callOf(triggers: Record<string, Json>): Call | null {
  if (!Object.hasOwn(triggers, 'workflow_call')) return null;
  const { inputs, secrets } = fields(triggers['workflow_call']);
  return {
    inputs: Object.fromEntries(
      Object.entries(fields(inputs)).map(([name, input]) => {
        const { required, default: fallback, type } = fields(input);
        const given = fallback === undefined || fallback === null ? {} : { default: fallback };
        return [name, { required: required === true, type: String(type), ...given }];
      }),
    ),
    secrets: Object.fromEntries(
      Object.entries(fields(secrets)).map(([name, one]) => [
        name,
        { required: fields(one)['required'] === true },
      ]),
    ),
  };
}

export const fields = (value: Json | undefined): { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
