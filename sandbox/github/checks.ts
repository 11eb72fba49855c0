// Check runs: only apps make them, and each remembers which. https://docs.github.com/en/rest/checks/runs
import * as z from 'zod';
import { type Actor, type CheckRun, type Forge, isoTime } from './forge.ts';
import { type Call, created, missing, ok, page, REPO, refuse, route } from './http.ts';
import { appView } from './people.ts';

const Long = z.string().max(65_535);
const Fields = z.object({
  name: z.string().min(1).optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z
    .enum(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out'])
    .optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  output: z.object({ title: z.string(), summary: Long, text: Long.optional() }).optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
});
const NewCheck = Fields.extend({ name: z.string().min(1), head_sha: z.string().regex(/^[0-9a-f]{40}$/) });

export function checkView(forge: Forge, run: CheckRun) {
  const { owner, repo, app } = forge.options;
  const url = `${forge.urls.api}/repos/${owner}/${repo}/check-runs/${run.id}`;
  const pulls = forge.state.issues.filter(({ pull }) => pull?.headSha === run.headSha);
  const maker =
    run.appId === app.id ? appView(forge) : { id: run.appId, slug: 'github-actions', name: 'GitHub Actions' };
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    status: run.status,
    conclusion: run.conclusion,
    external_id: run.externalId,
    url,
    html_url: `${forge.urls.web}/commit/${run.headSha}#check-${run.id}`,
    details_url: run.detailsUrl,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    app: maker,
    pull_requests: pulls.map(({ number, pull }) => ({
      number,
      head: { ref: pull?.head, sha: pull?.headSha },
      base: { ref: pull?.base, sha: pull?.baseSha },
    })),
  };
}

/** A conclusion completes a run; completing needs a conclusion. */
function apply(
  forge: Forge,
  actor: Actor,
  run: CheckRun,
  fields: z.infer<typeof Fields>,
  action: string,
): void {
  const wasDone = run.status === 'completed';
  const status = fields.conclusion ? 'completed' : (fields.status ?? run.status);
  const done = status === 'completed';
  Object.assign(run, {
    name: fields.name ?? run.name,
    status,
    conclusion: done ? (fields.conclusion ?? run.conclusion) : null,
    completedAt: done ? (fields.completed_at ?? run.completedAt ?? isoTime()) : null,
    externalId: fields.external_id ?? run.externalId,
    detailsUrl: fields.details_url ?? run.detailsUrl,
    startedAt: fields.started_at ?? run.startedAt,
    output: fields.output ? { text: null, ...fields.output } : run.output,
  });
  const announce = (what: string) =>
    forge.webhooks.emit('check_run', { action: what, check_run: checkView(forge, run) }, actor);
  if (action === 'created') announce('created');
  if (done && !wasDone) announce('completed');
}

const incomplete = ({ status, conclusion }: z.infer<typeof Fields>) => status === 'completed' && !conclusion;
const read = ['checks:read', 'read'] as const;
const write = ['checks:write', 'read'] as const;
const Filter = z.object({
  check_name: z.string().optional(),
  status: z.string().optional(),
  app_id: z.coerce.number().optional(),
  filter: z.enum(['latest', 'all']).default('latest'),
});

async function list(forge: Forge, call: Call<z.infer<typeof Filter>>) {
  const sha = await forge.git.resolve(call.params['ref'] ?? '');
  if (!sha) return refuse(422, `No commit found for SHA: ${call.params['ref']}`);
  const { check_name, status, app_id, filter } = call.input;
  const all = forge.state.checks.filter((run) => run.headSha === sha);
  const newest = all.filter(
    (run) => all.findLast((one) => one.name === run.name && one.appId === run.appId) === run,
  );
  const found = (filter === 'all' ? all : newest).filter(
    (run) =>
      run.name === (check_name ?? run.name) &&
      run.status === (status ?? run.status) &&
      run.appId === (app_id ?? run.appId),
  );
  return page(call, found.toReversed(), (some) => ({
    total_count: found.length,
    check_runs: some.map((run) => checkView(forge, run)),
  }));
}

export const checkRoutes = [
  route(`POST ${REPO}/check-runs`, write, NewCheck, async (forge, { actor, input }) => {
    if (actor.kind !== 'app') return refuse(403, 'You must authenticate via a GitHub App.');
    if (incomplete(input)) return refuse(422, 'conclusion is required when status is completed');
    if (!(await forge.git.resolve(input.head_sha)))
      return refuse(422, `No commit found for SHA: ${input.head_sha}`);
    const run: CheckRun = {
      id: forge.nextId(),
      appId: actor.appId,
      name: input.name,
      headSha: input.head_sha,
      status: 'queued',
      conclusion: null,
      externalId: '',
      detailsUrl: null,
      output: { title: null, summary: null, text: null },
      startedAt: isoTime(),
      completedAt: null,
    };
    forge.state.checks.push(run);
    apply(forge, actor, run, input, 'created');
    return created(checkView(forge, run));
  }),
  route(`PATCH ${REPO}/check-runs/:number`, write, Fields, (forge, { actor, number, input }) => {
    if (actor.kind !== 'app') return refuse(403, 'You must authenticate via a GitHub App.');
    const run = forge.state.checks.find((one) => one.id === number);
    if (!run) return missing;
    if (run.appId !== actor.appId)
      return refuse(
        403,
        `Invalid app_id \`${actor.appId}\` - check run can only be modified by the GitHub App that created it.`,
      );
    if (incomplete(input) && !run.conclusion)
      return refuse(422, 'conclusion is required when status is completed');
    apply(forge, actor, run, input, 'updated');
    return ok(checkView(forge, run));
  }),
  route(`GET ${REPO}/check-runs/:number`, read, z.unknown(), (forge, { number }) => {
    const run = forge.state.checks.find((one) => one.id === number);
    return run ? ok(checkView(forge, run)) : missing;
  }),
  route(`GET ${REPO}/commits/:ref{.+}/check-runs`, read, Filter, list),
];
