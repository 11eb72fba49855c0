// Workflow runs as GitHub shows and announces them. It must never change a run: the runner does.
// https://docs.github.com/en/rest/actions/workflow-runs
import * as z from 'zod';
import { branchOf as branchIn } from './actions/contexts.ts';
import type { JobState, RunState } from './actions/types.ts';
import type { Need } from './auth.ts';
import { addresses, nodeId } from './fields.ts';
import { branchOf, type Forge, idOf, isoTime } from './forge.ts';
import { ANY, type Call, page, REPO, route } from './http.ts';
import { repositoryView, userView } from './people.ts';
import { missing, ok, type Reply } from './reply.ts';

const time = (at: number | null) => (at === null ? null : isoTime(at));

export function runView(forge: Forge, run: RunState) {
  const { id, name, event, status, conclusion } = run;
  const url = `${forge.urls.repo}/actions/runs/${id}`;
  const repository = repositoryView(forge);
  const suite = { check_suite_id: id, check_suite_node_id: nodeId('CheckSuite', id) };
  const head = forge.state.heads.get(run.sha);
  return {
    ...{ id, name, event, status, conclusion, path: run.workflow, workflow_id: idOf(run.workflow) },
    ...{ display_title: run.displayTitle, run_number: run.number, run_attempt: run.attempt },
    ...{
      head_sha: run.sha,
      head_branch: branchIn(run.ref),
      actor: userView(forge, run.actor),
      triggering_actor: userView(forge, run.triggeringActor),
    },
    ...{ created_at: isoTime(run.createdAt), updated_at: isoTime(run.updatedAt) },
    run_started_at: isoTime(run.startedAt),
    ...{ node_id: nodeId('WorkflowRun', id), url, html_url: `${forge.urls.web}/actions/runs/${id}` },
    ...addresses(url, 'jobs logs cancel rerun artifacts'),
    ...{ ...suite, check_suite_url: `${forge.urls.repo}/check-suites/${id}` },
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${forge.urls.repo}/actions/workflows/${idOf(run.workflow)}`,
    ...{ repository, head_repository: repository, pull_requests: [], head_commit: head ?? null },
  };
}

function jobView(forge: Forge, run: RunState, job: JobState) {
  const { id, name, status, conclusion } = job;
  const url = `${forge.urls.repo}/actions/jobs/${id}`;
  const steps = job.steps.map((step, index) => ({
    ...{ number: index + 1, name: step.name, status: step.status, conclusion: step.conclusion },
    ...{ started_at: time(step.startedAt), completed_at: time(step.completedAt) },
  }));
  return {
    ...{ id, name, status, conclusion, steps, run_id: run.id, run_attempt: run.attempt, head_sha: run.sha },
    ...{
      node_id: nodeId('Job', id),
      run_url: `${forge.urls.repo}/actions/runs/${run.id}`,
      url,
      check_run_url: url,
    },
    ...{
      labels: [],
      runner_id: null,
      runner_name: 'sandbox',
      runner_group_id: null,
      runner_group_name: null,
    },
    ...{ workflow_name: run.name, head_branch: branchIn(run.ref), created_at: isoTime(run.createdAt) },
    ...{ started_at: isoTime(job.startedAt ?? run.createdAt), completed_at: time(job.completedAt) },
    html_url: `${forge.urls.web}/actions/runs/${run.id}#job-${id}`,
  };
}

/** https://docs.github.com/en/rest/actions/workflows#get-a-workflow */
export function workflowView(forge: Forge, path: string, name: string) {
  const { repo, web } = forge.urls;
  const id = idOf(path);
  return {
    ...{ id, node_id: nodeId('Workflow', id), name, path },
    state: forge.state.disabled.has(path) ? 'disabled_manually' : 'active',
    ...{ url: `${repo}/actions/workflows/${id}`, html_url: `${web}/blob/${branchOf(forge)}/${path}` },
    ...{ badge_url: `${web}/workflows/${id}/badge.svg`, ...forge.times() },
  };
}

/** Takes note of a run's new state and announces each status once: requested, in_progress, completed. */
export function createRunWatch(forge: () => Forge): (run: RunState) => void {
  const told = new Set<string>();
  return (run) => {
    const { id, attempt, status } = run;
    const { runs, attempts } = forge().state;
    runs.set(id, run);
    attempts.set(`${id}/${attempt}`, run);

    for (const action of ['requested', status === 'queued' ? 'requested' : status]) {
      const key = `${id}/${attempt}/${action}`;
      if (told.has(key)) continue;
      told.add(key);
      const actor = { kind: 'jwt', login: run.triggeringActor } as const;
      const workflow = workflowView(forge(), run.workflow, run.name);
      forge().webhooks.emit('workflow_run', { action, workflow, workflow_run: runView(forge(), run) }, actor);
    }
  };
}

