// Webhook deliveries, as the app's own log of them shows: order, ids, redelivery.
import { expect } from 'vitest';
import { subject, until } from './rule.ts';
import type { Target } from './target.ts';

const LOG = 'rest/apps/webhooks#list-deliveries-for-an-app-webhook';
const REDELIVER = 'rest/apps/webhooks#redeliver-a-delivery-for-an-app-webhook';
const MISSED = 'webhooks/using-webhooks/handling-failed-webhook-deliveries';
type Delivery = {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  redelivery: boolean;
  status_code: number;
  delivered_at: string;
};

async function asApp({ api, app }: Target, path: string, method = 'GET') {
  const seen = await fetch(`${api}/app/hook/deliveries${path}`, {
    ...{ method, redirect: 'error', signal: AbortSignal.timeout(20_000) },
    headers: { authorization: `Bearer ${await app.jwt()}` },
  });
  return { status: seen.status, data: (await seen.json()) as unknown };
}
const deliveries = async (target: Target) => (await asApp(target, '?per_page=50')).data as Delivery[];

/** Opens an issue and waits for the delivery that tells of it. */
async function told(target: Target) {
  const before = (await deliveries(target)).map(({ id }) => id);
  const { data } = await target.writer.rest.issues.create({ ...target.at, title: target.unique('told') });
  const delivery = await until(target, 'the delivery of issues.opened', async () =>
    (await deliveries(target)).find(
      ({ id, event, action }) => !before.includes(id) && event === 'issues' && action === 'opened',
    ),
  );
  return { issue: data.number, delivery };
}

subject('webhooks', (rule) => {
  rule(
    'a delivery is logged with its id, event, action and answer, the newest first',
    LOG,
    ['app'],
    async (target) => {
      const { issue, delivery } = await told(target);
      await target.writer.rest.issues.createComment({ ...target.at, issue_number: issue, body: 'and more' });
      const list = await until(target, 'the comment', async () => {
        const seen = await deliveries(target);
        return seen.some(({ event, id }) => event === 'issue_comment' && id !== delivery.id)
          ? seen
          : undefined;
      });
      const events = list.map(({ event }) => event);
      expect(events.indexOf('issue_comment')).toBeLessThan(list.findIndex(({ id }) => id === delivery.id));
      expect(delivery).toMatchObject({ redelivery: false, guid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    },
  );
  rule(
    'a delivery can be read with what was sent',
    'rest/apps/webhooks#get-a-delivery-for-an-app-webhook',
    ['app'],
    async (target) => {
      const { issue, delivery } = await told(target);
      const { data } = await asApp(target, `/${delivery.id}`);
      expect(data).toMatchObject({
        guid: delivery.guid,
        request: {
          headers: { 'X-GitHub-Event': 'issues', 'X-GitHub-Delivery': delivery.guid },
          payload: {
            action: 'opened',
            issue: { number: issue },
            installation: { id: target.app.installationId },
          },
        },
      });
    },
  );
  rule(
    'a delivery names the hook and the app that it is for',
    'webhooks/webhook-events-and-payloads#delivery-headers',
    ['app'],
    async (target) => {
      const { delivery } = await told(target);
      const { data } = await asApp(target, `/${delivery.id}`);
      expect(data).toMatchObject({
        request: {
          headers: {
            'X-GitHub-Hook-ID': expect.stringMatching(/^\d+$/),
            'X-GitHub-Hook-Installation-Target-ID': `${target.app.id}`,
            'X-GitHub-Hook-Installation-Target-Type': 'integration',
          },
        },
      });
    },
  );
  rule('a redelivery carries the same id and says that it is one', REDELIVER, ['app'], async (target) => {
    const { delivery } = await told(target);
    expect(await asApp(target, `/${delivery.id}/attempts`, 'POST')).toMatchObject({ status: 202 });
    const again = await until(target, 'the redelivery', async () =>
      (await deliveries(target)).find(({ guid, redelivery }) => guid === delivery.guid && redelivery),
    );
    expect(again.id).not.toBe(delivery.id);
  });
  rule('GitHub does not deliver again by itself', MISSED, ['app'], async (target) => {
    const { delivery } = await told(target);
    const same = (await deliveries(target)).filter(({ guid }) => guid === delivery.guid);
    expect(same).toHaveLength(1);
  });
  rule('an installation token does not open the log', LOG, ['app'], async ({ app }) => {
    const { answer } = await import('./rule.ts');
    expect((await answer(app.client.request('GET /app/hook/deliveries'))).status).toBe(401);
  });
});
