// People steer an incident by comments: who may not is told so, a rejection closes the pull request, a retry begins again,
// a hold keeps an approved script from starting, a release lets it go.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Incident, latestOf } from '#core/ledger/replay';
import { followUntil } from '../../sandbox/follow.ts';
import { asPerson, breakShop, review, ring } from '../../sandbox/people.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { eventually } from '../support/outside.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ root: join(import.meta.dirname, '../..'), history: 0 });
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

const until = async (done: (incident: Incident) => boolean): Promise<Incident> => {
  const seen = await followUntil(world, { deadlineMs: 280_000, done, onRecord: () => undefined });
  if (!seen) throw new Error('it never happened');
  return seen;
};
const say = (login: string, issue: number, body: string) =>
  asPerson(world, login, 'POST', `/issues/${issue}/comments`, { body });
const comments = async (issue: number) =>
  (
    (await asPerson(world, 'riley', 'GET', `/issues/${issue}/comments?per_page=100`)) as { body: string }[]
  ).map(({ body }) => body);
const pullState = async (number: number) =>
  (await asPerson(world, 'riley', 'GET', `/pulls/${number}`)) as { state: string };

test('reject, retry, hold and release by comment', async () => {
  await breakShop(world, 'cache');
  await ring(world, 'trigger', 'Checkout error rate is high on shop');
  const proposed = await until((seen) => latestOf(seen, 'pull.opened') !== null);
  const issue = proposed.issue?.number ?? 0;
  const first = latestOf(proposed, 'pull.opened')?.number ?? 0;

  await say('robin', issue, '/vigil reject I do not like it');
  await eventually('an answer to robin', async () =>
    (await comments(issue)).some((body) => body.includes('`robin` may not do that here')),
  );
  await say('riley', first, '/vigil explain');
  await eventually('an explanation on the pull request', async () =>
    (await comments(first)).some((body) => body.includes('✗ enough reviews: 0 of 1 needed reviews count')),
  );

  await say('riley', issue, '/vigil reject the queue is being drained by hand');
  const rejected = await until((seen) => seen.effects.get('pull.close#1')?.status === 'done');
  expect(rejected.stage).toBe('ESCALATED');
  expect(latestOf(rejected, 'remediation.rejected')).toEqual({
    by: 'riley',
    reason: 'the queue is being drained by hand',
  });
  expect((await pullState(first)).state).toBe('closed');

  await say('riley', issue, '/vigil retry');
  const again = await until((seen) => seen.attempt === 2 && latestOf(seen, 'pull.opened') !== null);
  const second = latestOf(again, 'pull.opened')?.number ?? 0;
  expect(second).not.toBe(first);

  await say('sam', issue, '/vigil hold the release train is passing');
  await until((seen) => seen.records.some((record) => record.type === 'hold.set'));
  await review(world, 'riley', second, 'APPROVE');
  const approved = await until(
    (seen) =>
      latestOf(seen, 'remediation.approved') !== null && seen.effects.get('check.post#2')?.status === 'done',
  );
  expect(latestOf(approved, 'pull.merged')).toBeNull();

  await say('sam', issue, '/vigil release');
  const merged = await until((seen) => latestOf(seen, 'pull.merged') !== null);
  const types = merged.records.map(({ type }) => type);
  expect(types.indexOf('pull.merged')).toBeGreaterThan(types.indexOf('hold.released'));
});
