// A plan with a swarm in shards and a picture, with jobs that really run: each shard is a job, verify merges them, and the pictures stay with the runs.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { asPerson } from '../../sandbox/people.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type ChangedRoot, changedRoot } from '../support/changed-root.ts';

const RUSH = `  - id: rush
    kind: swarm
    start: '{SHOP_URL}/products/socks'
    steps: [{ click: '#add button' }, { expect: { url: /cart } }]
    sessions: 6
    at_once: 2
    shards: 2
    engine: chromium
    begins_s: 60
symptom:
`;
let folder: ChangedRoot;
let world: World;
let incident: Incident;
beforeAll(async () => {
  folder = await changedRoot({
    'runbooks/shop-checkout-errors.md': (text) =>
      text
        .replace('      - expect: { text: Thank you }\n', '$&    screenshot: true\n')
        .replace(/^symptom:\n/m, RUSH),
  });
  world = await startWorld({ root: folder.path, ...checkoutErrors.world });
  await checkoutErrors.begin(world);
  const ended = await followUntil(world, { deadlineMs: 280_000, done: settled, onRecord: () => undefined });
  if (!ended)
    throw new Error(`the incident did not end:\n${(await readFile(world.log, 'utf8')).slice(-3000)}`);
  await world.github.idle();
  incident = ended;
});
afterAll(async () => {
  await world?.close();
  await folder?.remove();
  expect(world?.github.violations ?? []).toEqual([]);
});

test('each shard is a job of its own, and verify makes one look of both', async () => {
  expect(incident.stage).toBe('RESOLVED');
  const { id, jobs } = await runOf('remediate');
  expect(jobs.toSorted()).toEqual([
    ...['conclude success', 'execute success', 'load (1) success', 'load (2) success', 'measure skipped'],
    ...['undo success', 'verify success'],
  ]);
  const shards = incident.records.flatMap((one) => (one.type === 'swarm.measured' ? [one] : []));
  expect(
    shards.map(({ data }) => [data.shard, data.of, data.run.id, data.walked?.walked.length]).toSorted(),
  ).toEqual([
    [1, 2, id, 3],
    [2, 2, id, 3],
  ]);
  const rush = incident.latest['recovery.confirmed']?.data.samples.filter(({ check }) => check === 'rush');
  expect(rush).toMatchObject([
    { outcome: 'pass', engine: 'chromium', counts: { failing: 0, of: 6 }, swarm: { sessions: 6, shards: 2 } },
  ]);
  expect(incident.latest['recovery.confirmed']?.data.reason).toMatch(/; then rush passed$/);
});

test('a picture of the first red look and one of the last green stay with their runs, and nowhere else', async () => {
  const [respond, remediate] = [await runOf('respond'), await runOf('remediate')];
  const files = (run: number, name: string): Promise<string[]> =>
    readdir(join(world.dir, 'runner/artifacts', String(run), name));
  expect(await files(respond.id, 'vigil-red-1')).toEqual([expect.stringMatching(/^order-fail-/)]);
  expect(await files(remediate.id, 'vigil-green-1')).toEqual([expect.stringMatching(/^order-pass-/)]);
  const {
    'remediation.rehearsed': red,
    'recovery.confirmed': green,
    'issue.opened': issue,
  } = incident.latest;
  expect([red?.data.pictures, green?.data.pictures]).toMatchObject([
    { run: { id: respond.id }, of: [{ check: 'order', outcome: 'fail' }] },
    { run: { id: remediate.id }, of: [{ check: 'order', outcome: 'pass' }] },
  ]);
  const { body } = (await asPerson(world, 'riley', 'GET', `/issues/${issue?.data.number}`)) as {
    body: string;
  };
  const comments = (await asPerson(world, 'riley', 'GET', `/issues/${issue?.data.number}/comments`)) as {
    body: string;
  }[];
  const text = [body, ...comments.map((one) => one.body)].join('\n');
  for (const { id } of [respond, remediate])
    expect(text).toMatch(new RegExp(`It stays with \\[the run\\]\\(http[^)]*/actions/runs/${id}\\)`));
  expect(text).not.toMatch(/!\[|data:image/);
});

/** The newest run of a workflow, and its jobs. */
async function runOf(workflow: string): Promise<{ id: number; jobs: string[] }> {
  const { workflow_runs: runs } = (await asPerson(world, 'riley', 'GET', '/actions/runs')) as {
    workflow_runs: { id: number; display_title: string }[];
  };
  const id = runs.find(({ display_title }) => display_title.startsWith(workflow))?.id ?? 0;
  const { jobs } = (await asPerson(world, 'riley', 'GET', `/actions/runs/${id}/jobs`)) as {
    jobs: { name: string; conclusion: string }[];
  };
  return { id, jobs: jobs.map(({ name, conclusion }) => `${name.split(' / ')[1]} ${conclusion}`) };
}
