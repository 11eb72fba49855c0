// Over 250 lines: every exit code of the real wrapper is tried against one server.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerFaults } from '#adapters/workspace/coder/shape-faults';
import type { Told } from './front.ts';
import { type Coder, startCoder } from './server.ts';

const template = {
  name: 'vigil-remediate',
  id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01',
  versionId: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02',
};
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const shipped = 'echo shipped with the demo';
const sleeper = 'sleep 61.5; echo overslept';
/** How many processes of this machine were started with exactly these words. */
const running = async (words: string) => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line === `${words.replaceAll(' ', '\0')}\0`).length;
};

/** Every JSON answer of every server here is held to the table of Coder's shapes. */
const faults = new Set<string>();
const told = ({ method, path, status, body }: Told) => {
  for (const fault of answerFaults({ method, path }, { status, body }, { more: false }))
    faults.add(`${method} ${status} ${fault}`);
};

let dir: string;
let coder: Coder;
let open: Coder;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-coder-'));
  const options = { dir, token: 'test-token', organization: 'acme', template, told };
  coder = await startCoder({ ...options, trusted: () => true }); // these tests vouch for their own scripts
  const trusted = (digest: string) => [shipped, sleeper].map(sha256).includes(digest);
  open = await startCoder({ ...options, trusted, bwrap: join(dir, 'no-such-program') });
  console.log(`sandbox/coder: these tests ran with isolation ${coder.isolation}`);
});
afterAll(async () => {
  await Promise.all([coder.close(), open.close()]);
  await rm(dir, { recursive: true, force: true });
});

