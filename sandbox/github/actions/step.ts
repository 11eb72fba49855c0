// Runs one step, or the post part of one: condition, environment, process, then what the process left in its files.
// Must never let a failure pass for a success, nor a step see another step's state.
import { writeFile } from 'node:fs/promises';
import { delimiter, join, resolve as resolvePath } from 'node:path';
import { createLog, type Log } from './commands.ts';
import { condition, type Json, resolve, type Scope, type Status, text, texts } from './expressions.ts';
import { createFiles, readPairs, readPaths, readSummary, type StepFiles } from './files.ts';
import type { Masks } from './masking.ts';
import type { NodeAction } from './node-action.ts';
import type { StepPlan } from './parse.ts';
import { execute } from './process.ts';
import type { JobState, StepState } from './types.ts';

type StepRecord = { outputs: Record<string, string>; outcome: string; conclusion: string };

/** All that the steps of one job share. `env`, `path` and `steps` grow as the steps run. */
export type Job = {
  state: JobState;
  contexts: Record<string, unknown>; // github, inputs, vars, secrets, needs, runner
  steps: Record<string, StepRecord>;
  env: Record<string, string>;
  path: string[];
  variables: Record<string, string>; // the default variables, which nothing overrides
  machine: Record<string, string>; // the machine's own environment, which everything overrides
  folders: { workspace: string; temp: string };
  masks: Masks;
  groups: Set<number>;
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

/** Runs the task and writes its result into its state and the job. Returns whether it was started at all. */
export async function runTask(job: Job, task: Task): Promise<boolean> {
  const { state, plan } = task;
  const log = createLog(state.log, job.masks);
  Object.assign(state, { status: 'in_progress', startedAt: Date.now() });
  job.changed();
  const env: Record<string, string> = { ...job.env };
  const contexts = { ...job.contexts, steps: job.steps, env, job: { status: statusOf(job) } };
  const scope: Scope = { contexts, status: () => statusOf(job) };
  const record: StepRecord = { outputs: {}, outcome: 'skipped', conclusion: 'skipped' };
  if (task.part === 'main') job.steps[plan.id] = record;
  const value = (key: string): Json => {
    const token = plan.token.find(key);
    return token ? resolve(token, scope) : null;
  };
  let started = false;
  try {
    Object.assign(env, texts(plan.token.find('env'), scope));
    if (job.force.aborted) record.outcome = 'cancelled';
    else if (condition(task.if, scope)) {
      started = true;
      const name = plan.token.find('name');
      if (task.part === 'main' && name) state.name = job.masks.apply(text(name, scope));
      record.outcome = await attempt(job, task, { env, scope, value, log, outputs: record.outputs });
    }
  } catch (error) {
    log.error(error instanceof Error ? error.message : String(error));
    record.outcome = 'failure';
  }
  const forgiven = record.outcome === 'failure' && value('continue-on-error') === true;
  record.conclusion = forgiven ? 'success' : record.outcome;
  if (record.conclusion === 'failure') job.failed = true;
  Object.assign(state, { status: 'completed', conclusion: record.conclusion, completedAt: Date.now() });
  job.changed();
  return started;
}

type Attempt = {
  env: Record<string, string>;
  scope: Scope;
  value(key: string): Json;
  log: Log;
  outputs: Record<string, string>;
};

async function attempt(job: Job, task: Task, { env, scope, value, log, outputs }: Attempt): Promise<string> {
  const files = await createFiles(join(job.folders.temp, '_runner_file_commands'));
  const halt = new AbortController();
  const minutes = task.part === 'main' ? value('timeout-minutes') : null;
  const timer =
    typeof minutes === 'number' ? setTimeout(() => halt.abort('timeout'), minutes * job.minute) : null;
  // On cancellation GitHub asks the running step's condition again and lets it go on if that still holds.
  const recheck = () => {
    if (!condition(task.if, scope)) halt.abort('cancelled');
  };
  job.cancelled.addEventListener('abort', recheck);
  try {
    const start = await entryPoint(job, task, scope, (message) => log.write(`::warning::${message}`));
    const code = await execute(
      {
        file: start.file,
        args: start.args,
        cwd: resolvePath(job.folders.workspace, start.cwd),
        env: environment(job, { ...env, ...start.env }, task, files),
      },
      { line: log.write, groups: job.groups, halt: halt.signal, force: job.force },
    );
    await collect(job, task, files, outputs, log);
    if (halt.signal.reason === 'timeout') log.error(`The action has timed out after ${minutes} minutes.`);
    else if (halt.signal.aborted || job.force.aborted) return 'cancelled';
    else if (code !== 0)
      log.error(code === null ? 'A signal ended the process.' : `Process completed with exit code ${code}.`);
    return log.failed() || code !== 0 ? 'failure' : 'success';
  } finally {
    if (timer) clearTimeout(timer);
    job.cancelled.removeEventListener('abort', recheck);
  }
}

type Start = { file: string; args: string[]; cwd: string; env: Record<string, string> };

async function entryPoint(
  job: Job,
  task: Task,
  scope: Scope,
  warn: (message: string) => void,
): Promise<Start> {
  const { action, plan, part } = task;
  if (action) {
    const entry = part === 'main' ? action.main : action.post?.entry;
    if (!entry) throw new Error('the action has no such part');
    const state = Object.entries(task.saved).map(([key, value]) => [`STATE_${key}`, value]);
    const env = {
      ...action.inputs(texts(plan.token.find('with'), scope), scope, warn),
      ...Object.fromEntries(state),
    };
    return { file: process.execPath, args: [entry], cwd: '.', env };
  }
  const run = plan.token.find('run');
  if (!run) throw new Error('a step needs `uses` or `run`');
  const folder = plan.token.find('working-directory');
  const script = join(job.folders.temp, `${crypto.randomUUID()}.sh`);
  await writeFile(script, text(run, scope));
  // https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
  const flags = plan.token.find('shell') ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  return { file: 'bash', args: [...flags, script], cwd: folder ? text(folder, scope) : '.', env: {} };
}

function environment(
  job: Job,
  env: Record<string, string>,
  task: Task,
  files: StepFiles,
): Record<string, string> {
  const base = env['PATH'] ?? job.machine['PATH'] ?? process.env['PATH'] ?? '';
  return {
    LANG: 'C.UTF-8',
    ...job.machine,
    ...env,
    ...job.variables,
    PATH: [...job.path.toReversed(), base].join(delimiter),
    GITHUB_ACTION: task.plan.id,
    GITHUB_OUTPUT: files.output,
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.step_summary,
  };
}

async function collect(job: Job, task: Task, files: StepFiles, outputs: Record<string, string>, log: Log) {
  const read = async <T>(name: string, work: Promise<T>, keep: (value: T) => void) => {
    try {
      keep(await work);
    } catch (error) {
      log.error(`Unable to process file command '${name}' successfully.\n${String(error)}`);
    }
  };
  await read('output', readPairs(files.output), (pairs) => Object.assign(outputs, pairs));
  await read('state', readPairs(files.state), (pairs) => Object.assign(task.saved, pairs));
  await read('path', readPaths(files.path), (paths) => job.path.push(...paths));
  await read('step_summary', readSummary(files.step_summary), (summary) => {
    job.state.summary += job.masks.apply(summary);
  });
  await read('env', readPairs(files.env), ({ NODE_OPTIONS, ...pairs }) => {
    Object.assign(job.env, pairs);
    if (NODE_OPTIONS !== undefined) throw new Error("Can't store NODE_OPTIONS using '$GITHUB_ENV'.");
  });
}
