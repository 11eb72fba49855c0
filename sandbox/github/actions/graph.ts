// Plays the jobs of a run in their order, those of called workflows among them, each combination of a matrix by itself.
// Must never start a job whose condition does not hold, nor let one end unseen by those that wait for it.
import { type Called, enter, type Node, outputsOf } from './calls.ts';
import { type Run, runContexts } from './contexts.ts';
import { condition, type Scope, type Status, stillHolds, text } from './expressions.ts';
import { createGate, type Gate } from './gate.ts';
import { newStep, runJob } from './job.ts';
import { type Combination, label, type Strategy, strategyOf } from './matrix.ts';
import type { Oidc } from './oidc.ts';
import { fitRun } from './outputs.ts';
import type { JobState, RunState } from './types.ts';

export type Signals = { stop: AbortController; force: AbortController };
export type Play = {
  state: RunState;
  oidc: Oidc;
  floor: Gate;
  minute: number;
  signals: Signals;
  newJob(key: string, name: string): JobState;
  /** The job as it ended in the attempt before; null when it is to run. */
  kept(key: string): JobState | null;
  changed(): void;
};
type End = { conclusion: string; outputs: Record<string, string> };
type Turn = { contexts: Record<string, unknown>; status: () => Status | null };

/** Plays all nodes of one workflow file; resolves to how each job ended. `shown` goes before the names of its jobs. */
export async function playJobs(play: Play, run: Run, nodes: Node[], shown = ''): Promise<Map<string, End>> {
  const ends = new Map<string, Promise<End>>();
  for (const node of inOrder(nodes)) {
    const before = ancestors(nodes, node).map(({ plan }) => plan.key);
    const all = Promise.all(before.map(async (key) => [key, await ends.get(key)] as const));
    ends.set(
      node.plan.key,
      all.then((found) =>
        playNode(play, run, node, new Map(found.flatMap(([key, end]) => (end ? [[key, end]] : []))), shown),
      ),
    );
  }
  const ended = await Promise.all([...ends].map(async ([key, end]) => [key, await end] as const));
  return new Map(ended);
}

async function playNode(
  play: Play,
  run: Run,
  node: Node,
  upstream: Map<string, End>,
  shown: string,
): Promise<End> {
  const { plan, called } = node;
  const { stop } = play.signals;
  const named = plan.needs.map((key) => {
    const { conclusion, outputs } = upstream.get(key) ?? { conclusion: 'skipped', outputs: {} };
    return [key, { result: conclusion, outputs }];
  });
  const contexts = { ...runContexts(run), needs: Object.fromEntries(named) };
  // A job looks at all jobs before it, not only at those it names: https://github.com/actions/runner/issues/491
  const status = (): Status | null => {
    if (stop.signal.aborted) return 'cancelled';
    const ends = [...upstream.values()].map(({ conclusion }) => conclusion);
    if (ends.includes('failure')) return 'failure';
    return ends.every((end) => end === 'success') ? 'success' : null;
  };
  const turn: Turn = { contexts, status };
  const own = (): JobState[] => statesOf(play, node);
  if (called === null && own().length > 0 && own().every((job) => job.status === 'completed'))
    return together(own());
  try {
    if (!condition(plan.if, { contexts, status })) return all(play, own(), 'skipped');
    const strategy = strategyOf(plan, { contexts });
    if (strategy) return await playMatrix(play, run, node, turn, strategy, shown);
    return called
      ? await playCalled(play, run, node, called, turn, titleOf(node, { contexts }, shown))
      : await playJob(play, run, node, turn, own()[0] ?? placeholder(play, node, shown), shown);
  } catch (error) {
    own()[0]?.steps.push(newStep('Set up job', [`##[error]${String(error)}`]));
    return all(play, own(), 'failure');
  }
}

async function playCalled(
  play: Play,
  run: Run,
  node: Node,
  called: Called,
  turn: Turn,
  title: string,
): Promise<End> {
  const inner = enter(run, node.plan, called, { contexts: turn.contexts });
  const ends = await playJobs(play, inner, called.nodes, `${title} / `);
  const results = [...ends].map(([key, { conclusion, outputs }]) => [key, { result: conclusion, outputs }]);
  return { conclusion: worst([...ends.values()]), outputs: outputsOf(inner, Object.fromEntries(results)) };
}

async function playMatrix(
  play: Play,
  run: Run,
  node: Node,
  turn: Turn,
  strategy: Strategy,
  shown: string,
): Promise<End> {
  if (node.called) throw new Error(`${node.key}: a matrix of calls is not supported by the sandbox's runner`);
  const { combinations, failFast, maxParallel } = strategy;
  const halt = new AbortController();
  const gate = createGate(maxParallel);
  const about = { 'job-total': combinations.length, 'fail-fast': failFast, 'max-parallel': maxParallel };
  play.state.jobs = play.state.jobs.filter(({ key }) => key !== node.key);
  const legs = combinations.map((matrix: Combination, index) => {
    const suffix = ` (${label(matrix)})`;
    const key = `${node.key}${suffix}`;
    const job = play.kept(key) ?? play.newJob(key, `${shown}${node.plan.key}${suffix}`);
    if (!play.state.jobs.some((one) => one.key === key)) play.state.jobs.push(job);
    const strategyContext = { ...about, 'job-index': index };
    return { job, contexts: { ...turn.contexts, matrix, strategy: strategyContext } };
  });
  play.changed();
  const ends = legs.map(async ({ job, contexts }) => {
    if (job.status === 'completed') return together([job]);
    const leave = await gate.enter(halt.signal);
    if (!leave) return all(play, [job], 'cancelled');
    const end = await playJob(play, run, node, { ...turn, contexts }, job, null, halt.signal).finally(leave);
    if (failFast && end.conclusion === 'failure') halt.abort();
    return end;
  });
  const ended = await Promise.all(ends);
  return { conclusion: worst(ended), outputs: Object.assign({}, ...ended.map(({ outputs }) => outputs)) };
}

