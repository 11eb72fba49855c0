// Check runs: only apps make them, and each remembers which. https://docs.github.com/en/rest/checks/runs
import * as z from 'zod';
import type { Need } from './auth.ts';
import { nodeId, pullMinimal } from './fields.ts';
import { type Actor, type CheckRun, type Forge, idOf, isoTime, pullsOf } from './forge.ts';
import { ANY, type Call, page, REPO, route } from './http.ts';
import { appView } from './people.ts';
import { created, missing, ok, type Reply, refuse } from './reply.ts';

const Long = z.string().max(65_535);
const Fields = z.object({
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'])
    .optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  output: z.object({ title: z.string(), summary: Long, text: Long.nullable().default(null) }).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
});
const NewCheck = Fields.extend({ name: z.string().min(1), head_sha: z.string().regex(/^[0-9a-f]{40}$/) });

export function checkView(forge: Forge, { appId, ...run }: CheckRun) {
  const pulls = pullsOf(forge).filter(({ pull }) => pull.headSha === run.head_sha);
  const url = `${forge.urls.repo}/check-runs/${run.id}`;
  const app = appView(forge, appId);
  return {
    ...run,
    ...{
      node_id: nodeId('CheckRun', run.id),
      url,
      html_url: `${forge.urls.web}/commit/${run.head_sha}`,
      check_suite: { id: idOf(`${appId} ${run.head_sha}`) },
      details_url: run.details_url ?? app.external_url, // https://docs.github.com/en/rest/checks/runs#create-a-check-run
    },
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    app,
    pull_requests: pulls.map((pr) => pullMinimal(forge, pr)),
  };
}

/** Takes over the fields given: a conclusion completes a run, and completing needs a conclusion. */
function apply(run: CheckRun, fields: z.infer<typeof Fields>): Reply | undefined {
  const { conclusion = run.conclusion, status = fields.conclusion ? 'completed' : run.status } = fields;
  const done = status === 'completed';
  if (done && !conclusion) return refuse(422, 'conclusion is required when status is completed');
  const completed_at = done ? (fields.completed_at ?? run.completed_at ?? isoTime()) : null;
  Object.assign(run, fields, { status, conclusion: done ? conclusion : null, completed_at });
  return undefined;
}

function announce(forge: Forge, actor: Actor, run: CheckRun, action: string): void {
  const view = checkView(forge, run);
  const { app, pull_requests, head_sha, check_suite, started_at: created_at } = view;
  const { id } = check_suite;
  const all = forge.state.checks.filter((one) => one.head_sha === head_sha && one.appId === run.appId);
  const open = all.find(({ status }) => status !== 'completed');
  const suite = {
    ...{ id, node_id: nodeId('CheckSuite', id), url: `${forge.urls.repo}/check-suites/${id}`, app },
    ...{ head_sha, head_branch: pull_requests[0]?.head.ref ?? null, before: null, after: head_sha },
    ...{ status: open?.status ?? 'completed', conclusion: open ? null : run.conclusion },
    ...{ pull_requests, created_at, updated_at: run.completed_at ?? created_at },
  };
  forge.webhooks.emit('check_run', { action, check_run: { ...view, check_suite: suite } }, actor);
}

async function create(forge: Forge, { actor, input }: Call<z.infer<typeof NewCheck>>): Promise<Reply> {
  if (actor.kind !== 'app') return refuse(403, 'You must authenticate via a GitHub App.');
  const { name, head_sha, ...fields } = input;
  if (!(await forge.git.resolve(head_sha))) return refuse(422, `No commit found for SHA: ${head_sha}`);
  const run: CheckRun = {
    ...{ id: forge.nextId(), name, head_sha, status: 'queued', conclusion: null, appId: actor.appId },
    ...{ external_id: '', details_url: null, started_at: isoTime(), completed_at: null },
    output: { title: null, summary: null, text: null },
  };
  const refused = apply(run, fields);
  if (refused) return refused;
  forge.state.checks.push(run);
  announce(forge, actor, run, 'created');
  if (run.status === 'completed') announce(forge, actor, run, 'completed');
  return created(checkView(forge, run));
}

function update(forge: Forge, { actor, number, input }: Call<z.infer<typeof Fields>>): Reply {
  const run = forge.state.checks.find(({ id }) => id === number);
  if (!run) return missing;
  if (actor.kind !== 'app') return refuse(403, 'You must authenticate via a GitHub App.');
  if (run.appId !== actor.appId)
    return refuse(403, 'A check run can only be modified by the app that created it.');
  const before = run.status;
  const refused = apply(run, input);
  if (refused) return refused;
  if (run.status === 'completed' && before !== 'completed') announce(forge, actor, run, 'completed');
  return ok(checkView(forge, run));
}

const Filter = z.object({
  check_name: z.string().optional(),
  status: z.string().optional(),
  app_id: z.coerce.number().optional(),
  filter: z.enum(['latest', 'all']).default('latest'),
});

async function list(forge: Forge, call: Call<z.infer<typeof Filter>>): Promise<Reply> {
  const { check_name, status, app_id, filter } = call.input;
  const sha = await forge.git.resolve(call.params['ref'] ?? '');
  if (!sha) return refuse(422, `No commit found for SHA: ${call.params['ref']}`);
  const all = forge.state.checks.filter((run) => run.head_sha === sha);
  const isNewest = (run: CheckRun) =>
    run === all.findLast((one) => one.name === run.name && one.appId === run.appId);
  const found = all.filter(
    (run) =>
      (filter === 'all' || isNewest(run)) &&
      (check_name ?? run.name) === run.name &&
      (status ?? run.status) === run.status &&
      (app_id ?? run.appId) === run.appId,
  );
  const wrap = (some: CheckRun[]) => ({
    total_count: found.length,
    check_runs: some.map((run) => checkView(forge, run)),
  });
  return page(call, found.toReversed(), wrap);
}

const read: Need = ['checks:read', 'read'];
const write: Need = ['checks:write', 'read'];
export const checkRoutes = [
  route(`POST ${REPO}/check-runs`, write, NewCheck, create),
  route(`GET ${REPO}/commits/:ref{.+}/check-runs`, read, Filter, list),
  route(`GET ${REPO}/check-runs/:number`, read, ANY, (forge, { number }) => {
    const run = forge.state.checks.find(({ id }) => id === number);
    return run ? ok(checkView(forge, run)) : missing;
  }),
  route(`PATCH ${REPO}/check-runs/:number`, write, Fields, update),
];
