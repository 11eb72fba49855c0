// The sandbox's GitHub Actions: takes a dispatch, runs the workflow file of that commit and tells the forge of every
// change. Must never run a workflow that says something this runner would ignore; such a run fails with the reasons.
import { githubContext, inputsContext, type Run } from './contexts.ts';
import { condition, resolve, type Status, text } from './expressions.ts';
import { createGate, type Gate } from './gate.ts';
import { earlyContexts, newStep, runJob } from './job.ts';
import type { Oidc } from './oidc.ts';
import { type JobPlan, parsePlan } from './parse.ts';
import type { JobState, Runner, RunnerHost, RunState } from './types.ts';

type Active = { stop: AbortController; force: AbortController };
type Settings = { minute?: number; machines?: number };

/** `minute` is how many milliseconds a minute of `timeout-minutes` lasts; `machines` how many jobs run at a time. */
export function createRunner(host: RunnerHost, oidc: Oidc, settings: Settings = {}): Runner {
  const { minute = 60_000, machines = 2 } = settings;
  const active = new Map<number, Active>();
  const going = new Set<Promise<void>>();
  const groups = new Map<string, Gate>();
  const floor = createGate(machines);

  async function go(state: RunState, run: Run, group: string | null): Promise<void> {
    const stop = new AbortController();
    const force = new AbortController();
    active.set(state.id, { stop, force });
    const changed = () => {
      state.updatedAt = Date.now();
      host.changed(state);
    };
    const gate = group === null ? null : (groups.get(group) ?? createGate(1));
    if (group !== null && gate) groups.set(group, gate);
    const leave = gate ? await gate.enter(stop.signal) : () => {};
    if (leave) {
      state.status = 'in_progress';
      changed();
      const results = new Map<string, Promise<JobState>>();
      const result = (plan: JobPlan): Promise<JobState> => {
        const known = results.get(plan.key) ?? runOne(plan);
        results.set(plan.key, known);
        return known;
      };
      const runOne = async (plan: JobPlan): Promise<JobState> => {
        const upstream = await Promise.all(ancestors(run, plan).map(result));
        const job = stateOf(state, plan.key);
        await runWhenDue({ state, run, plan, job, upstream, stop, force, changed });
        return job;
      };
      await Promise.all(run.plan.jobs.map(result));
      leave();
    }
    for (const job of state.jobs) if (job.status !== 'completed') conclude(job, 'cancelled');
    active.delete(state.id);
    state.status = 'completed';
    state.conclusion = conclusionOf(state);
    changed();
  }

  async function runWhenDue(due: {
    state: RunState;
    run: Run;
    plan: JobPlan;
    job: JobState;
    upstream: JobState[];
    stop: AbortController;
    force: AbortController;
    changed(): void;
  }): Promise<void> {
    const { run, plan, job, upstream, stop, force, changed } = due;
    const needs = Object.fromEntries(
      upstream
        .filter(({ key }) => plan.needs.includes(key))
        .map(({ key, conclusion, outputs }) => [key, { result: conclusion ?? 'skipped', outputs }]),
    );
    // A job looks at all jobs before it, not only at those it names: https://github.com/actions/runner/issues/491
    const status = (): Status | null => {
      if (stop.signal.aborted) return 'cancelled';
      if (upstream.some(({ conclusion }) => conclusion === 'failure')) return 'failure';
      return upstream.every(({ conclusion }) => conclusion === 'success') ? 'success' : null;
    };
    const wanted = () => condition(plan.if, { contexts: earlyContexts({ run, needs }), status });
    const cancel = new AbortController();
    const recheck = () => {
      if (force.signal.aborted || !wanted()) cancel.abort();
    };
    try {
      if (!wanted()) return conclude(job, 'skipped');
      const name = plan.token.find('name');
      if (name) job.name = text(name, { contexts: earlyContexts({ run, needs }) });
      stop.signal.addEventListener('abort', recheck);
      force.signal.addEventListener('abort', recheck);
      const leave = await floor.enter(cancel.signal);
      if (!leave) return conclude(job, 'cancelled');
      try {
        await runJob({ run, plan, state: job, needs, oidc, cancel, force: force.signal, minute, changed });
      } finally {
        leave();
      }
    } catch (error) {
      job.steps.push({ ...newStep('Set up job'), log: [`##[error]${String(error)}`] });
      conclude(job, 'failure');
    } finally {
      stop.signal.removeEventListener('abort', recheck);
      force.signal.removeEventListener('abort', recheck);
      changed();
    }
  }

  return {
    parse(yaml, path) {
      const parsed = parsePlan(yaml, path);
      if (!parsed.ok) return parsed;
      return { ok: true, name: parsed.plan.name, dispatchInputs: parsed.plan.dispatchInputs };
    },
    async start(request) {
      const parsed = parsePlan(await host.readFile(request.sha, request.workflow), request.workflow);
      const { id, number, attempt, workflow, ref, sha, actor } = request;
      const now = Date.now();
      const state: RunState = {
        ...{ id, number, attempt, workflow, ref, sha, actor, event: 'workflow_dispatch' },
        ...{ name: workflow, displayTitle: workflow, status: 'queued', conclusion: null },
        ...{ createdAt: now, updatedAt: now, jobs: [] },
      };
      const refuse = (reasons: string[]) => {
        const job = newJob(state, 'workflow', 0);
        job.steps.push({
          ...newStep('Read the workflow'),
          log: reasons.map((reason) => `##[error]${reason}`),
        });
        conclude(job, 'failure');
        state.jobs = [job];
        Object.assign(state, { status: 'completed', conclusion: 'failure' });
        host.changed(state);
        return state;
      };
      if (!parsed.ok) return refuse(parsed.errors);
      const { plan } = parsed;
      const run: Run = { host, request, plan };
      state.name = state.displayTitle = plan.name;
      state.jobs = plan.jobs.map((job, index) => newJob(state, job.key, index));
      if (plan.unsupported.length > 0) return refuse(plan.unsupported);
      let group: string | null;
      try {
        const title = plan.root.find('run-name');
        if (title) state.displayTitle = text(title, { contexts: runContexts(run) }) || plan.name;
        group = concurrencyGroup(run);
      } catch (error) {
        return refuse([String(error)]);
      }
      host.changed(state);
      const end = go(state, run, group).finally(() => going.delete(end));
      going.add(end);
      return state;
    },
    // The first call is GitHub's cancel, the second its force-cancel, which asks no condition any more.
    cancel(id) {
      const run = active.get(id);
      if (run?.stop.signal.aborted) run.force.abort();
      run?.stop.abort();
    },
    async idle() {
      while (going.size > 0) await Promise.all(going);
    },
  };
}

