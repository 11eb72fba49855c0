// What somebody meets who runs scripts on this machine where something is amiss: no bubblewrap, one that may not, a folder of others, a
// process that dies while its script runs. The suite of all places is test/workspaces.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { whyNoSandbox } from '../../../../test/support/recorder.ts';
import type { Order, Watch } from '../port.ts';
import { tagOf } from './folders.ts';
import { defaultLimits } from './limits.ts';
import { processesOf } from './processes.ts';
import { bubblewrapWorkspaces } from './workspaces.ts';

const absent = whyNoSandbox() !== null;
const watch: Watch = { now: Date.now, pause: (ms) => sleep(ms), tell: () => undefined };
const from = { incident: 'pd-here', commit: 'a'.repeat(40), path: 'fix.sh' };
const order: Order = {
  name: 'here',
  script: 'echo begun; sleep 300',
  nonce: '5'.repeat(32),
  timeoutSeconds: 400,
  from,
};
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bubblewrap-test-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A bubblewrap that says this and ends with 1. */
async function saying(words: string): Promise<string> {
  const path = join(dir, 'bwrap');
  await writeFile(path, `#!/bin/sh\ncat >/dev/null\necho '${words}' >&2\nexit 1\n`);
  await chmod(dir, 0o755);
  await chmod(path, 0o755);
  return path;
}

test('where bubblewrap is not, nothing runs, and the cure is named', async () => {
  const place = bubblewrapWorkspaces({ dir: join(dir, 'w'), bwrap: 'bwrap-that-is-nowhere' });
  expect(await place.ready()).toEqual({
    ok: false,
    reason: expect.stringMatching(/^bubblewrap is not here: install it/),
  });
  expect(await place.run(order, watch)).toMatchObject({ known: true, outcome: 'refused' });
});

test.each([
  ['bwrap: Unknown option --disable-userns', /^bubblewrap is too old, 0\.8 or newer is needed/],
  [
    'bwrap: No permissions to create new namespace',
    /^bubblewrap may not make namespaces here .*apparmor_restrict_unprivileged_userns=0/,
  ],
  ['bwrap: setting up uid map: Permission denied', /^bubblewrap may not make namespaces here/],
  ['bwrap: a thing that is new', /^bubblewrap cannot build a workspace here: bwrap: a thing that is new$/],
])('a bubblewrap that says %j runs nothing, and the cure is named', async (words, cure) => {
  const place = bubblewrapWorkspaces({ dir: join(dir, 'w'), bwrap: await saying(words) });
  expect(await place.ready()).toEqual({ ok: false, reason: expect.stringMatching(cure) });
  expect(await place.run(order, watch)).toMatchObject({
    known: true,
    outcome: 'provision_failed',
    output: words,
  });
});

test('a directory that others may write to holds no workspace', async () => {
  await mkdir(join(dir, 'open'));
  await chmod(join(dir, 'open'), 0o777);
  const place = bubblewrapWorkspaces({ dir: join(dir, 'open') });
  const said = { reason: expect.stringMatching(/is not this user’s alone/) };
  expect(await place.ready()).toMatchObject({ ok: false, ...said });
  expect(await place.run(order, watch)).toMatchObject({ outcome: 'refused', output: said.reason });
  expect(await readdir(join(dir, 'open'))).toEqual([]);
});

test.each([
  [{ name: '../up' }, /is no name of a workspace/],
  [{ nonce: `'; x` }, /the nonce is not 32 hex digits/],
  [{ script: 'echo \0' }, /the script holds a NUL byte/],
  [{ timeoutSeconds: 0 }, /the time-out is not a whole number/],
])('an order with %j is refused before anything is made', async (odd, reason) => {
  const place = bubblewrapWorkspaces({ dir: join(dir, 'w') });
  const ran = await place.run({ ...order, ...odd }, watch);
  expect(ran).toMatchObject({ known: true, outcome: 'refused', output: expect.stringMatching(reason) });
  expect(await place.list()).toEqual({ ok: true, standing: [] });
});

test.skipIf(absent)('limits that cannot be set are no reason to run without them', async () => {
  const place = bubblewrapWorkspaces({ dir: join(dir, 'w'), limits: { ...defaultLimits, processes: 1e30 } });
  expect(await place.run(order, watch)).toMatchObject({
    outcome: 'refused',
    output: 'its limits could not be set',
  });
});

test.skipIf(absent)(
  'a process that dies takes its script with it, and nobody says that it failed',
  async () => {
    const own = join(dir, 'w');
    const program = `import { bubblewrapWorkspaces } from ${JSON.stringify(join(import.meta.dirname, 'workspaces.ts'))};
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    await bubblewrapWorkspaces({ dir: ${JSON.stringify(own)}, hear: (_, line) => console.log(line) })
      .run(${JSON.stringify(order)}, { now: Date.now, pause, tell: () => undefined });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { timeout: 60_000 });
    await once(child.stdout, 'data');
    const place = bubblewrapWorkspaces({ dir: own });
    expect(processesOf(tagOf(order)).length).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await place.run(order, watch)).toMatchObject({
      known: false,
      reason: expect.stringMatching(/^whoever ran it is gone/),
    });
    expect(processesOf(tagOf(order))).toEqual([]);
    expect(await place.list()).toMatchObject({ standing: [{ name: 'here' }] });
    expect(await place.end('here', watch)).toMatchObject({ dead: true, gone: true });
    expect(await place.list()).toEqual({ ok: true, standing: [] });
  },
);

test.skipIf(absent)('with its network shared it reaches this machine’s loopback, and only then', async () => {
  const server = (await import('node:net')).createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const script = `exec 3<>/dev/tcp/127.0.0.1/${typeof address === 'object' ? address?.port : 0} && echo reached`;
  const shared = bubblewrapWorkspaces({ dir: join(dir, 'w'), network: 'shared' });
  expect(await shared.run({ ...order, script }, watch)).toMatchObject({
    outcome: 'succeeded',
    output: 'reached',
  });
  const none = bubblewrapWorkspaces({ dir: join(dir, 'v') });
  expect(await none.run({ ...order, script }, watch)).toMatchObject({ outcome: 'failed' });
  server.close();
});
