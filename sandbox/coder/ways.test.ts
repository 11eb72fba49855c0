import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerFaults } from '#adapters/workspace/coder/shape-faults';
import { type Coder, startCoder } from './server.ts';
import type { Ways } from './workspaces.ts';

const template = {
  name: 'vigil-remediate',
  id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01',
  versionId: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02',
};
let dir: string;
let coder: Coder;
let faults: string[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-coder-'));
  faults = [];
});
afterEach(async () => {
  await coder.close();
  await rm(dir, { recursive: true, force: true });
  expect(faults).toEqual([]);
});

const start = async (ways: Partial<Ways> = {}, perMinute = 512) => {
  coder = await startCoder({
    ...{ dir: join(dir, 'w'), token: 'full', scopedToken: 'scoped', organization: 'acme', template, ways },
    // These tests read what a script left behind, so it runs without walls; they vouch for their own scripts.
    ...{ trusted: () => true, bwrap: join(dir, 'none'), perMinute },
    told: ({ status, body, ...asked }) =>
      faults.push(...answerFaults(asked, { status, body }, { more: false })),
  });
};
const call = async (method: string, path: string, body?: object, token = 'full') => {
  const answer = await fetch(`${coder.api}/api/v2${path}`, {
    method,
    headers: { 'coder-session-token': token },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json');
  return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
};
const order = (script: string, name = 'vigil-1') => {
  const values = {
    ...{ incident_id: 'i', commit_sha: 'a'.repeat(40), script_path: 'fix.sh', nonce: 'ab'.repeat(16) },
    script_sha256: createHash('sha256').update(script).digest('hex'),
    script_gz_b64: gzipSync(script).toString('base64'),
  };
  const given = Object.entries({ ...values, unknown: 'dropped' });
  return {
    ...{ name, template_version_id: template.versionId, ttl_ms: 3_600_000 },
    rich_parameter_values: given.map(([parameter, value]) => ({ name: parameter, value })),
  };
};
const create = (script: string, token?: string) => call('POST', '/users/me/workspaces', order(script), token);
const look = async (token?: string) =>
  call('GET', '/users/me/workspace/vigil-1?include_deleted=true', undefined, token);
const until = (state: object) =>
  vi.waitFor(
    async () => {
      const { body } = await look();
      expect(body).toMatchObject(state);
      return body;
    },
    { timeout: 8_000, interval: 20 },
  );
const running = (agent: object) => ({ latest_build: { resources: [{ agents: [agent] }] } });
const count = join(tmpdir(), `vigil-ran-${process.pid}`);
const counts = () => readFile(count, 'utf8').catch(() => '');
const counting = (more = '') => `echo ran >>${count}; ${more}`;
afterEach(() => rm(count, { force: true }));

it('lets a build that nobody has begun be canceled, and no second one beside it', async () => {
  await start({ provisioners: 0 });
  const { body } = await create('true');
  expect(body.latest_build).toMatchObject({
    matched_provisioners: { count: 0, available: 0, most_recently_seen: null },
    job: { queue_position: 1, queue_size: 1 },
  });
  const cancel = `/workspacebuilds/${body.latest_build.id}/cancel`;
  expect(await call('POST', `/workspaces/${body.id}/builds`, { transition: 'delete' })).toMatchObject({
    ...{ status: 409, body: { message: 'A workspace build is already active.' } },
  });
  expect((await call('PATCH', `${cancel}?expect_status=running`)).status).toBe(412);
  expect((await call('PATCH', cancel)).status).toBe(200);
  expect((await call('PATCH', cancel)).status).toBe(400);
  expect((await look()).body.latest_build).toMatchObject({ status: 'canceled', resources: [] });
});

it('runs the script of a start build that was canceled while it was at work', async () => {
  await start({ provisionMs: 150 });
  const { body } = await create(counting());
  await until({ latest_build: { job: { status: 'running' } } });
  await call('PATCH', `/workspacebuilds/${body.latest_build.id}/cancel`);
  await until({ latest_build: { status: 'canceling', resources: [] } });
  await until({ latest_build: { status: 'canceled' } });
  await until(running({ lifecycle_state: 'ready', scripts: [{ exit_code: 0 }] }));
  expect(await counts()).toBe('ran\n');
});

it('runs the script again when a person stops and starts a workspace, with another agent', async () => {
  await start();
  await create(counting());
  const first = await until(running({ lifecycle_state: 'ready' }));
  coder.hands.stop('vigil-1');
  await until({ latest_build: { build_number: 2, status: 'stopped', resources: [] } });
  const { id } = first.latest_build.resources[0].agents[0];
  expect((await call('GET', `/workspaceagents/${id}/logs`)).status).toBe(404);
  coder.hands.start('vigil-1');
  await until({ latest_build: { build_number: 3 } });
  const second = await until(running({ lifecycle_state: 'ready' }));
  expect(second.latest_build.resources[0].agents[0].id).not.toBe(id);
  expect(await counts()).toBe('ran\nran\n');
});

it('runs the script of an agent that is started again only once, thanks to the wrapper', async () => {
  await start();
  await create(counting());
  await until(running({ scripts: [{ exit_code: 0 }] }));
  coder.hands.restartAgent('vigil-1');
  await until(running({ lifecycle_state: 'start_error', scripts: [{ exit_code: 97 }] }));
  expect(await counts()).toBe('ran\n');
});

it('calls an agent late, and runs its script when it comes after all', async () => {
  await start({ connectMs: 200, connectionTimeoutMs: 20 });
  await create(counting());
  const late = await until(running({ status: 'timeout', lifecycle_state: 'created' }));
  expect(late.latest_build.resources[0].agents[0]).not.toHaveProperty('first_connected_at');
  await until(running({ status: 'connected', scripts: [{ exit_code: 0 }] }));
});

it('loses the exit code when it is started anew, and a proxy answers meanwhile', async () => {
  await start();
  await create('sleep 0.4');
  await until(running({ lifecycle_state: 'starting' }));
  coder.hands.restartServer();
  expect(await look()).toMatchObject({ status: 502, body: '<h1>502 Bad Gateway</h1>' });
  const ended = await until(running({ lifecycle_state: 'ready' }));
  expect(ended.latest_build.resources[0].agents[0].scripts[0]).not.toHaveProperty('exit_code');
});

it('fails builds as it is told to', async () => {
  await start({
    failStart: { error: 'insufficient quota', error_code: 'INSUFFICIENT_QUOTA' },
    failDeletes: 1,
  });
  const { body } = await create('true');
  await until({ latest_build: { status: 'failed', job: { error_code: 'INSUFFICIENT_QUOTA' } } });
  const remove = () => call('POST', `/workspaces/${body.id}/builds`, { transition: 'delete' });
  expect((await remove()).status).toBe(201);
  await until({ latest_build: { transition: 'delete', status: 'failed' } });
  expect((await remove()).status).toBe(201);
  await until({ latest_build: { status: 'deleted' } });
  expect((await remove()).status).toBe(201);
});

it('makes one workspace of three that are asked for at once', async () => {
  await start();
  const answers = await Promise.all([create('true'), create('true'), create('true')]);
  // Who comes while it is being made is told of a failure, and who comes a moment later of a conflict.
  const [made, ...others] = answers.map(({ status }) => status).toSorted();
  expect([made, others.every((status) => status === 409 || status === 500)]).toEqual([201, true]);
  expect((await create('true')).status).toBe(409);
});

it('hides from a token of the two workspace scopes what it does not cover, as if nothing were there', async () => {
  await start();
  const { body } = await create('sleep 5', 'scoped');
  expect(body.name).toBe('vigil-1');
  const status = async (path: string) => (await call('GET', path, undefined, 'scoped')).status;
  expect([await status('/users/me'), await status('/workspaces?q=owner:me')]).toEqual([404, 200]);
  expect(
    (await call('POST', '/organizations/acme/members/me/workspaces', order('true'), 'scoped')).status,
  ).toBe(404);
  await until(running({ lifecycle_state: 'starting' }));
  expect((await look('scoped')).status).toBe(200);
  expect((await call('PUT', `/workspaces/${body.id}/dormant`, { dormant: true }, 'scoped')).status).toBe(404);
  expect((await call('PUT', `/workspaces/${body.id}/dormant`, { dormant: true })).status).toBe(200);
  expect((await look('scoped')).status).toBe(404);
  const remove = { transition: 'delete' };
  expect((await call('POST', `/workspaces/${body.id}/builds`, remove, 'scoped')).status).toBe(404);
  expect((await call('POST', `/workspaces/${body.id}/builds`, remove)).status).toBe(201);
});

it('lists page by page', async () => {
  await start();
  for (const name of ['a', 'b', 'c']) await call('POST', '/users/me/workspaces', order('true', name));
  const { body } = await call('GET', '/workspaces?q=owner:me&limit=2&offset=2');
  expect(body).toMatchObject({ count: 3, workspaces: [{ name: 'c' }] });
});

it('limits requests by path, and says so', async () => {
  await start({}, 2);
  const answers = [await look(), await look(), await look()];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 429]);
  expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
  expect(answers[2]?.headers.get('retry-after')).toBe('60');
  expect((await call('GET', '/workspaces?q=owner:me')).status).toBe(200);
});

it.each([
  ['an archived version', { archived: true }, {}, 500, 'Archived template versions'],
  ['a version nobody knows', {}, { template_version_id: template.id }, 400, "doesn't exist"],
  ['a version that is no id', {}, { template_version_id: 'nope' }, 400, 'Request body must be valid JSON.'],
  ['a life of five seconds', {}, { ttl_ms: 5000 }, 400, 'Invalid Workspace Time to Shutdown.'],
  ['more than four megabytes', {}, { more: 'x'.repeat(5_000_000) }, 413, 'Request body too large.'],
])('refuses %s', async (_, ways, change, status, message) => {
  await start(ways);
  const answer = await call('POST', '/users/me/workspaces', { ...order('true'), ...change });
  expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
});
