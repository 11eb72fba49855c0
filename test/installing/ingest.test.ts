// Runbooks reach the content lake by themselves: a reviewed change of one is merged, the installation's caller starts on that push,
// and the product's job mirrors main. Dispatched again by hand, it writes nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asPerson, pushMore, review } from '../../sandbox/people.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { root } from '../support/files.ts';
import { eventually } from '../support/outside.ts';

type Run = { name: string; event: string; status: string; conclusion: string | null };
let world: World;
beforeAll(async () => {
  world = await startWorld({ root, sanity: true, history: 0 });
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

const ingests = async (): Promise<Run[]> => {
  const { workflow_runs: runs } = (await asPerson(world, 'sam', 'GET', '/actions/runs')) as {
    workflow_runs: Run[];
  };
  return runs.filter(({ name }) => name === 'ingest');
};
const ended = (count: number) =>
  eventually(`ingest run ${count}`, async () => {
    const runs = await ingests();
    return runs.length === count && runs.every(({ status }) => status === 'completed') ? runs : null;
  });
const documents = () => world.sanity?.documents() ?? [];

test('a merged change of a runbook is in the lake, with all the others', async () => {
  expect(documents()).toEqual([]);
  const { object } = (await asPerson(world, 'sam', 'GET', '/git/ref/heads/main')) as {
    object: { sha: string };
  };
  await asPerson(world, 'sam', 'POST', '/git/refs', { ref: 'refs/heads/words', sha: object.sha });
  await pushMore(
    world,
    'sam',
    'words',
    'runbooks/shop-checkout-errors.md',
    '\nAsk the payments team first.\n',
  );
  const pull = (await asPerson(world, 'sam', 'POST', '/pulls', {
    ...{ title: 'Say whom to ask', head: 'words', base: 'main' },
  })) as { number: number };
  await review(world, 'riley', pull.number, 'APPROVE');
  await world.github.idle();
  expect(await ingests()).toEqual([]);
  await asPerson(world, 'sam', 'PUT', `/pulls/${pull.number}/merge`, { merge_method: 'squash' });

  const [run] = await ended(1);
  expect(run).toMatchObject({ event: 'push', conclusion: 'success' });
  const runbooks = documents().filter(({ _type }) => _type === 'runbook');
  expect(runbooks.length).toBeGreaterThan(5);
  expect(JSON.stringify(runbooks)).toContain('Ask the payments team first.');
});

test('by hand it may be started again, and writes nothing', async () => {
  const before = documents().map(({ _id, _rev }) => [_id, _rev]);
  await asPerson(world, 'sam', 'POST', '/actions/workflows/ingest.yml/dispatches', { ref: 'main' });
  const runs = await ended(2);
  expect(runs.map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
  expect(documents().map(({ _id, _rev }) => [_id, _rev])).toEqual(before);
});
