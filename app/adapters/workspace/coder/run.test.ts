// What is said of a script whose workspace did not come to be: that nothing ran only where that is certain.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { runInWorkspace } from './run.ts';

let coder: Server | undefined;
afterEach(() => coder?.close());

/** Runs a script with a Coder that answers the creation with `status`, and whose build then is in this state. */
async function ran(status: number, job: string) {
  let made = false;
  coder = createServer((request, response) => {
    const creates = request.method === 'POST';
    made ||= creates && status < 300;
    const code = creates ? status : made ? 200 : 404;
    response.writeHead(code, { 'content-type': 'application/json', connection: 'close' });
    const build = { id: 'b', status: job, transition: 'start', job: { status: job, error: 'no more room' } };
    response.end(JSON.stringify(made ? { id: 'w', latest_build: build } : { message: 'no' }));
  });
  await new Promise<void>((resolve) => coder?.listen(0, '127.0.0.1', resolve));
  const { port } = coder.address() as AddressInfo;
  const order = {
    ...{ name: 'vigil-pd-q1shop1-1', template: 't', templateVersion: 'v', incident: 'pd-q1shop1' },
    ...{ commit: 'c', path: 'fix.sh', script: 'true', nonce: 'n', timeoutSeconds: 10, ttlMinutes: 60 },
  };
  const account = { api: `http://127.0.0.1:${port}`, token: 't', organization: 'default' };
  return runInWorkspace(account, order, async () => undefined);
}

test.each([
  [
    'a build that failed',
    201,
    'failed',
    { known: true, outcome: 'provision_failed', output: 'no more room' },
  ],
  ['a workspace that was refused', 403, '', { known: true, outcome: 'refused', exit: null }],
  ['a build that was canceled, whose agent may run it all the same', 201, 'canceled', { known: false }],
])('%s', async (_, status, job, outcome) => {
  expect(await ran(status, job)).toMatchObject(outcome);
});
