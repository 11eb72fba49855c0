// Workflow runs as GitHub shows and announces them. It must never change a run: the runner does.
// https://docs.github.com/en/rest/actions/workflow-runs
import * as z from 'zod';
import type { JobState, RunState } from './actions/types.ts';
import type { Actor, Forge } from './forge.ts';
import { idOf, isoTime } from './forge.ts';
import { type Call, missing, ok, page, REPO, refuse, route } from './http.ts';
import { repositoryView, userView } from './people.ts';

const actionsUrl = (forge: Forge) =>
  `${forge.urls.api}/repos/${forge.options.owner}/${forge.options.repo}/actions`;
const time = (at: number | null) => (at === null ? null : isoTime(at));

export function runView(forge: Forge, run: RunState) {
  const url = `${actionsUrl(forge)}/runs/${run.id}`;
  const actor = userView(forge, run.actor);
  return {
    id: run.id,
    node_id: `WFR_${run.id}`,
    name: run.name,
    display_title: run.displayTitle,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    path: run.workflow,
    workflow_id: idOf(run.workflow),
    head_branch: run.ref.replace(/^refs\/(heads|tags)\//, ''),
    head_sha: run.sha,
    url,
    html_url: `${forge.urls.web}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    actor,
    triggering_actor: actor,
    pull_requests: [],
    created_at: isoTime(run.createdAt),
    updated_at: isoTime(run.updatedAt),
    run_started_at: isoTime(run.createdAt),
    repository: repositoryView(forge),
  };
}

function jobView(forge: Forge, run: RunState, job: JobState) {
  return {
    id: job.id,
    run_id: run.id,
    run_attempt: run.attempt,
    url: `${actionsUrl(forge)}/jobs/${job.id}`,
    html_url: `${forge.urls.web}/actions/runs/${run.id}#job-${job.id}`,
    name: job.name,
    workflow_name: run.name,
    head_sha: run.sha,
    status: job.status,
    conclusion: job.conclusion,
    started_at: time(job.startedAt),
    completed_at: time(job.completedAt),
    steps: job.steps.map(({ name, status, conclusion, startedAt, completedAt }, index) => ({
      name,
      status,
      conclusion,
      number: index + 1,
      started_at: time(startedAt),
      completed_at: time(completedAt),
    })),
  };
}

export function workflowView(forge: Forge, path: string, name: string) {
  const id = idOf(path);
  return {
    id,
    node_id: `W_${id}`,
    name,
    path,
    state: 'active',
    url: `${actionsUrl(forge)}/workflows/${id}`,
    html_url: `${forge.urls.web}/blob/main/${path}`,
  };
}

/** Takes note of a run's new state and announces each status once: requested, in_progress, completed. */
export function createRunWatch(forge: () => Forge): (run: RunState) => void {
  const told = new Map<string, Set<string>>();
  return (run) => {
    forge().state.runs.set(run.id, run);
    const key = `${run.id}/${run.attempt}`;
    const known = told.get(key) ?? new Set();
    told.set(key, known);
    const actor: Actor = { kind: 'app', login: run.actor, appId: 0, permissions: {} };
    const now = run.status === 'queued' ? 'requested' : run.status;
    for (const action of known.size === 0 ? ['requested', now] : [now]) {
      if (known.has(action)) continue;
      known.add(action);
      forge().webhooks.emit(
        'workflow_run',
        {
          action,
          workflow_run: runView(forge(), run),
          workflow: workflowView(forge(), run.workflow, run.name),
        },
        actor,
      );
    }
  };
}

/** `>=2026-01-01`, `2026-01-01..2026-02-01` and so on: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax */
function within(range: string | undefined, at: number): boolean {
  if (!range) return true;
  const [, sign = '', from = '', to] = /^(>=|<=|>|<)?([^.]*)(?:\.\.(.*))?$/.exec(range) ?? [];
  const start = from === '*' ? Number.NEGATIVE_INFINITY : Date.parse(from);
  if (to !== undefined) return at >= start && (to === '*' || at <= Date.parse(to));
  return (
    {
      '>=': at >= start,
      '>': at > start,
      '<=': at <= start,
      '<': at < start,
      '': isoTime(at).startsWith(from),
    }[sign] ?? false
  );
}

const Filter = z.object({
  event: z.string().optional(),
  status: z.string().optional(),
  branch: z.string().optional(),
  actor: z.string().optional(),
  created: z.string().optional(),
});

function list(forge: Forge, call: Call<z.infer<typeof Filter>>) {
  const { event, status, branch, actor, created } = call.input;
  const file = call.params['file'];
  const found = [...forge.state.runs.values()].filter(
    (run) =>
      (!file || run.workflow === `.github/workflows/${file}` || `${idOf(run.workflow)}` === file) &&
      (!event || run.event === event) &&
      (!status || status === run.status || status === run.conclusion) &&
      (!branch || run.ref === `refs/heads/${branch}`) &&
      (!actor || run.actor === actor) &&
      within(created, run.createdAt),
  );
  return page(call, found.toReversed(), (runs) => ({
    total_count: found.length,
    workflow_runs: runs.map((run) => runView(forge, run)),
  }));
}

const logOf = (job: JobState) =>
  job.steps
    .map(
      (step) => `== ${job.name} / ${step.name} (${step.conclusion ?? step.status})\n${step.log.join('\n')}\n`,
    )
    .join('\n');

const read = ['actions:read', 'read'] as const;
export const runRoutes = [
  route(`GET ${REPO}/actions/runs`, read, Filter, list),
  route(`GET ${REPO}/actions/workflows/:file/runs`, read, Filter, list),
  route(`GET ${REPO}/actions/runs/:number`, read, z.unknown(), (forge, { number }) => {
    const run = forge.state.runs.get(number);
    return run ? ok(runView(forge, run)) : missing;
  }),
  route(`GET ${REPO}/actions/runs/:number/jobs`, read, z.unknown(), (forge, call) => {
    const run = forge.state.runs.get(call.number);
    return run
      ? page(call, run.jobs, (jobs) => ({
          total_count: run.jobs.length,
          jobs: jobs.map((job) => jobView(forge, run, job)),
        }))
      : missing;
  }),
  // GitHub sends a zip archive from another host; here it is one plain text.
  route(`GET ${REPO}/actions/runs/:number/logs`, read, z.unknown(), (forge, { number }) => {
    const run = forge.state.runs.get(number);
    return run ? ok(run.jobs.map(logOf).join('\n')) : missing;
  }),
  route(`GET ${REPO}/actions/jobs/:number/logs`, read, z.unknown(), (forge, { number }) => {
    const job = [...forge.state.runs.values()].flatMap((run) => run.jobs).find(({ id }) => id === number);
    return job ? ok(logOf(job)) : missing;
  }),
  route(
    `POST ${REPO}/actions/runs/:number/cancel`,
    ['actions:write', 'write'],
    z.unknown(),
    (forge, { number }) => {
      const run = forge.state.runs.get(number);
      if (!run) return missing;
      if (run.status === 'completed') return refuse(409, 'Cannot cancel a workflow run that is completed.');
      forge.runner.cancel(number);
      return { status: 202, body: {} };
    },
  ),
];