const call = async (method: string, path: string, body?: unknown, at = coder) => {
  const answer = await fetch(`${at.api}/api/v2${path}`, {
    method,
    headers: { 'Coder-Session-Token': 'test-token' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return {
    status: answer.status,
    version: answer.headers.get('x-coder-build-version'),
    body: JSON.parse(await answer.text()),
  };
};
let count = 0;
const request = (script: string, values: Record<string, string> = {}) => {
  count += 1;
  const all = {
    incident_id: 'INC-42',
    commit_sha: 'a'.repeat(40),
    script_path: 'remediations/INC-42/fix.sh',
    script_sha256: sha256(script),
    script_gz_b64: gzipSync(script).toString('base64'),
    nonce: randomBytes(16).toString('hex'),
    timeout_seconds: '10',
    ...values,
  };
  return {
    name: `vigil-${count}`,
    template_version_id: template.versionId,
    ttl_ms: 3_600_000,
    rich_parameter_values: Object.entries(all).map(([name, value]) => ({ name, value })),
  };
};
const create = (body: object, at = coder) => call('POST', '/users/me/workspaces', body, at);
const until = (
  id: string,
  done: (workspace: {
    latest_build: { job: { status: string }; status: string; resources: unknown[] };
  }) => boolean,
  at = coder,
) =>
  vi.waitFor(
    async () => {
      const { body } = await call('GET', `/workspaces/${id}?include_deleted=true`, undefined, at);
      if (!done(body)) throw new Error(`still ${body.latest_build.status}`);
      return body;
    },
    { timeout: 8_000, interval: 20 },
  );
type Row = { id: number; level: string; output: string };
/** Creates a workspace, waits for its script's result and reads the log back. */
async function run(script: string, values: Record<string, string> = {}, at = coder) {
  const body = request(script, values);
  const { id } = (await create(body, at)).body;
  const ended = await until(
    id,
    ({ latest_build }) => JSON.stringify(latest_build.resources).includes('"exit_code"'),
    at,
  );
  const [agent] = ended.latest_build.resources[0].agents;
  // The script's end is known before the last of its output.
  const logs: Row[] = await vi.waitFor(
    async () => {
      const { body } = await call('GET', `/workspaceagents/${agent.id}/logs`, undefined, at);
      expect(body.map(({ output }: Row) => output).join('\n')).toContain('VIGIL_RESULT');
      return body;
    },
    { timeout: 8_000, interval: 20 },
  );
  const said = (level: string) =>
    logs
      .filter((row) => row.level === level)
      .map(({ output }) => output)
      .join('\n')
      .trim();
  const nonce = body.rich_parameter_values.find(({ name }) => name === 'nonce')?.value;
  return {
    id,
    name: body.name,
    nonce,
    build: ended.latest_build,
    agent,
    logs,
    out: said('info'),
    err: said('error'),
  };
}

it('speaks for itself', async () => {
  expect((await (await fetch(`${coder.api}/api/v2/buildinfo`)).json()) as object).toMatchObject({
    version: 'v2.36.0+sandbox',
  });
  expect((await fetch(`${coder.api}/api/v2/users/me`)).status).toBe(401);
  expect(await call('GET', '/users/me')).toMatchObject({
    status: 200,
    version: 'v2.36.0+sandbox',
    body: { username: 'vigil' },
  });
  const parameters = (await call('GET', `/templateversions/${template.versionId}/rich-parameters`)).body;
  expect(parameters.map(({ name }: { name: string }) => name)).toEqual([
    'incident_id',
    'commit_sha',
    'script_path',
    'script_sha256',
    'script_gz_b64',
    'nonce',
    'timeout_seconds',
  ]);
});

describe('a script in a workspace', () => {
  it('finds the stand-in for curl behind the programs of the machine', async ({ skip }) => {
    if (coder.isolation !== 'bubblewrap') skip('without bubblewrap the curl of this machine is used');
    const { out } = await run('type -P node; ls /opt/vigil/bin');
    expect(out).toContain('curl\nnode\n');
  });

  it('succeeds, is read back line by line and stream by stream, and is gone after delete', async () => {
    const { id, name, nonce, agent, build, logs, out, err } = await run(
      'echo one; echo two >&2; printf three',
    );
    expect(build).toMatchObject({ status: 'running', job: { status: 'succeeded' } });
    expect(agent).toMatchObject({
      status: 'connected',
      lifecycle_state: 'ready',
      logs_overflowed: false,
      scripts: [{ exit_code: 0, status: 'ok' }],
    });
    expect(out).toBe(
      `one\nthree\nVIGIL_RESULT {"nonce":"${nonce}","ran":true,"rc":0,"out":9,"err":4,"cut_out":0,"cut_err":0,"late":false,"stopped":false,"guard":"home"}`,
    );
    expect(err).toBe('two');
    const middle = logs[0]?.id ?? 0;
    expect((await call('GET', `/workspaceagents/${agent.id}/logs?after=${middle}`)).body).toEqual(
      logs.slice(1),
    );
    expect(
      (await call('GET', `/workspacebuilds/${build.id}/timings`)).body.agent_script_timings,
    ).toMatchObject([{ exit_code: 0, status: 'ok' }]);
    expect(
      (await call('GET', `/workspacebuilds/${build.id}/logs`)).body.map(({ output }: Row) => output).join(),
    ).toContain(`isolation: ${coder.isolation === 'bubblewrap' ? 'bubblewrap' : 'NONE'}`);
    expect((await call('PATCH', `/workspacebuilds/${build.id}/cancel`)).body.message).toBe(
      'Job has already completed!',
    );
    expect(
      (await call('GET', `/workspaces?q=owner:me+template:vigil-remediate+name:${name}`)).body,
    ).toMatchObject({ count: 1, workspaces: [{ id }] });

    const deletion = await call('POST', `/workspaces/${id}/builds`, { transition: 'delete' });
    expect(deletion).toMatchObject({ status: 201, body: { transition: 'delete', status: 'pending' } });
    await until(id, ({ latest_build }) => latest_build.status === 'deleted');
    expect((await call('GET', `/workspaceagents/${agent.id}/logs`)).status).toBe(404);
    expect((await call('GET', `/users/me/workspace/${name}`)).status).toBe(404);
    expect(
      (await call('GET', `/users/me/workspace/${name}?include_deleted=true`)).body.latest_build.status,
    ).toBe('deleted');
    expect((await call('GET', `/workspaces/${id}`)).status).toBe(410);
    expect(coder.workspaces()).toContainEqual({ name, status: 'deleted' });
  });

  it('fails with exactly its own exit code', async () => {
    const { agent, out } = await run('echo no >&2; exit 3');
    expect(agent).toMatchObject({
      lifecycle_state: 'start_error',
      scripts: [{ exit_code: 3, status: 'exit_failure' }],
    });
    expect(out).toContain('"rc":3,"out":0,"err":3,');
  });

  it('is ended at its time limit', async () => {
    const { agent, out } = await run('echo before; sleep 60', { timeout_seconds: '1' });
    expect(agent.scripts).toMatchObject([{ exit_code: 124, status: 'exit_failure' }]);
    expect(out).toContain('before');
  });

  it('does not run when its bytes are not the approved ones', async () => {
    const changed = await run('echo changed', { script_sha256: sha256('echo approved') });
    expect(changed.agent.scripts).toMatchObject([{ exit_code: 98 }]);
    expect(changed).toMatchObject({
      out: expect.stringContaining('"ran":false,"rc":98'),
      err: 'vigil: the payload is not what was approved',
    });
    const broken = await run('', { script_gz_b64: 'bm90IGd6aXA=' });
    expect(broken).toMatchObject({
      out: expect.stringContaining('"ran":false,"rc":98'),
      err: 'vigil: the payload cannot be unpacked',
    });
  });

  it('cannot flood the log, and what it leaves running does not hold it up', async () => {
    const { agent, out, err } = await run('sleep 60 & yes flood | head -c 3000000 >&2; echo end; exit 5');
    expect(agent).toMatchObject({ logs_overflowed: false, scripts: [{ exit_code: 5 }] });
    expect(out).toContain('"rc":5,"out":4,"err":3000000,');
    expect(err.length).toBeLessThanOrEqual(160_000);
  });

  it('sees nothing of the machine', async ({ skip }) => {
    if (coder.isolation !== 'bubblewrap')
      skip('bubblewrap does not work on this machine, so nothing is closed off');
    const script = `id -u; env | grep -c ^CODER; ls /home /root ${dir} 2>&1; touch /usr/x 2>&1; grep CapEff /proc/self/status; ls /proc | grep -c '^[0-9]'`;
    const { out } = await run(script);
    const [user, tokens, ...rest] = out.split('\n');
    expect([user, tokens]).toEqual(['65534', '0']);
    expect(rest.join('\n')).toMatch(/\/home:\nvigil/);
    expect(rest.join('\n')).toMatch(/Read-only file system[\s\S]*CapEff:\s0000000000000000/);
    expect(rest.join('\n')).not.toContain('/root:');
  });

  it('cannot read its nonce from the arguments of what closes it off', async () => {
    const { out, nonce } = await run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    expect(out.replaceAll(/VIGIL_RESULT .*/g, '')).toContain('timeout --kill-after=5');
    expect(out.replaceAll(/VIGIL_RESULT .*/g, '')).not.toContain(nonce);
  });

  it('has a curl even where the machine has none', async ({ skip }) => {
    if (coder.isolation !== 'bubblewrap') skip('without bubblewrap the curl of this machine is used');
    const { out } = await run('"$(type -ap curl | tail -1)" --version');
    expect(out).toContain('stand-in');
  });

  it.each(['behind bubblewrap', 'in the open'])('is killed with its workspace, %s', async (where) => {
    const at = where === 'in the open' ? open : coder;
    const alive = () => running('sleep 61.5');
    const { id } = (await create(request(sleeper), at)).body;
    await vi.waitFor(async () => expect(await alive()).toBe(1), { timeout: 3_000, interval: 20 });
    await call('POST', `/workspaces/${id}/builds`, { transition: 'delete' }, at);
    await until(id, ({ latest_build }) => latest_build.status === 'deleted', at);
    expect(await alive()).toBe(0);
    expect(await readdir(dir)).not.toContain(id);
  });
});

describe('a workspace is refused', () => {
  const good = request('exit 0');
  const wrong = (name: string, value: string) => ({
    ...good,
    rich_parameter_values: good.rich_parameter_values.map((one) =>
      one.name === name ? { name, value } : one,
    ),
  });
  const without = (absent: string) => ({
    ...good,
    rich_parameter_values: good.rich_parameter_values.filter(({ name }) => name !== absent),
  });
  it.each([
    ['a name of 33 characters', { ...good, name: 'x'.repeat(33) }, 'name'],
    ['a name with an underscore', { ...good, name: 'a_b' }, 'name'],
    ['a life of one second', { ...good, ttl_ms: 1000 }, 'ttl_ms'],
    ['a digest that is none', wrong('script_sha256', 'abc'), 'script_sha256'],
    ['a nonce in upper case', wrong('nonce', 'A'.repeat(32)), 'nonce'],
    ['a limit of three hours', wrong('timeout_seconds', '10800'), 'timeout_seconds'],
    ['a parameter that is missing', without('nonce'), 'nonce'],
  ])('for %s', async (_, body, field) => {
    expect(await create(body)).toMatchObject({ status: 400, body: { validations: [{ field }] } });
  });

  it('for a template version nobody knows, or none', async () => {
    expect((await create({ ...good, template_version_id: template.id })).body.message).toContain(
      "doesn't exist",
    );
    const { template_version_id: _, ...none } = good;
    expect((await create(none)).status).toBe(400);
  });

  it('for a name that is taken, until it was deleted', async () => {
    const body = request('exit 0');
    const { id } = (await create(body)).body;
    expect(await create(body)).toMatchObject({
      status: 409,
      body: { message: `Workspace "${body.name}" already exists.` },
    });
    await until(id, ({ latest_build }) => latest_build.status === 'running');
    await call('POST', `/workspaces/${id}/builds`, { transition: 'delete' });
    await until(id, ({ latest_build }) => latest_build.status === 'deleted');
    expect((await create(body)).status).toBe(201);
  });
});

it('fails the build of a value longer than Linux takes', async () => {
  const { id } = (await create(request('exit 0', { script_gz_b64: 'x'.repeat(131_000) }))).body;
  expect(
    (await until(id, ({ latest_build }) => latest_build.status === 'failed')).latest_build.job.error,
  ).toContain('argument list too long');
});

describe('without bubblewrap', () => {
  it('runs what the demo ships, and says so', async () => {
    expect(open.isolation).toBe('none');
    const { build, out } = await run(shipped, {}, open);
    expect(out).toContain('shipped with the demo');
    expect(
      JSON.stringify((await call('GET', `/workspacebuilds/${build.id}/logs`, undefined, open)).body),
    ).toContain('isolation: NONE');
  });

  it('runs nothing else, and says why', async () => {
    const { id } = (await create(request('echo anything'), open)).body;
    const { latest_build } = await until(id, ({ latest_build }) => latest_build.status === 'failed', open);
    expect(latest_build).toMatchObject({
      resources: [],
      job: { error: expect.stringContaining('bubblewrap is not available') },
    });
  });
});

it('shows its workspaces on a page that says what it is', async () => {
  const page = await (await fetch(coder.web)).text();
  expect(page).toContain('stand-in for Coder');
  expect(page).toContain('<strong>vigil-2</strong>');
});

it('answers in the shapes of the vendor, every time', () => {
  expect([...faults]).toEqual([]);
});
