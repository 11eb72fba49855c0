// Runs one step, or the post part of one: condition, environment, process, then what the process left in its files.
// Must never let a failure pass for a success, nor a step see another step's state.
import { randomUUID } from 'node:crypto';
import { access, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve as resolvePath } from 'node:path';
import { createLog, type Effects, type Log, messageOf } from './commands.ts';
import { collect, effectsOf } from './effects.ts';
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
import { createFiles } from './files.ts';
import { isBasicExpression } from './load.ts';
import type { Masks } from './masking.ts';
import type { NodeAction } from './node-action.ts';
import type { StepPlan } from './parse.ts';
import { execute } from './process.ts';
import type { JobState, StepState } from './types.ts';

export type StepRecord = { outputs: Record<string, string>; outcome?: string; conclusion?: string };
/** All that the steps of one job share. `steps`, `env` and `path` grow as the steps run. */
export type Job = {
  state: JobState;
  contexts: Record<string, unknown>; // github, inputs, vars, secrets, needs, runner
  steps: Record<string, StepRecord>; // those that have an id
  env: Record<string, string>;
  path: string[];
  machine: Record<string, string>; // the machine's own environment; a step may override it
  variables: Record<string, string>; // the default variables; nothing overrides them
  origin: Record<string, string>; // where this repository's own actions come from
  folders: { workspace: string; temp: string; artifacts: string };
  masks: Masks;
  groups: Set<number>; // process groups
  mark: string; // what every process of the job carries
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
  const env = { ...job.env };
  const scope: Scope = {
    contexts: stepContexts(job, env),
    status: () => statusOf(job),
    workspace: job.folders.workspace,
  };
  const record: StepRecord = { outputs: Object.create(null) };
  const effects = effectsOf(job, task, env, record);
  const log = createLog(state, job.masks, effects);
  Object.assign(state, { status: 'in_progress', startedAt: Date.now() });
  job.changed();
  let outcome: 'success' | 'failure' | 'cancelled' | 'skipped' = 'skipped';
  let [started, forgiving] = [false, false];
  try {
    Object.assign(env, texts(plan.token.find('env'), scope));
    if (part === 'main') state.name = job.masks.apply(titleIn(scope, plan));
    started = !job.force.aborted && condition(task.if, scope);
    if (job.force.aborted) outcome = 'cancelled';
    // Its outputs are there as soon as it sets one; how it ended, when it has.
    if (started && task.part === 'main' && named(plan)) job.steps[plan.id] = record;
    if (started) outcome = await attempt(job, task, env, scope, log, effects);
  } catch (error) {
    log.fail(messageOf(error));
    outcome = 'failure';
  }
  if (outcome === 'failure' && started) forgiving = forgives(plan, scope, log);
  const conclusion = forgiving ? 'success' : outcome;
  if (part === 'main' && named(plan)) job.steps[plan.id] = Object.assign(record, { outcome, conclusion });
  if (conclusion === 'failure') job.failed = true;
  Object.assign(state, { status: 'completed', conclusion, completedAt: Date.now() });
  job.changed();
  return started;
}

/** A step without an id of its own is in no context; the parser gives it one that begins like this. */
const named = ({ id }: StepPlan): boolean => !id.startsWith('__');

/** Asked only of a step that failed. */
function forgives(plan: StepPlan, scope: Scope, log: Log): boolean {
  try {
    return given(plan, 'continue-on-error', scope) === true;
  } catch (error) {
    const what =
      'The step failed and an error occurred when attempting to determine whether to continue on error.';
    log.fail(what, messageOf(error));
    return false;
  }
}

/** Whole minutes; 0 is none, also when they cannot be told. */
function minutesOf({ part, plan }: Task, scope: Scope, log: Log): number {
  try {
    const minutes = part === 'main' ? given(plan, 'timeout-minutes', scope) : 0;
    return typeof minutes === 'number' ? Math.trunc(minutes) : 0;
  } catch (error) {
    log.issue('error', 'An error occurred when attempting to determine the step timeout.');
    log.issue('error', messageOf(error));
    return 0;
  }
}

/** A step's name as GitHub shows it; before it starts, without a scope, expressions are shown as they are. */
export function title(plan: StepPlan, scope?: Scope): string {
  const name = plan.token.find('name');
  const token = name ?? plan.token.find('uses') ?? plan.token.find('run') ?? plan.token;
  const source = isBasicExpression(token) ? token.source : undefined;
  const shown = scope ? text(token, scope) : (source ?? String(token));
  return name ? shown : `Run ${shown.split('\n')[0]}`;
}

/** Its name with its expressions evaluated; one that cannot be stays as it is written. */
function titleIn(scope: Scope, plan: StepPlan): string {
  try {
    return title(plan, scope);
  } catch {
    return title(plan);
  }
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
  effects: Effects,
): Promise<'success' | 'failure' | 'cancelled'> {
  const { minute, groups, force } = job;
  const minutes = minutesOf(task, scope, log);
  const files = await createFiles(job.folders.temp);
  const start = await entryPoint(job, task, scope, log);
  const halt = new AbortController();
  const timer = minutes > 0 && setTimeout(() => halt.abort('timeout'), minutes * minute);
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
        ...{ LANG: 'C.UTF-8', CI: 'true', RUNNER_TRACKING_ID: job.mark },
        ...{ ...job.machine, ...env, ...start.env, ...job.variables, ...files },
        PATH: [...job.path.toReversed(), base].join(delimiter),
        GITHUB_ACTION: task.plan.id,
        ...(task.action ? job.origin : {}),
      },
    },
    { line: log.write, groups, minute, halt: halt.signal, force },
  ).finally(async () => {
    if (timer) clearTimeout(timer);
    job.cancelled.removeEventListener('abort', recheck);
    await collect(job, files, effects, log);
  });
  if (halt.signal.reason === 'timeout')
    log.fail(`The action '${task.state.name}' has timed out after ${minutes} minutes.`);
  else if (halt.signal.aborted || force.aborted) return 'cancelled';
  else if (code !== 0) log.fail(...(task.action ? [] : [`Process completed with exit code ${code}.`]));
  return log.failed() ? 'failure' : 'success';
}

async function entryPoint(job: Job, { action, plan, part, saved }: Task, scope: Scope, log: Log) {
  if (action) {
    const entry = part === 'main' ? action.main : action.post?.entry;
    if (!entry) throw new Error('the action has no such part');
    const state = Object.fromEntries(Object.entries(saved).map(([key, value]) => [`STATE_${key}`, value]));
    const warn = (message: string) => part === 'main' && log.issue('warning', message);
    const inputs = action.inputs(texts(plan.token.find('with'), scope), scope, warn);
    await access(entry).catch((cause: unknown) => {
      throw new Error(`${entry} is missing in the running commit (was it built?)`, { cause });
    });
    const store: Record<string, string> = action.standIn ? { SANDBOX_ARTIFACTS: job.folders.artifacts } : {};
    return { file: process.execPath, args: [entry], folder: '.', env: { ...state, ...inputs, ...store } };
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
