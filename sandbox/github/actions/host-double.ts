// A forge of files for the tests of the runner: a temp folder stands for every commit. Must never be used by the sandbox.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';
import { listen } from '../../listen.ts';
import { createOidc } from './oidc.ts';
import { createRunner } from './runner.ts';
import type { Environment, RunnerHost, RunRequest, RunState } from './types.ts';

export const WORKFLOW = '.github/workflows/w.yml';
/** Another repository, whose workflows may be called, and its commit. */
export const OTHER = 'tools/shared';
export const SHA = 'b'.repeat(40);

export type World = {
  environments: Record<string, Environment>;
  minted: Record<string, string>[]; // permissions of every token ever made
  live: Set<string>; // tokens not yet revoked
  seen: string[]; // what the forge was told: "<run id> <status>", repetitions left out
  issuer: string;
  artifacts: string; // the folder that holds those of every run
  runner: ReturnType<typeof createRunner>;
  commit(files: Record<string, string>, repository?: string): Promise<void>; // in its own, or in OTHER
  request(over?: Partial<RunRequest>): RunRequest;
  run(over?: Partial<RunRequest>): Promise<RunState>;
  close(): Promise<void>;
};

/** A repository `acme/vigil` and its runner, in which a minute of a time-out lasts `minute` milliseconds. */
export async function createWorld(minute = 60_000): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'actions-'));
  const trees = (repository: string) => join(dir, 'trees', repository);
  const app = new Hono();
  const server = await listen(app);
  const issuer = `${server.url}/_oidc`;
  const oidc = await createOidc(issuer);
  app.route('/_oidc', oidc.routes);
  const host: RunnerHost = {
    repository: {
      ...{ id: 74, owner: 'acme', ownerId: 65, name: 'vigil', defaultBranch: 'main', visibility: 'private' },
    },
    idOf: (login) => login.length,
    isProtected: (ref) => ref === 'refs/heads/main',
    urls: { server: server.url, api: server.url, graphql: `${server.url}/graphql`, oidc: issuer },
    dir: join(dir, 'scratch'),
    machine: { MACHINE: 'sandbox' },
    resolve: async (repository, ref) => (repository === OTHER ? { sha: SHA, ref } : undefined),
    readFile: (repository, _sha, path) => readFile(join(trees(repository), path), 'utf8'),
    checkout: async (repository) => trees(repository),
    mintToken(permissions) {
      const token = `ghs_${world.minted.push(permissions)}0123456789abcdef`;
      world.live.add(token);
      return token;
    },
    revokeToken: (token) => void world.live.delete(token),
    environment: (name) => world.environments[name],
    variables: () => ({ PLACE: 'repository', OTHER: 'kept' }),
    changed({ id, status }) {
      const entry = `${id} ${status}`;
      if (world.seen.at(-1) !== entry) world.seen.push(entry);
    },
  };
  const world: World = {
    environments: {},
    minted: [],
    live: new Set(),
    seen: [],
    issuer,
    artifacts: join(dir, 'scratch', 'artifacts'),
    runner: createRunner(host, oidc, { minute }),
    async commit(files, repository = 'acme/vigil') {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(trees(repository), path)), { recursive: true });
        await writeFile(join(trees(repository), path), content);
      }
    },
    request: (over = {}) => ({
      ...{ id: 1, number: 7, attempt: 1, workflow: WORKFLOW, ref: 'refs/heads/main', sha: 'a'.repeat(40) },
      ...{ event: 'workflow_dispatch', inputs: {}, actor: 'vigil[bot]' },
      ...over,
    }),
    async run(over) {
      const state = await world.runner.start(world.request(over));
      await world.runner.idle();
      return state;
    },
    async close() {
      await world.runner.idle();
      await server.close();
      await rm(dir, { recursive: true });
    },
  };
  return world;
}

/** All log lines of a run, in the order of its jobs and steps. */
export const logOf = (run: RunState): string =>
  run.jobs.flatMap((job) => job.steps.flatMap((step) => step.log)).join('\n');

/** Each job with its conclusion. */
export const ends = (run: RunState): Record<string, string | null> =>
  Object.fromEntries(run.jobs.map((job) => [job.key, job.conclusion]));

/** A workflow `respond` with one input. `jobs` is indented by two; `head` goes above them. */
export const workflow = (jobs: string, head = 'permissions: {}'): Record<string, string> => ({
  [WORKFLOW]: `name: respond
on: { workflow_dispatch: { inputs: { incident: { type: string }, loud: { type: boolean, default: true } } } }
${head}
jobs:
${jobs}`,
});
