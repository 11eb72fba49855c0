// What a job knows of its run: contexts, default environment variables, event and OIDC claims, all from one place so
// that they agree. Must never hold a secret.
// https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
import type { Plan } from './parse.ts';
import type { JobState, RunnerHost, RunRequest } from './types.ts';

export type Run = { host: RunnerHost; request: RunRequest; plan: Plan; event: Record<string, unknown> };

export const branchOf = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

/** A dispatched run. Its event is what GITHUB_EVENT_PATH holds. */
export function createRun(host: RunnerHost, request: RunRequest, plan: Plan): Run {
  const { id, owner, ownerId, name } = host.repository;
  const repository = { id, name, full_name: `${owner}/${name}`, owner: { login: owner, id: ownerId } };
  const { inputs, ref, workflow, actor } = request;
  return { host, request, plan, event: { inputs, ref, workflow, repository, sender: { login: actor } } };
}

/** The `github` context of a run; a job adds its token, workspace and name. */
export function githubContext({ host, request, plan, event }: Run): Record<string, unknown> {
  const { owner, ownerId, name, id } = host.repository;
  const { actor, ref, sha, workflow, triggeringActor: triggering_actor = actor } = request;
  return {
    ...{ actor, triggering_actor, event, event_name: 'workflow_dispatch' },
    ...{ server_url: host.urls.server, api_url: host.urls.api, graphql_url: host.urls.graphql },
    ...{ ref, ref_name: branchOf(ref), ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch', sha },
    ...{ repository: `${owner}/${name}`, repository_id: String(id) },
    ...{ repository_owner: owner, repository_owner_id: String(ownerId) },
    ...{
      run_id: String(request.id),
      run_number: String(request.number),
      run_attempt: String(request.attempt),
    },
    ...{ workflow: plan.name, workflow_ref: `${owner}/${name}/${workflow}@${ref}`, workflow_sha: sha },
  };
}

/** What the run's own keys may see. Inputs are given values over defaults, booleans as booleans. */
export function runContexts(run: Run): Record<string, unknown> {
  const inputs = Object.entries(run.plan.dispatchInputs ?? {}).map(([name, input]) => {
    const value = run.request.inputs[name] ?? input.default ?? '';
    return [name, input.type === 'boolean' ? value === 'true' : value];
  });
  return { github: githubContext(run), inputs: Object.fromEntries(inputs), vars: run.host.variables() };
}

/** The default variables: GITHUB_* out of a job's `github` context without its token, and RUNNER_*. */
export function defaultVariables(github: Record<string, unknown>, runner: Record<string, string>) {
  const { token, event, ...rest } = github;
  const named = (prefix: string, values: Record<string, unknown>) =>
    Object.entries(values).map(([key, value]) => [prefix + key.toUpperCase(), String(value)]);
  const variables = [...named('GITHUB_', rest), ...named('RUNNER_', runner)];
  return { CI: 'true', GITHUB_ACTIONS: 'true', ...Object.fromEntries(variables) };
}

/** The claims GitHub makes for a job, in the form for repositories made after 2026-07-15 (ids in the subject).
 * https://docs.github.com/en/actions/reference/security/oidc */
export function oidcClaims(run: Run, { id, environment }: JobState, runnerEnvironment: string) {
  const { triggering_actor, event, server_url, api_url, graphql_url, ref_name, ...claims } =
    githubContext(run);
  const { owner, ownerId, name, id: repositoryId } = run.host.repository;
  const subject = environment ? `environment:${environment.replaceAll(':', '%3A')}` : `ref:${claims['ref']}`;
  return {
    ...claims,
    sub: `repo:${owner}@${ownerId}/${name}@${repositoryId}:${subject}`,
    ...{ base_ref: '', head_ref: '', check_run_id: String(id), runner_environment: runnerEnvironment },
    ...{ job_workflow_ref: claims['workflow_ref'], job_workflow_sha: claims['workflow_sha'] },
    ...(environment ? { environment } : {}),
  };
}