const runContexts = (run: Run) => ({
  github: githubContext(run),
  inputs: inputsContext(run),
  vars: run.host.variables(),
});

// Group names ignore case: https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
function concurrencyGroup(run: Run): string | null {
  const token = run.plan.root.find('concurrency');
  const value = token ? resolve(token, { contexts: runContexts(run) }) : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return String(value['group']).toLowerCase();
}

function ancestors(run: Run, plan: JobPlan): JobPlan[] {
  const found = new Set<JobPlan>();
  const visit = (key: string) => {
    const job = run.plan.jobs.find((candidate) => candidate.key === key);
    if (!job || found.has(job)) return;
    found.add(job);
    job.needs.forEach(visit);
  };
  plan.needs.forEach(visit);
  return [...found];
}

function conclusionOf(state: RunState): string {
  const ends = state.jobs.map((job) => job.conclusion);
  const worst = ['failure', 'cancelled', 'success'].find((end) => ends.includes(end));
  return worst ?? 'skipped';
}

function conclude(job: JobState, conclusion: string): void {
  for (const step of job.steps) {
    step.status = 'completed';
    step.conclusion ??= conclusion;
  }
  Object.assign(job, { status: 'completed', conclusion, completedAt: Date.now() });
}

function stateOf(state: RunState, key: string): JobState {
  const job = state.jobs.find((candidate) => candidate.key === key);
  if (!job) throw new Error(`the run has no job ${key}`);
  return job;
}

// Ids stay unique over runs and attempts as long as a workflow has fewer than 100 jobs and a run fewer than 100 attempts.
const newJob = (run: RunState, key: string, index: number): JobState => ({
  ...{ id: run.id * 10_000 + run.attempt * 100 + index, key, name: key, environment: null },
  ...{ status: 'queued', conclusion: null, startedAt: null, completedAt: null },
  ...{ steps: [], outputs: {}, summary: '' },
});
