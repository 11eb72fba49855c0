// The paths that people enter into a vendor's form: with a slash too many and a query they lead to the same door. Vendors drop
// what is answered 404, for good.
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { incidentKey } from '#core/ledger/incident-key';
import { APP } from '../sandbox/github/test-forge.ts';
import { headersOf } from '../sandbox/github/webhooks.ts';
import { triggered } from './support/outside.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from './support/quick-world.ts';

let world: QuickWorld;
let app: Awaited<ReturnType<typeof startQuickApp>>;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world, {
    VIGIL_SWEEP_SECONDS: '3600',
    SLACK_SIGNING_SECRET: 'a signing secret of enough length',
  });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

const forms = (path: string) => [
  path,
  `${path}/`,
  `/${path}`,
  `${path.replace(/\/(?=\w+$)/, '//')}//`,
  `${path}/?team=sre`,
  `${path}?team=sre`,
];

test('an alert arrives by every form of PagerDuty’s path', async () => {
  for (const [index, path] of forms('/webhooks/pagerduty').entries()) {
    const id = `QPATH${index}`;
    const body = triggered(id, world.nextService(), 'Checkout fails');
    const signature = createHmac('sha256', world.secrets.pagerduty).update(body).digest('hex');
    const headers = { 'x-pagerduty-signature': `v1=${signature}` };
    const answer = await fetch(world.app() + path, { method: 'POST', body, headers });
    expect([path, answer.status, await answer.json()]).toEqual([path, 202, { incident: incidentKey(id) }]);
  }
});

test('a signed event arrives by every form of GitHub’s path', async () => {
  const body = JSON.stringify({ zen: 'Keep it logically awesome.', hook_id: 1 });
  for (const path of forms('/api/github/webhooks')) {
    const about = { event: 'ping', guid: randomUUID(), body };
    const headers = headersOf({ app: APP, webhook: { secret: world.secrets.webhook } }, about);
    const answer = await fetch(world.app() + path, { method: 'POST', headers, body });
    expect([path, answer.status]).toEqual([path, 200]);
  }
});

test.each(['/webhooks/slack', '/facts'])(
  'every form of %s leads to its door, which asks who it is',
  async (path) => {
    const [plain, ...others] = await Promise.all(
      forms(path).map(async (form) => {
        const answer = await fetch(world.app() + form, { method: 'POST', body: '{}' });
        return { status: answer.status, said: await answer.text() };
      }),
    );
    expect(plain?.status).not.toBe(404);
    expect(others).toEqual(others.map(() => plain));
  },
);

test('health is told with a slash at the end, and a path that nobody knows is not found', async () => {
  const status = async (path: string) => (await fetch(world.app() + path)).status;
  expect(await Promise.all(['/health/', '/readyz/', '/webhooks/pagerdutyx', '/', '//'].map(status))).toEqual([
    200, 200, 404, 404, 404,
  ]);
});
