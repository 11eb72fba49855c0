// What a job knows of its run: the `github` context, the default environment variables, the event file and the OIDC
// claims, all from one place so that they agree. Must never hold a secret other than the job's own token.
// https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
import type { Plan } from './parse.ts';
import type { JobState, RunnerHost, RunRequest } from './types.ts';

export type Run = { host: RunnerHost; request: RunRequest; plan: Plan };

const EVENT = 'workflow_dispatch';
const branch = (ref: string) => ref.replace(/^refs\/(heads|tags)\//, '');

/** The `github` context before a job runs; a job adds its token, workspace and name. */
export function githubContext({ host, request, plan }: Run): Record<string, unknown> {
  const { owner, ownerId, name, id } = host.repository;
  return {
    actor: request.actor,
    triggering_actor: request.actor,
    api_url: host.urls.api,
    event: eventPayload(host, request),
    event_name: EVENT,
    graphql_url: host.urls.graphql,
    ref: request.ref,
    ref_name: branch(request.ref),
    ref_type: request.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: `${owner}/${name}`,
    repository_id: String(id),
    repository_owner: owner,
    repository_owner_id: String(ownerId),
    run_attempt: String(request.attempt),
    run_id: String(request.id),
    run_number: String(request.number),
    server_url: host.urls.server,
    sha: request.sha,
    workflow: plan.name,
    workflow_ref: workflowRef(host, request),
    workflow_sha: request.sha,
  };
}

/** The `inputs` context: given values over defaults, booleans as booleans. */
export function inputsContext({ request, plan }: Run): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(plan.dispatchInputs ?? {}).map(([name, input]) => {
      const value = request.inputs[name] ?? input.default ?? '';
      return [name, input.type === 'boolean' ? value === 'true' : value];
    }),
  );
}

const workflowRef = ({ repository }: RunnerHost, { workflow, ref }: RunRequest) =>
  `${repository.owner}/${repository.name}/${workflow}@${ref}`;

function eventPayload(host: RunnerHost, request: RunRequest) {
  const { id, owner, ownerId, name } = host.repository;
  return {
    inputs: request.inputs,
    ref: request.ref,
    workflow: request.workflow,
    repository: { id, name, full_name: `${owner}/${name}`, owner: { login: owner, id: ownerId } },
    sender: { login: request.actor },
  };
}

const VARIABLES =
  'actor api_url event_name graphql_url ref ref_name ref_type repository repository_id repository_owner repository_owner_id run_attempt run_id run_number server_url sha triggering_actor workflow workflow_ref workflow_sha job workspace event_path';

/** The default variables: GITHUB_* out of a job's `github` context, and those of the machine. */
export function defaultVariables(github: Record<string, unknown>, runner: Record<string, string>) {
  const named = VARIABLES.split(' ').map((key) => [`GITHUB_${key.toUpperCase()}`, String(github[key])]);
  const machine = Object.entries(runner).map(([key, value]) => [`RUNNER_${key.toUpperCase()}`, value]);
  return { CI: 'true', GITHUB_ACTIONS: 'true', ...Object.fromEntries([...named, ...machine]) };
}

/** The claims GitHub makes for a job, in the form for repositories made after 2026-07-15 (ids in the subject). */
export function oidcClaims(run: Run, job: JobState, runnerEnvironment: string): Record<string, unknown> {
  const github = githubContext(run);
  const { owner, ownerId, name, id } = run.host.repository;
  const { environment } = job;
  const subject = environment
    ? `environment:${environment.replaceAll(':', '%3A')}`
    : `ref:${run.request.ref}`;
  const copied =
    'actor event_name ref ref_type repository repository_id repository_owner repository_owner_id run_attempt run_id run_number sha workflow workflow_ref workflow_sha'
      .split(' ')
      .map((key) => [key, github[key]]);
  return {
    ...Object.fromEntries(copied),
    sub: `repo:${owner}@${ownerId}/${name}@${id}:${subject}`,
    base_ref: '',
    head_ref: '',
    check_run_id: String(job.id),
    job_workflow_ref: github['workflow_ref'],
    job_workflow_sha: run.request.sha,
    runner_environment: runnerEnvironment,
    ...(environment ? { environment } : {}),
  };
}