/** `>=2026-01-01`, `2026-01-01..2026-02-01` and so on: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax */
function within(range: string, at: number): boolean {
  const [, sign = '', from = '', to] = /^(>=|<=|>|<)?(.*?)(?:\.\.(.*))?$/.exec(range) ?? [];
  const [start, end] = [Date.parse(from), Date.parse(to ?? '')];
  const second = Math.floor(at / 1000) * 1000; // GitHub's times have no finer parts
  if (to !== undefined) return second >= start && second <= end;
  const answers = { '>=': second >= start, '<=': second <= start, '>': second > start, '<': second < start };
  return Object.entries(answers).find(([one]) => one === sign)?.[1] ?? isoTime(at).startsWith(from);
}

const Filter = z.object({
  event: z.string().optional(),
  status: z.string().optional(),
  branch: z.string().optional(),
  actor: z.string().optional(),
  created: z.string().default(''),
});

function list(forge: Forge, call: Call<z.infer<typeof Filter>>): Reply {
  const { event, status, branch, actor, created } = call.input;
  const file = call.params['file'];
  const found = [...forge.state.runs.values()].filter(
    (run) =>
      (!file || run.workflow === `.github/workflows/${file}` || `${idOf(run.workflow)}` === file) &&
      (event ?? run.event) === run.event &&
      (!status || status === run.status || status === run.conclusion) &&
      (!branch || run.ref === `refs/heads/${branch}`) &&
      (actor ?? run.actor) === run.actor &&
      within(created, run.createdAt),
  );
  const wrap = (runs: RunState[]) => ({
    total_count: found.length,
    workflow_runs: runs.map((run) => runView(forge, run)),
  });
  return page(call, found.toReversed(), wrap);
}

export const logOf = (job: JobState): string =>
  job.steps
    .map(
      (step) => `== ${job.name} / ${step.name}: ${step.conclusion ?? step.status}\n${step.log.join('\n')}\n`,
    )
    .join('');

/** A route about one run, which is there. */
export function runRoute(
  signature: string,
  need: Need,
  handle: (forge: Forge, run: RunState, call: Call<unknown>) => Reply | Promise<Reply>,
) {
  const [method, rest = ''] = signature.split(' ');
  return route(`${method} ${REPO}/actions/runs/:number${rest}`, need, ANY, (forge, call) => {
    const run = forge.state.runs.get(call.number);
    return run ? handle(forge, run, call) : missing;
  });
}

const attemptOf = ({ state }: Forge, run: RunState, { params }: Call<unknown>) =>
  state.attempts.get(`${run.id}/${params['attempt']}`);

const jobsOf = (forge: Forge, run: RunState, call: Call<unknown>): Reply =>
  page(call, run.jobs, (jobs) => ({
    total_count: run.jobs.length,
    jobs: jobs.map((job) => jobView(forge, run, job)),
  }));

const read: Need = ['actions:read', 'read'];
export const runRoutes = [
  route(`GET ${REPO}/actions/runs`, read, Filter, list),
  route(`GET ${REPO}/actions/workflows/:file/runs`, read, Filter, list),
  runRoute('GET', read, (forge, run) => ok(runView(forge, run))),
  runRoute('GET /jobs', read, jobsOf),
  runRoute('GET /attempts/:attempt', read, (forge, run, call) => {
    const found = attemptOf(forge, run, call);
    return found ? ok(runView(forge, found)) : missing;
  }),
  runRoute('GET /attempts/:attempt/jobs', read, (forge, run, call) => {
    const found = attemptOf(forge, run, call);
    return found ? jobsOf(forge, found, call) : missing;
  }),
  route(`GET ${REPO}/actions/jobs/:number`, read, ANY, (forge, { number }) => {
    for (const run of forge.state.attempts.values())
      for (const job of run.jobs) if (job.id === number) return ok(jobView(forge, run, job));
    return missing;
  }),
  // GitHub redirects to a zip archive on another host; here it is one plain text.
  runRoute('GET /logs', read, (_, run) => ok(run.jobs.map(logOf).join('\n'))),
];
