// What a person sees of workflow runs: order, conditions, rights, secrets, logs, cancellation.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOidc } from './oidc.ts';
import { createRunner } from './runner.ts';
import type { Environment, RunnerHost, RunRequest, RunState } from './types.ts';

const MINUTE = 200;
const world = { dir: '', close: async () => {} };
let environments: Record<string, Environment>;
let minted: Record<string, string>[];
let live: Set<string>;
let seen: string[];
let runner: ReturnType<typeof createRunner>;
let issuer: string;

beforeEach(async () => {
  world.dir = await mkdtemp(join(tmpdir(), 'actions-'));
  environments = {};
  minted = [];
  live = new Set();
  seen = [];
  const app = new Hono();
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((done) => server.once('listening', done));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  issuer = `${origin}/_oidc`;
  const oidc = await createOidc(issuer);
  app.route('/_oidc', oidc.routes);
  world.close = async () => {
    await runner.idle();
    await new Promise((done) => server.close(done));
    await rm(world.dir, { recursive: true });
  };
  const host: RunnerHost = {
    repository: { id: 74, owner: 'acme', ownerId: 65, name: 'vigil' },
    urls: { server: origin, api: origin, graphql: `${origin}/graphql`, oidc: issuer },
    dir: join(world.dir, 'scratch'),
    machine: { MACHINE: 'yes' },
    readFile: async (_sha, path) =>
      (await import('node:fs/promises')).readFile(join(world.dir, 'tree', path), 'utf8'),
    checkout: async () => join(world.dir, 'tree'),
    mintToken(permissions) {
      minted.push(permissions);
      const token = `ghs_${minted.length}0123456789abcdef`;
      live.add(token);
      return token;
    },
    revokeToken: (token) => void live.delete(token),
    environment: (name) => environments[name],
    variables: () => ({ PLACE: 'repository', OTHER: 'kept' }),
    changed: (run) => void seen.push(`${run.id} ${run.status}`),
  };
  runner = createRunner(host, oidc, { minute: MINUTE });
});
afterEach(() => world.close());

const files = async (tree: Record<string, string>) => {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(world.dir, 'tree', path)), { recursive: true });
    await writeFile(join(world.dir, 'tree', path), content);
  }
};
const workflow = (jobs: string, head = '') =>
  files({
    '.github/workflows/w.yml': `name: respond\non: { workflow_dispatch: { inputs: { incident: { type: string } } } }\npermissions: {}\n${head}\njobs:\n${jobs}`,
  });
const request = (over: Partial<RunRequest> = {}): RunRequest => ({
  id: 1,
  number: 7,
  attempt: 1,
  workflow: '.github/workflows/w.yml',
  ref: 'refs/heads/main',
  sha: 'a'.repeat(40),
  inputs: {},
  actor: 'vigil[bot]',
  ...over,
});
const run = async (over: Partial<RunRequest> = {}): Promise<RunState> => {
  const state = await runner.start(request(over));
  await runner.idle();
  return state;
};
const logOf = (state: RunState) =>
  state.jobs.flatMap((job) => job.steps.flatMap((step) => step.log)).join('\n');
const ends = (state: RunState) => Object.fromEntries(state.jobs.map((job) => [job.key, job.conclusion]));

test('one job runs', async () => {
  await workflow('  a: { runs-on: x, steps: [{ run: "echo hello $MACHINE" }] }');
  const state = await run();
  expect(logOf(state)).toContain('hello yes');
  expect(ends(state)).toEqual({ a: 'success' });
});
