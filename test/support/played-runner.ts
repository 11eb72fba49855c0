// A runner for tests that play the jobs themselves: a dispatched run is read, named and listed as GitHub does, and then waits
// for the test to speak in its jobs' names and to end it. It must never run a step, nor sign for a job the workflow lacks.

import { expand, type Node } from '../../sandbox/github/actions/calls.ts';
import { createRun, oidcClaims, type Run, runContexts } from '../../sandbox/github/actions/contexts.ts';
import { text } from '../../sandbox/github/actions/expressions.ts';
import { isMapping } from '../../sandbox/github/actions/load.ts';
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
  const parts = new Map<number, { run: Run; nodes: Node[]; host: RunnerHost; oidc: Oidc }>();
  const end: PlayedRunner['end'] = (id, conclusion) => {
    const found = runs.find(({ state }) => state.id === id)?.state;
    if (!found || found.status === 'completed') return;
    Object.assign(found, { status: 'completed', conclusion, updatedAt: Date.now() });
    parts.get(id)?.host.changed(found);
  };
  const start = async (host: RunnerHost, oidc: Oidc, request: RunRequest): Promise<RunState> => {
    const { id, number, attempt, workflow, ref, sha, actor } = request;
    const yaml = await host.readFile(`${host.repository.owner}/${host.repository.name}`, sha, workflow);
    const parsed = parsePlan(yaml, workflow);
    if (!parsed.ok) throw new Error(`${workflow}: ${parsed.errors.join('; ')}`);
    const run = createRun(host, request, parsed.plan);
    const { nodes, problems } = await expand(host, { file: run.file, yaml, plan: parsed.plan });
    if (problems.length > 0) throw new Error(problems.join('; '));
    const title = parsed.plan.root.find('run-name');
    const now = Date.now();
    const state: RunState = {
      ...{ id, number, attempt, workflow, ref, sha, actor, triggeringActor: actor },
      ...{ name: parsed.plan.name, event: request.event, status: 'in_progress', conclusion: null },
      displayTitle: title ? text(title, { contexts: runContexts(run) }) : parsed.plan.name,
      ...{ createdAt: now, startedAt: now, updatedAt: now, jobs: [] },
    };
    parts.set(id, { run, nodes, host, oidc });
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
      const place = part && placeOf(part.run, part.nodes, job);
      const given = place?.plan.token.find('environment');
      const named = given && isMapping(given) ? given.find('name') : given;
      const environment = named?.assertString('environment').value;
      if (!part || !place || environment === undefined) throw new Error(`run ${id} has no job ${job}`);
      const claims = oidcClaims(
        place.run,
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

/** A job by its key in its own file, with the run as the jobs of that file see it. */
function placeOf(
  run: Run,
  nodes: readonly Node[],
  job: string,
): { run: Run; plan: Node['plan'] } | undefined {
  const own = nodes.find(({ plan, called }) => plan.key === job && !called);
  if (own) return { run, plan: own.plan };
  for (const { called } of nodes) {
    const found = called && placeOf({ ...run, plan: called.plan, file: called.file }, called.nodes, job);
    if (found) return found;
  }
  return undefined;
}

const nobody = {
  ...{ status: 'in_progress' as const, conclusion: null, startedAt: null, completedAt: null },
  ...{ steps: [], outputs: {}, summary: '' },
};
