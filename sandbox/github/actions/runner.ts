// The sandbox's GitHub Actions: takes a dispatch or another event, runs the workflow file of that commit with all it calls
// and tells the forge of every change. Must never run a workflow that says something this runner would ignore; such a run
// fails with the reasons.
import { expand, type Node } from './calls.ts';
import { createRun, type Run, runContexts } from './contexts.ts';
import { resolve, text } from './expressions.ts';
import { createGate, type Gate } from './gate.ts';
import { ancestors, announce, conclude, type Play, playJobs, type Signals, worst } from './graph.ts';
import { newStep } from './job.ts';
import type { Oidc } from './oidc.ts';
import { parsePlan } from './parse.ts';
import type { JobState, Runner, RunnerHost, RunRequest, RunState } from './types.ts';

// `queue: max`: https://docs.github.com/en/actions/concepts/workflows-and-actions/concurrency
const MOST_WAITING = 100;

/** `minute` is how many milliseconds a minute of `timeout-minutes` lasts; `machines` how many jobs run at a time. */
export function createRunner(host: RunnerHost, oidc: Oidc, { minute = 60_000, machines = 2 } = {}): Runner {
  const active = new Map<number, Signals>();
  const going = new Set<Promise<void>>();
  const groups = new Map<string, Gate>();
  const floor = createGate(machines);

  async function go(play: Play, run: Run, nodes: Node[], group: string | null): Promise<void> {
    const { state, signals } = play;
    const gate = group === null ? createGate(1) : (groups.get(group) ?? createGate(1, MOST_WAITING));
    if (group !== null) groups.set(group, gate);
    const leave = await gate.enter(signals.stop.signal);
    if (leave) {
      state.status = 'in_progress';
      play.changed();
      await playJobs(play, run, nodes);
      leave();
    }
    for (const job of state.jobs) if (job.status !== 'completed') conclude(job, 'cancelled');
    Object.assign(state, { status: 'completed', conclusion: worst(state.jobs) });
    active.delete(state.id);
    play.changed();
  }

  return {
    parse(yaml, path) {
      const parsed = parsePlan(yaml, path);
      if (!parsed.ok) return parsed;
      const { name, triggers, dispatchInputs } = parsed.plan;
      return { ok: true, name, triggers, dispatchInputs };
    },
    async start(request) {
      const state = newRun(request);
      const newJob = jobMaker(request);
      const refuse = (reasons: string[]) => {
        state.jobs = [newJob('workflow', 'workflow')];
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
      const { owner, name } = host.repository;
      const yaml = await host.readFile(`${owner}/${name}`, request.sha, request.workflow);
      const parsed = parsePlan(yaml, request.workflow);
      if (!parsed.ok) return refuse(parsed.errors);
      const { plan } = parsed;
      state.name = state.displayTitle = plan.name;
      if (plan.unsupported.length > 0) return refuse(plan.unsupported);
      const run = createRun(host, request, plan);
      let group: string | null = null;
      let nodes: Node[] = [];
      try {
        const tree = await expand(host, { file: run.file, yaml, plan });
        if (tree.problems.length > 0) return refuse(tree.problems);
        nodes = tree.nodes;
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
      const before = request.again?.before ?? [];
      const again = rerun(nodes, request.again?.keys ?? null);
      const kept = (key: string) => (again(key) ? null : (before.find((job) => job.key === key) ?? null));
      const signals = { stop: new AbortController(), force: new AbortController() };
      const changed = () => {
        state.updatedAt = Date.now();
        host.changed(state);
      };
      const play: Play = { state, oidc, floor, minute, signals, newJob, kept, changed };
      state.jobs = nodes.flatMap((node) => announce(play, node, before));
      active.set(request.id, signals);
      host.changed(state);
      const end = go(play, run, nodes, group).finally(() => going.delete(end));
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

/** Whether a job runs in this attempt: it was asked for, or one that it needs was. `null`: all of them run. */
function rerun(nodes: Node[], keys: readonly string[] | null): (key: string) => boolean {
  if (keys === null) return () => true;
  const own = ({ key }: Node) => keys.some((one) => one === key || one.startsWith(`${key} (`));
  const below = (node: Node): boolean => own(node) || (node.called?.nodes.some(below) ?? false);
  const forced: string[] = [];
  const walk = (list: Node[], all: boolean): void => {
    for (const node of list) {
      const due = all || ancestors(list, node).some(below);
      if (due) forced.push(node.key);
      if (node.called) walk(node.called.nodes, due);
    }
  };
  walk(nodes, false);
  return (key) => keys.includes(key) || forced.some((one) => key === one || key.startsWith(`${one} (`));
}

const newRun = ({
  id,
  number,
  attempt,
  workflow,
  ref,
  sha,
  event,
  actor,
  ...rest
}: RunRequest): RunState => ({
  ...{ id, number, attempt, workflow, ref, sha, event, actor },
  ...{ triggeringActor: rest.triggeringActor ?? actor, jobs: [] },
  ...{ name: workflow, displayTitle: workflow, status: 'queued', conclusion: null },
  ...{ createdAt: rest.again?.createdAt ?? Date.now(), startedAt: Date.now(), updatedAt: Date.now() },
});

// Ids stay unique over runs and attempts as long as a run has under 100 jobs and under 100 attempts.
function jobMaker(run: RunRequest): (key: string, name: string) => JobState {
  let index = 0;
  return (key, name) => ({
    ...{ id: run.id * 10_000 + run.attempt * 100 + index++, key, name, environment: null },
    ...{ status: 'queued', conclusion: null, startedAt: null, completedAt: null },
    ...{ steps: [], outputs: {}, summary: '' },
  });
}
