// A runner for tests that play the jobs themselves: a dispatched run is read, named and listed as GitHub does, and then waits
// for the test to speak in its jobs' names and to end it. It must never run a step, nor sign for a job the workflow lacks.
import { createRun, oidcClaims, type Run, runContexts } from '../../sandbox/github/actions/contexts.ts';
import { text } from '../../sandbox/github/actions/expressions.ts';
import type { Oidc } from '../../sandbox/github/actions/oidc.ts';
import { parsePlan } from '../../sandbox/github/actions/parse.ts';
import { createRunner } from '../../sandbox/github/actions/runner.ts';
import type { Runner, RunnerHost, RunRequest, RunState } from '../../sandbox/github/actions/types.ts';

export type PlayedRunner = {
  make(host: RunnerHost, oidc: Oidc): Runner;
  /** Every run so far, oldest first, with what it was asked. */
  runs: { state: RunState; request: RunRequest }[];
  /** An OIDC token as the job would get it from GitHub, for Vigil's audience. */
  tokenOf(run: number, job: string): Promise<string>;
  /** Ends a run; GitHub tells its listeners. */
  end(run: number, conclusion: 'success' | 'failure' | 'cancelled'): void;
};

export function playedRunner(): PlayedRunner {
  const runs: PlayedRunner['runs'] = [];
  const parts = new Map<number, { run: Run; host: RunnerHost; oidc: Oidc }>();
  const end: PlayedRunner['end'] = (id, conclusion) => {
    const found = runs.find(({ state }) => state.id === id)?.state;
    if (!found || found.status === 'completed') return;
    Object.assign(found, { status: 'completed', conclusion, updatedAt: Date.now() });
    parts.get(id)?.host.changed(found);
  };
  const start = async (host: RunnerHost, oidc: Oidc, request: RunRequest): Promise<RunState> => {
    const { id, number, attempt, workflow, ref, sha, actor } = request;
    const parsed = parsePlan(await host.readFile(sha, workflow), workflow);
    if (!parsed.ok) throw new Error(`${workflow}: ${parsed.errors.join('; ')}`);
    const run = createRun(host, request, parsed.plan);
    const title = parsed.plan.root.find('run-name');
    const now = Date.now();
    const state: RunState = {
      ...{ id, number, attempt, workflow, ref, sha, actor, triggeringActor: actor },
      ...{ name: parsed.plan.name, event: 'workflow_dispatch', status: 'in_progress', conclusion: null },
      displayTitle: title ? text(title, { contexts: runContexts(run) }) : parsed.plan.name,
      ...{ createdAt: now, startedAt: now, updatedAt: now, jobs: [] },
    };
    parts.set(id, { run, host, oidc });
    runs.push({ state, request });
    host.changed(state);
    return state;
  };
  return {
    runs,
    end,
    make: (host, oidc) => ({
      parse: createRunner(host, oidc).parse,
      start: (request) => start(host, oidc, request),
      cancel: (id) => end(id, 'cancelled'),
      idle: async () => undefined,
    }),
    async tokenOf(id, job) {
      const part = parts.get(id);
      const environment = part?.run.plan.jobs
        .find(({ key }) => key === job)
        ?.token.find('environment')
        ?.assertString('environment').value;
      if (!part || environment === undefined) throw new Error(`run ${id} has no job ${job}`);
      const claims = oidcClaims(
        part.run,
        { ...nobody, id, key: job, name: job, environment },
        'github-hosted',
      );
      const { requestUrl, requestToken } = part.oidc.grant(claims);
      const answer = await fetch(`${requestUrl}&audience=vigil`, {
        headers: { authorization: `Bearer ${requestToken}` },
        signal: AbortSignal.timeout(10_000),
      });
      return ((await answer.json()) as { value: string }).value;
    },
  };
}

const nobody = {
  ...{ status: 'in_progress' as const, conclusion: null, startedAt: null, completedAt: null },
  ...{ steps: [], outputs: {}, summary: '' },
};
