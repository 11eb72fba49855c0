// Fifty deliveries of one webhook at once, to two processes of the app: one claim, one issue, one pull request.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import { followUntil } from '../../sandbox/follow.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { deliver, github, triggered } from '../support/outside.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ root: join(import.meta.dirname, '../..'), replicas: 2, history: 0 });
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

test('fifty concurrent deliveries to two replicas make one claim, one issue and one pull request', async () => {
  await fetch(`${world.shop.admin}/break/cache`, { method: 'POST' });
  const body = triggered('QONECLAIM00001', world.pagerduty.service, 'Checkout error rate is high on shop');
  const doors = world.apps.map(({ url }) => ({
    webhook: `${url}/webhooks/pagerduty`,
    secret: world.pagerduty.secret,
  }));

  // On a busy machine a claim may take longer than PagerDuty waits; the app says 503 then, and the same comes again.
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const door = doors[index % 2] ?? { webhook: '', secret: '' };
      let answer = await deliver(door, body);
      for (let again = 0; answer.status === 503 && again < 5; again++) answer = await deliver(door, body);
      return answer;
    }),
  );

  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 202));
  const incident = await followUntil(world, {
    deadlineMs: 280_000,
    done: (seen) => latestOf(seen, 'pull.opened') !== null,
    onRecord: () => undefined,
  });
  await Promise.all(
    answers.map((answer) => deliver(doors[0] ?? { webhook: '', secret: '' }, body).then(() => answer)),
  );
  const count = (type: string) => incident?.records.filter((record) => record.type === type).length;
  expect([count('incident.opened'), count('issue.opened'), count('pull.opened')]).toEqual([1, 1, 1]);
  const door = { api: world.github.api, owner: world.owner, repo: world.repo, token: world.reviewer.token };
  const issues = await github<{ pull_request?: object }[]>(door, '/issues?state=all');
  expect(issues.filter(({ pull_request }) => !pull_request)).toHaveLength(1);
  expect(issues.filter(({ pull_request }) => pull_request)).toHaveLength(1);
  expect(
    world.github.calls.filter(({ method, path }) => method === 'POST' && /\/(issues|pulls)$/.test(path)),
  ).toHaveLength(2);
  expect(latestOf(incident ?? fail(), 'remediation.judged')?.lane).toBe('human');
}, 120_000);

function fail(): never {
  throw new Error('the incident was never seen');
}
