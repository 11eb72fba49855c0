// The job that removes left workspaces, in an installation: dispatched by hand it finds Coder, its token and the ledger by itself, and
// leaves alone what it may not end.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asPerson } from '../../sandbox/people.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { root } from '../support/files.ts';
import { eventually } from '../support/outside.ts';

type Run = { name: string; display_title: string; status: string; conclusion: string | null };
let world: World;
beforeAll(async () => {
  world = await startWorld({ root, history: 0 });
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

test.each([
  ['watch by hand', {}],
  ['watch 2026-11-03T03Z', { hour: '2026-11-03T03Z' }],
  ['watch by hand (dry run)', { dry_run: 'true' }],
])('%s ends green', async (title, inputs) => {
  await asPerson(world, 'sam', 'POST', '/actions/workflows/watch.yml/dispatches', { ref: 'main', inputs });
  const run = await eventually(title, async () => {
    const { workflow_runs: runs } = (await asPerson(world, 'sam', 'GET', '/actions/runs')) as {
      workflow_runs: Run[];
    };
    return runs.find((one) => one.display_title === title && one.status === 'completed') ?? null;
  });
  expect(run).toMatchObject({ name: 'watch', conclusion: 'success' });
});
