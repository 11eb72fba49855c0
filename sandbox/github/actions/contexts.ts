// What a job knows of its run: contexts, default environment variables, event and OIDC claims, all from one place so
// that they agree. Must never hold a secret.
// https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
import type { Plan } from './parse.ts';
import type { JobState, RunnerHost, RunRequest } from './types.ts';

/** Where the file stands that holds a job: of this repository, or of the one whose workflow is called. */
export type WorkflowFile = { repository: string; path: string; sha: string; ref: string };
/** A run as the jobs of one workflow file see it. `title`, `request` and `event` stay the caller's in a called workflow. */
export type Run = {
  host: RunnerHost;
  request: RunRequest;
  event: Record<string, unknown>;
  title: string;
  plan: Plan;
  file: WorkflowFile;
  inputs: Record<string, unknown>;
  /** What the caller handed over by name; null in the run's own file, where a job has what its environment has. */
  secrets: Record<string, string> | null;
  granted: Record<string, string> | null;
};

export const branchOf = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

/** A run of the repository's own workflow file. Its event is what GITHUB_EVENT_PATH holds. */
export function createRun(host: RunnerHost, request: RunRequest, plan: Plan): Run {
  const { id, owner, ownerId, name, defaultBranch: default_branch } = host.repository;
  const full_name = `${owner}/${name}`;
  const repository = { id, name, full_name, default_branch, owner: { login: owner, id: ownerId } };
  const { ref, sha, workflow, actor } = request;
  // Given values over defaults, booleans as booleans; the event holds them as texts.
  const declared = Object.entries(plan.dispatchInputs ?? {});
  const inputs = declared.map(([input, { type, default: fallback }]) => {
    const value = request.inputs[input] ?? fallback ?? '';
    return [input, type === 'boolean' ? value === 'true' : value];
  });
  const defaults = declared.flatMap(([input, { default: value }]) =>
    value === undefined ? [] : [[input, value]],
  );
  const told = { ...Object.fromEntries(defaults), ...request.inputs };
  const dispatched = request.event === 'workflow_dispatch' ? { inputs: told, workflow } : {};
  return {
    ...{ host, request, plan, title: plan.name, secrets: null, granted: null },
    inputs: request.event === 'workflow_dispatch' ? Object.fromEntries(inputs) : {},
    file: { repository: full_name, path: workflow, sha, ref },
    event: { ...dispatched, ref, ...request.payload, repository, sender: { login: actor } },
  };
}

/** The `github` context of a run, the same in called workflows; a job adds its token, workspace and name. */
export function githubContext({ host, request, title, event }: Run): Record<string, unknown> {
  const { owner, ownerId, name, id } = host.repository;
  const { actor, ref, sha, workflow, triggeringActor: triggering_actor = actor } = request;
  return {
    ...{ actor, actor_id: String(host.idOf(actor)), triggering_actor, event, event_name: request.event },
    // The first two are empty outside pull requests.
    ...{ base_ref: '', head_ref: '', ref_protected: host.isProtected(ref), retention_days: '90' },
    ...{ server_url: host.urls.server, api_url: host.urls.api, graphql_url: host.urls.graphql },
    ...{ ref, ref_name: branchOf(ref), ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch', sha },
    ...{ repository: `${owner}/${name}`, repository_id: String(id) },
    ...{ repository_owner: owner, repository_owner_id: String(ownerId) },
    ...{
      run_id: String(request.id),
      run_number: String(request.number),
      run_attempt: String(request.attempt),
    },
    ...{ workflow: title, workflow_ref: `${owner}/${name}/${workflow}@${ref}`, workflow_sha: sha },
  };
}

/** What the keys of a workflow may see. */
export function runContexts(run: Run): Record<string, unknown> {
  return { github: githubContext(run), inputs: run.inputs, vars: run.host.variables() };
}

/** The file that holds a job: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#job-context */
export const fileContext = ({ file: { repository, path, ref, sha } }: Run): Record<string, string> => ({
  workflow_repository: repository,
  workflow_file_path: path,
  workflow_ref: `${repository}/${path}@${ref}`,
  workflow_sha: sha,
});

/** The default variables: GITHUB_* out of a job's `github` context without its token, and RUNNER_*. */
export function defaultVariables(github: Record<string, unknown>, runner: Record<string, string>) {
  const { token, event, ...rest } = github;
  const named = (prefix: string, values: Record<string, unknown>) =>
    Object.entries(values).map(([key, value]) => [prefix + key.toUpperCase(), String(value)]);
  const variables = [...named('GITHUB_', rest), ...named('RUNNER_', runner)];
  return { GITHUB_ACTIONS: 'true', ...Object.fromEntries(variables) };
}

/** The claims GitHub makes for a job, in the form for repositories made after 2026-07-15 (ids in the subject).
 * https://docs.github.com/en/actions/reference/security/oidc */
export function oidcClaims(run: Run, { id, environment }: JobState, runnerEnvironment: string) {
  const { triggering_actor, event, server_url, api_url, graphql_url, ref_name, ...context } =
    githubContext(run);
  const { ref_protected, retention_days, ...claims } = context;
  const { owner, ownerId, name, id: repositoryId } = run.host.repository;
  const file = fileContext(run);
  const subject = environment ? `environment:${environment.replaceAll(':', '%3A')}` : `ref:${claims['ref']}`;
  return {
    ...claims,
    sub: `repo:${owner}@${ownerId}/${name}@${repositoryId}:${subject}`,
    ...{ check_run_id: String(id), runner_environment: runnerEnvironment },
    ...{ ref_protected: String(ref_protected), repository_visibility: run.host.repository.visibility },
    ...{ job_workflow_ref: file['workflow_ref'], job_workflow_sha: file['workflow_sha'] },
    ...(environment ? { environment } : {}),
  };
}
