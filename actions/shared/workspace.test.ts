// What a job makes sure of before it runs anything: its own start on the ledger, and no script of before that may be at work.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { fact, incidentOf, untilMerged, untilVerifying } from '../../test/support/incidents.ts';
import { claimed, clearStrays, conclude } from './workspace.ts';

const mine = { id: 7, url: 'https://github.com/acme/production/actions/runs/7' };
const other = { id: 8, url: 'https://github.com/acme/production/actions/runs/8' };
const start = (run: typeof mine) => fact('remediation.started', { run });
const rings = [fact('incident.reopened'), fact('investigation.started'), ...untilMerged.slice(3)];
const step = (facts: readonly Fact[], run = mine) => ({
  run,
  ledger: { newest: async () => incidentOf(facts) },
});

test.each<[what: string, facts: readonly Fact[], kind: 'remediation.started' | 'undo.started', ok: boolean]>([
  ['its own start', [...untilMerged, start(mine)], 'remediation.started', true],
  ['no start at all', untilMerged, 'remediation.started', false],
  ['the start of another run', [...untilMerged, start(other)], 'remediation.started', false],
  [
    'its own start, of an attempt that is over',
    [...untilMerged, start(mine), fact('remediation.lost'), ...rings],
    'remediation.started',
    false,
  ],
  [
    'the fix’s start in place of the undo’s',
    [...untilVerifying, fact('recovery.refuted')],
    'undo.started',
    false,
  ],
  [
    'its own undo',
    [...untilVerifying, fact('recovery.refuted'), fact('undo.started', { run: mine })],
    'undo.started',
    true,
  ],
  [
    'another run’s undo',
    [...untilVerifying, fact('recovery.refuted'), fact('undo.started', { run: other })],
    'undo.started',
    false,
  ],
])('whether a job may run when the ledger has %s', async (_, facts, kind, ok) => {
  const asked = claimed(step(facts), kind);
  if (ok) await expect(asked).resolves.toBeUndefined();
  else
    await expect(asked).rejects.toThrow(
      'the ledger does not have the start that the app is said to have taken',
    );
});

let coder: Server | undefined;
afterEach(() => coder?.close());
/** A Coder that knows workspaces by name, and deletes when it is asked to . */
async function coderWith(names: string[]) {
  const live = new Set(names);
  coder = createServer((request, response) => {
    const name = /workspaces?\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '';
    if (request.method === 'POST') live.delete(name);
    const known = live.has(name);
    const status = known || request.method === 'POST' ? 200 : 404;
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    const build = { id: 'b', status: 'running', transition: 'start', job: { status: 'succeeded' } };
    response.end(JSON.stringify(known ? { id: name, latest_build: build } : { message: 'Not found' }));
  });
  await new Promise<void>((resolve) => coder?.listen(0, '127.0.0.1', resolve));
  const { port } = coder.address() as AddressInfo;
  return { live, account: { api: `http://127.0.0.1:${port}`, token: 't', organization: 'default' } };
}
const told = (facts: readonly Fact[]) => {
  const posted: Fact[] = [];
  return {
    posted,
    ledger: { newest: async () => incidentOf(facts) },
    post: async (list: readonly Fact[]) => {
      posted.push(...list);
      return { ok: true as const };
    },
  };
};
const lost = [...untilMerged, start(other), fact('remediation.lost'), ...rings];

test('a script of an earlier attempt is ended with its workspace before another runs, and that is said', async () => {
  const { live, account } = await coderWith(['vigil-pd-q1shop1-1']);
  const job = told(lost);
  expect(await clearStrays(job, account)).toBeNull();
  expect([job.posted, [...live]]).toEqual([
    [{ type: 'workspace.deleted', data: { workspace: 'vigil-pd-q1shop1-1' } }],
    [],
  ]);
});

test('one whose workspace went by itself is confirmed, and one that is known is left alone', async () => {
  const { account } = await coderWith([]);
  const job = told(lost);
  expect(await clearStrays(job, account)).toBeNull();
  expect(job.posted).toHaveLength(1);
  const known = told([...untilVerifying, fact('recovery.refuted'), ...rings]);
  expect(await clearStrays(known, account)).toBeNull();
  expect(known.posted).toEqual([]);
});

test('an outcome that the app does not take keeps its workspace, and the job is red', async () => {
  const { live, account } = await coderWith(['vigil-pd-q1shop1-1']);
  const refused = async () => {
    throw new Error('the app did not take the outcome remediation.finished: attempt 1 is over');
  };
  const outcome = fact('remediation.finished');
  await expect(
    conclude({ post: refused, redact: String }, account, 'vigil-pd-q1shop1-1', outcome),
  ).rejects.toThrow('attempt 1 is over; vigil-pd-q1shop1-1 is kept');
  expect([...live]).toEqual(['vigil-pd-q1shop1-1']);
});