/** One job on a machine of its own. `shown` goes before a name of its own; null leaves the name. */
async function playJob(
  play: Play,
  run: Run,
  { plan }: Node,
  turn: Turn,
  job: JobState,
  shown: string | null,
  halt?: AbortSignal,
): Promise<End> {
  const { stop, force } = play.signals;
  const cancel = new AbortController();
  const recheck = () => {
    if (force.signal.aborted || halt?.aborted || !stillHolds(plan.if, turn)) cancel.abort();
  };
  const signals = [stop.signal, force.signal, ...(halt ? [halt] : [])];
  for (const signal of signals) signal.addEventListener('abort', recheck);
  try {
    const name = plan.token.find('name');
    if (name) job.name = `${shown ?? ''}${text(name, { contexts: turn.contexts })}`;
    const leave = await play.floor.enter(cancel.signal);
    if (!leave) return all(play, [job], 'cancelled');
    const { oidc, minute, changed } = play;
    const order = {
      run,
      plan,
      state: job,
      contexts: turn.contexts,
      oidc,
      cancel,
      force: force.signal,
      minute,
      changed,
    };
    await runJob(order).finally(leave);
    if (!fitRun(play.state.jobs)) {
      Object.assign(job, { outputs: {}, conclusion: 'failure' });
      job.steps[0]?.log.push('##[error]The outputs of all jobs of the run are larger than 50 MB');
    }
    return together([job]);
  } catch (error) {
    job.steps.push(newStep('Set up job', [`##[error]${String(error)}`]));
    return all(play, [job], 'failure');
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', recheck);
    play.changed();
  }
}

/** What is shown of a node before it is its turn: a job, the jobs of what it calls, or what an earlier attempt left. */
export function announce(
  play: Pick<Play, 'newJob' | 'kept'>,
  node: Node,
  before: readonly JobState[],
  shown = '',
): JobState[] {
  const title = titleOf(node, null, shown);
  if (node.called) return node.called.nodes.flatMap((inner) => announce(play, inner, before, `${title} / `));
  const legs = before.filter(({ key }) => key.startsWith(`${node.key} (`));
  if (legs.length > 0) return legs.map(({ key, name }) => play.kept(key) ?? play.newJob(key, name));
  return [play.kept(node.key) ?? play.newJob(node.key, title)];
}

function placeholder(play: Play, node: Node, shown: string): JobState {
  const job = play.newJob(node.key, titleOf(node, null, shown));
  play.state.jobs.push(job);
  return job;
}

/** The name of a call is part of the names of its jobs; before its turn, and for a job, it is the key. */
function titleOf({ plan, called }: Node, scope: Scope | null, shown: string): string {
  const name = called && scope ? plan.token.find('name') : undefined;
  return `${shown}${name && scope ? text(name, scope) : plan.key}`;
}

const statesOf = ({ state }: Play, { key }: Node): JobState[] =>
  state.jobs.filter(
    (job) => job.key === key || job.key.startsWith(`${key}/`) || job.key.startsWith(`${key} (`),
  );

const together = (jobs: readonly JobState[]): End => ({
  conclusion: worst(jobs.map(({ conclusion }) => ({ conclusion: conclusion ?? 'skipped' }))),
  outputs: Object.assign({}, ...jobs.map(({ outputs }) => outputs)),
});

function all(play: Play, jobs: readonly JobState[], conclusion: string): End {
  for (const job of jobs) if (job.status !== 'completed') conclude(job, conclusion);
  play.changed();
  return { conclusion, outputs: {} };
}

/** How several jobs ended, as one word. */
export const worst = (ends: readonly { conclusion: string | null }[]): string =>
  ['failure', 'cancelled', 'success'].find((end) => ends.some(({ conclusion }) => conclusion === end)) ??
  'skipped';

export function conclude(job: JobState, conclusion: string): void {
  const end = { status: 'completed', completedAt: Date.now() };
  for (const step of job.steps) Object.assign(step, end, { conclusion: step.conclusion ?? conclusion });
  Object.assign(job, end, { conclusion });
}

/** All jobs of its file that a job comes after, near and far. */
export function ancestors(nodes: readonly Node[], node: Node): Node[] {
  const direct = nodes.filter(({ plan }) => node.plan.needs.includes(plan.key));
  return [...new Set(direct.flatMap((one) => [one, ...ancestors(nodes, one)]))];
}

/** Jobs in an order in which each comes after all it needs; the parser has refused circles. */
function inOrder(nodes: readonly Node[]): Node[] {
  return nodes.toSorted((a, b) => ancestors(nodes, a).length - ancestors(nodes, b).length);
}
