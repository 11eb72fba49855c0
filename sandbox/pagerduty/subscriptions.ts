// Webhook subscriptions as REST shows them, their test and their being switched on again. They cannot be made here: the
// sandbox makes the only one. It must never tell a secret, which the vendor shows once, when a subscription is made.
// https://developer.pagerduty.com/api-reference/b3A6MjkyNDc4NA-list-webhook-subscriptions
import { Hono } from 'hono';
import { fail, paged } from './answers.ts';
import type { Reference } from './incidents.ts';
import { ping, type Subscription } from './webhooks.ts';

const events = ['triggered', 'acknowledged', 'unacknowledged', 'reopened', 'annotated', 'resolved'].map(
  (name) => `incident.${name}`,
);
const shown = ({ id, url, disabledUntil }: Subscription) => ({
  ...{ id, type: 'webhook_subscription', active: true, events, oauth_client: null },
  description: 'Tells the bot of incidents.',
  delivery_method: {
    ...{ id: `PD${id.slice(2)}`, type: 'http_delivery_method', url, secret: null, custom_headers: [] },
    temporarily_disabled: disabledUntil > Date.now(),
  },
  filter: { type: 'account_reference' },
});

type Account = { users: Reference[]; subscriptions: Subscription[]; closing: AbortSignal };

export function subscriptionsApi({ users, subscriptions, closing }: Account): Hono {
  const app = new Hono();
  app.get('/', (c) => paged(c, 'webhook_subscriptions', subscriptions.map(shown)));
  app.post('/:id/:act{ping|enable}', (c) => {
    const one = subscriptions.find(({ id }) => id === c.req.param('id'));
    if (!one) return fail(c, 404, 2100, 'Not Found');
    if (c.req.param('act') === 'ping') {
      ping(one, users[0]?.id ?? '', closing);
      return c.body(null, 202);
    }
    Object.assign(one, { drops: 0, disabledUntil: 0 });
    return c.json({ webhook_subscription: shown(one) });
  });
  return app;
}
