// Runs one step, or the post part of one: condition, environment, process, then what the process left in its files.
// Must never let a failure pass for a success, nor a step see another step's state.
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { delimiter, join, resolve as resolvePath } from 'node:path';
import { createLog, type Log } from './commands.ts';
import {
  condition,
  type Json,
  resolve,
  type Scope,
  type Status,
  stillHolds,
  text,
  texts,
} from './expressions.ts';
import { createFiles, readPairs, readPaths, readSummary, type StepFiles } from './files.ts';
import { isBasicExpression } from './load.ts';
import type { Masks } from './masking.ts';
import type { NodeAction } from './node-action.ts';
import type { StepPlan } from './parse.ts';
import { execute } from './process.ts';
import type { JobState, StepState } from './types.ts';

/** All that the steps of one job share. `steps`, `env` and `path` grow as the steps run. */
export type Job = {
  state: JobState;
  contexts: Record<string, unknown>; // github, inputs, vars, secrets, needs, runner
  steps: Record<string, { outputs: Record<string, string>; outcome: string; conclusion: string }>;
  env: Record<string, string>;
  path: string[];
  machine: Record<string, string>; // the machine's own environment; a step may override it
  variables: Record<string, string>; // the default variables; nothing overrides them
  origin: Record<string, string>; // where this repository's own actions come from
  folders: { workspace: string; temp: string };
  masks: Masks;
  groups: Set<number>; // process groups
  failed: boolean;
  cancelled: AbortSignal;
  force: AbortSignal;
  minute: number; // milliseconds
  changed(): void;
};

/** One thing to run. `saved` is the state that passes from the main part of an action to its post part. */
export type Task = {
  state: StepState;
  if: string;
  plan: StepPlan;
  action: NodeAction | null;
  part: 'main' | 'post';
  saved: Record<string, string>;
};

export const statusOf = (job: Job): Status =>
  job.cancelled.aborted ? 'cancelled' : job.failed ? 'failure' : 'success';

/** What an expression in a step may see now. */
export const stepContexts = (job: Job, env = job.env): Record<string, unknown> => ({
  ...job.contexts,
  steps: job.steps,
  env,
  job: { ...(job.contexts['job'] ?? {}), status: statusOf(job) },
});

/** Runs the task and writes its result into its state and the job. Returns whether it was started at all. */
export async function runTask(job: Job, task: Task): Promise<boolean> {
  const { state, plan, part } = task;
  const log = createLog(state.log, job.masks);
  const env = { ...job.env };
  const scope: Scope = { contexts: stepContexts(job, env), status: () => statusOf(job) };
  const record = { outputs: {}, outcome: 'skipped', conclusion: 'skipped' };
  if (part === 'main') job.steps[plan.id] = record;
  Object.assign(state, { status: 'in_progress', startedAt: Date.now() });
  job.changed();
  let [started, forgiving] = [false, false];
  try {
    Object.assign(env, texts(plan.token.find('env'), scope));
    started = !job.force.aborted && condition(task.if, scope);
    if (job.force.aborted) record.outcome = 'cancelled';
    if (started) {
      if (part === 'main') state.name = job.masks.apply(title(plan, scope));
      forgiving = given(plan, 'continue-on-error', scope) === true;
      record.outcome = await attempt(job, task, env, scope, log, record.outputs);
    }
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    record.outcome = 'failure';
  }
  record.conclusion = forgiving && record.outcome === 'failure' ? 'success' : record.outcome;
  if (record.conclusion === 'failure') job.failed = true;
  Object.assign(state, { status: 'completed', conclusion: record.conclusion, completedAt: Date.now() });
  job.changed();
  return started;
}

/** A step's name as GitHub shows it; before it starts, without a scope, expressions are shown as they are. */
export function title(plan: StepPlan, scope?: Scope): string {
  const name = plan.token.find('name');
  const token = name ?? plan.token.find('uses') ?? plan.token.find('run') ?? plan.token;
  const source = isBasicExpression(token) ? token.source : undefined;
  const shown = scope ? text(token, scope) : (source ?? String(token));
  return name ? shown : `Run ${shown.split('\n')[0]}`;
}

function given(plan: StepPlan, key: string, scope: Scope): Json {
  const token = plan.token.find(key);
  return token ? resolve(token, scope) : null;
}

