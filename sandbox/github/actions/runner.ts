// The sandbox's GitHub Actions: takes a dispatch, runs the workflow file of that commit and tells the forge of every
// change. Must never run a workflow that says something this runner would ignore; such a run fails with the reasons.
import { createRun, type Run, runContexts } from './contexts.ts';
import { condition, resolve, type Status, stillHolds, text } from './expressions.ts';
import { createGate, type Gate } from './gate.ts';
import { newStep, runJob } from './job.ts';
import type { Oidc } from './oidc.ts';
import { type JobPlan, parsePlan } from './parse.ts';
import type { JobState, Runner, RunnerHost, RunRequest, RunState } from './types.ts';

// `queue: max`: https://docs.github.com/en/actions/concepts/workflows-and-actions/concurrency
const MOST_WAITING = 100;

type Active = { stop: AbortController; force: AbortController };

/** `minute` is how many milliseconds a minute of `timeout-minutes` lasts; `machines` how many jobs run at a time. */
export function createRunner(host: RunnerHost, oidc: Oidc, { minute = 60_000, machines = 2 } = {}): Runner {
  const active = new Map<number, Active>();
  const going = new Set<Promise<void>>();
  const groups = new Map<string, Gate>();
  const floor = createGate(machines);

  async function go(state: RunState, run: Run, group: string | null, signals: Active): Promise<void> {
    const changed = () => {
      state.updatedAt = Date.now();
      host.changed(state);
    };
    const gate = group === null ? createGate(1) : (groups.get(group) ?? createGate(1, MOST_WAITING));
    if (group !== null) groups.set(group, gate);
    const leave = await gate.enter(signals.stop.signal);
    if (leave) {
      state.status = 'in_progress';
      changed();
      const ends = new Map<string, Promise<JobState>>();
      for (const plan of inOrder(run.plan.jobs)) {
        const before = Promise.all(ancestors(run.plan.jobs, plan).map(({ key }) => ends.get(key)));
        const job = state.jobs.find(({ key }) => key === plan.key);
        if (!job) throw new Error(`the run has no job ${plan.key}`);
        if (job.status === 'completed') {
          ends.set(plan.key, Promise.resolve(job)); // kept from the attempt before, with its outputs
          continue;
        }
        const end = before.then(async (upstream) => {
          await runWhenDue(
            run,
            plan,
            job,
            upstream.filter((one) => one !== undefined),
            signals,
            changed,
          );
          return job;
        });
        ends.set(plan.key, end);
      }
      await Promise.all(ends.values());
      leave();
    }
    for (const job of state.jobs) if (job.status !== 'completed') conclude(job, 'cancelled');
    const worst = ['failure', 'cancelled', 'success'].find((end) =>
      state.jobs.some((job) => job.conclusion === end),
    );
    Object.assign(state, { status: 'completed', conclusion: worst ?? 'skipped' });
    active.delete(state.id);
    changed();
  }

  async function runWhenDue(
    run: Run,
    plan: JobPlan,
    job: JobState,
    upstream: JobState[],
    { stop, force }: Active,
    changed: () => void,
  ): Promise<void> {
    const named = upstream.filter(({ key }) => plan.needs.includes(key));
    const needs = named.map(({ key, conclusion, outputs }) => [key, { result: conclusion, outputs }]);
    const contexts = { ...runContexts(run), needs: Object.fromEntries(needs) };
    // A job looks at all jobs before it, not only at those it names: https://github.com/actions/runner/issues/491
    const status = (): Status | null => {
      if (stop.signal.aborted) return 'cancelled';
      if (upstream.some(({ conclusion }) => conclusion === 'failure')) return 'failure';
      return upstream.every(({ conclusion }) => conclusion === 'success') ? 'success' : null;
    };
    const cancel = new AbortController();
    const recheck = () => {
      if (force.signal.aborted || !stillHolds(plan.if, { contexts, status })) cancel.abort();
    };
    const signals = [stop.signal, force.signal];
    for (const signal of signals) signal.addEventListener('abort', recheck);
    try {
      if (!condition(plan.if, { contexts, status })) return conclude(job, 'skipped');
      const name = plan.token.find('name');
      if (name) job.name = text(name, { contexts });
      const leave = await floor.enter(cancel.signal);
      if (!leave) return conclude(job, 'cancelled');
      const order = { run, plan, state: job, contexts, oidc, cancel, force: force.signal, minute, changed };
      await runJob(order).finally(leave);
    } catch (error) {
      job.steps.push(newStep('Set up job', [`##[error]${String(error)}`]));
      conclude(job, 'failure');
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', recheck);
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
      const state = newRun(request);
      const refuse = (reasons: string[]) => {
        state.jobs = [newJob(request, 'workflow', 0)];
        for (const job of state.jobs) {
          job.steps = [
            newStep(
              'Read the workflow',
              reasons.map((reason) => `##[error]${reason}`),
            ),
          ];
          conclude(job, 'failure');
        }
        Object.assign(state, { status: 'completed', conclusion: 'failure' });
        host.changed(state);
        return state;
      };
      const parsed = parsePlan(await host.readFile(request.sha, request.workflow), request.workflow);
      if (!parsed.ok) return refuse(parsed.errors);
      const { plan } = parsed;
      state.name = state.displayTitle = plan.name;
      if (plan.unsupported.length > 0) return refuse(plan.unsupported);
      const run = createRun(host, request, plan);
      let group: string | null = null;
      try {
        const contexts = runContexts(run);
        const [title, concurrency] = [plan.root.find('run-name'), plan.root.find('concurrency')];
        if (title) state.displayTitle = text(title, { contexts }) || plan.name;
        const value = concurrency ? resolve(concurrency, { contexts }) : null;
        // Names of groups ignore case. https://docs.github.com/en/actions/concepts/workflows-and-actions/concurrency
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          group = String(value['group']).toLowerCase();
      } catch (error) {
        return refuse([String(error)]);
      }
      state.jobs = plan.jobs.map(
        (job, index) => kept(request, plan.jobs, job) ?? newJob(request, job.key, index),
      );
      const signals = { stop: new AbortController(), force: new AbortController() };
      active.set(request.id, signals);
      host.changed(state);
      const end = go(state, run, group, signals).finally(() => going.delete(end));
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

/** The job as it ended in the attempt before, unless it or one that it needs is to run again. */
function kept({ again }: RunRequest, jobs: JobPlan[], plan: JobPlan): JobState | undefined {
  const line = [plan, ...ancestors(jobs, plan)].map(({ key }) => key);
  if (line.some((key) => again?.keys.includes(key))) return undefined;
  return again?.before.find(({ key }) => key === plan.key);
}

/** All jobs a job comes after, near and far. */
function ancestors(jobs: JobPlan[], plan: JobPlan): JobPlan[] {
  const direct = jobs.filter(({ key }) => plan.needs.includes(key));
  return [...new Set(direct.flatMap((job) => [job, ...ancestors(jobs, job)]))];
}

/** Jobs in an order in which each comes after all it needs; the parser has refused circles. */
function inOrder(jobs: JobPlan[]): JobPlan[] {
  return jobs.toSorted((a, b) => ancestors(jobs, a).length - ancestors(jobs, b).length);
}

function conclude(job: JobState, conclusion: string): void {
  const end = { status: 'completed', completedAt: Date.now() };
  for (const step of job.steps) Object.assign(step, end, { conclusion: step.conclusion ?? conclusion });
  Object.assign(job, end, { conclusion });
}

const newRun = ({ id, number, attempt, workflow, ref, sha, actor, ...rest }: RunRequest): RunState => ({
  ...{ id, number, attempt, workflow, ref, sha, actor, triggeringActor: rest.triggeringActor ?? actor },
  ...{ event: 'workflow_dispatch', jobs: [] },
  ...{ name: workflow, displayTitle: workflow, status: 'queued', conclusion: null },
  ...{ createdAt: rest.again?.createdAt ?? Date.now(), startedAt: Date.now(), updatedAt: Date.now() },
});

// Ids stay unique over runs and attempts as long as a workflow has under 100 jobs and a run under 100 attempts.
const newJob = (run: RunRequest, key: string, index: number): JobState => ({
  ...{ id: run.id * 10_000 + run.attempt * 100 + index, key, name: key, environment: null },
  ...{ status: 'queued', conclusion: null, startedAt: null, completedAt: null },
  ...{ steps: [], outputs: {}, summary: '' },
});