async function attempt(
  job: Job,
  task: Task,
  env: Record<string, string>,
  scope: Scope,
  log: Log,
  outputs: Record<string, string>,
): Promise<'success' | 'failure' | 'cancelled'> {
  const files = await createFiles(job.folders.temp);
  const start = await entryPoint(job, task, scope, log);
  const minutes = task.part === 'main' ? given(task.plan, 'timeout-minutes', scope) : null;
  const halt = new AbortController();
  const timer = typeof minutes === 'number' && setTimeout(() => halt.abort('timeout'), minutes * job.minute);
  // On cancellation GitHub asks the running step's condition again and lets it go on if that still holds.
  const recheck = () => {
    if (!stillHolds(task.if, scope)) halt.abort('cancelled');
  };
  job.cancelled.addEventListener('abort', recheck);
  const base = env['PATH'] ?? job.machine['PATH'] ?? process.env['PATH'] ?? '';
  const code = await execute(
    {
      file: start.file,
      args: start.args,
      cwd: resolvePath(job.folders.workspace, start.folder),
      env: {
        ...{ LANG: 'C.UTF-8', ...job.machine, ...env, ...start.env, ...job.variables, ...files },
        PATH: [...job.path.toReversed(), base].join(delimiter),
        GITHUB_ACTION: task.plan.id,
        ...(task.action ? job.origin : {}),
      },
    },
    { line: log.write, groups: job.groups, halt: halt.signal, force: job.force },
  ).finally(() => {
    if (timer) clearTimeout(timer);
    job.cancelled.removeEventListener('abort', recheck);
  });
  await collect(job, task, files, outputs, log);
  if (halt.signal.reason === 'timeout') log.error(`The step has timed out after ${minutes} minutes.`);
  else if (halt.signal.aborted || job.force.aborted) return 'cancelled';
  else if (code !== 0)
    log.error(code === null ? 'A signal ended the process.' : `Process completed with exit code ${code}.`);
  return log.failed() ? 'failure' : 'success';
}

async function entryPoint(job: Job, { action, plan, part, saved }: Task, scope: Scope, log: Log) {
  if (action) {
    const entry = part === 'main' ? action.main : action.post?.entry;
    if (!entry) throw new Error('the action has no such part');
    const state = Object.fromEntries(Object.entries(saved).map(([key, value]) => [`STATE_${key}`, value]));
    const warn = (message: string) => part === 'main' && log.write(`::warning::${message}`);
    const inputs = action.inputs(texts(plan.token.find('with'), scope), scope, warn);
    return { file: process.execPath, args: [entry], folder: '.', env: { ...inputs, ...state } };
  }
  const run = plan.token.find('run');
  if (!run) throw new Error('a step needs `uses` or `run`');
  const script = join(job.folders.temp, `${randomUUID()}.sh`);
  await writeFile(script, text(run, scope));
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const flags = plan.token.find('shell') ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  const folder = plan.token.find('working-directory');
  return { file: 'bash', args: [...flags, script], folder: folder ? text(folder, scope) : '.', env: {} };
}

async function collect(job: Job, task: Task, files: StepFiles, outputs: Record<string, string>, log: Log) {
  const read = async <T>(
    name: keyof StepFiles,
    reader: (file: string) => Promise<T>,
    keep: (value: T) => void,
  ) =>
    reader(files[name])
      .then(keep)
      .catch((error) => log.error(`Unable to process ${name} successfully.\n${String(error)}`));
  await read('GITHUB_OUTPUT', readPairs, (pairs) => Object.assign(outputs, pairs));
  await read('GITHUB_STATE', readPairs, (pairs) => Object.assign(task.saved, pairs));
  await read('GITHUB_PATH', readPaths, (paths) => job.path.push(...paths));
  await read('GITHUB_ENV', readPairs, ({ NODE_OPTIONS, ...pairs }) => {
    Object.assign(job.env, pairs);
    if (NODE_OPTIONS !== undefined) throw new Error("Can't store NODE_OPTIONS there.");
  });
  await read('GITHUB_STEP_SUMMARY', readSummary, (summary) => {
    job.state.summary += job.masks.apply(summary);
  });
}
