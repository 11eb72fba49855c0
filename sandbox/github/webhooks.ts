// Webhook deliveries: signed, in order for each target, once. It must never try again by itself, as GitHub does not:
// https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
import { createHmac, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Actor, createQueue, type Forge, isoTime } from './forge.ts';
import { missing, page, route } from './http.ts';
import { repositoryView, userView } from './people.ts';

export type Delivery = {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  url: string;
  body: string;
  status: number;
  at: number;
  redelivery: boolean;
};
export type Webhooks = {
  log: Delivery[];
  setUrls(urls: string[]): void;
  emit(event: string, payload: object, sender: Actor): void;
  redeliver(id: number): boolean;
  idle(): Promise<void>;
};

/** GitHub gives a receiver 10 seconds: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks */
const PATIENCE_MS = 10_000;

export function createWebhooks(forge: () => Forge): Webhooks {
  const log: Delivery[] = [];
  const queues = new Map<string, ReturnType<typeof createQueue>>();
  const pending = new Set<Promise<void>>();
  let targets: string[] = [];
  let turn = 0;

  // A GitHub app has one webhook URL. Several here are replicas behind a load balancer: each event goes to one of them.
  const send = (delivery: Omit<Delivery, 'id' | 'url' | 'status' | 'at'>) => {
    const url = targets[turn++ % targets.length];
    if (url === undefined) return;
    const record: Delivery = { ...delivery, id: forge().nextId(), url, status: 0, at: Date.now() };
    log.push(record);
    const queue = queues.get(url) ?? createQueue();
    queues.set(url, queue);
    const done = queue(async () => {
      record.status = await post(record, forge().options.webhook.secret);
    });
    pending.add(done);
    done.finally(() => pending.delete(done));
  };

  return {
    log,
    setUrls: (urls) => {
      targets = urls;
    },
    emit(event, payload, sender) {
      const { app, owner } = forge().options;
      const body = JSON.stringify({
        ...payload,
        repository: repositoryView(forge()),
        organization: userView(forge(), owner),
        sender: userView(forge(), sender.login),
        installation: { id: app.installationId, node_id: `I_${app.installationId}` },
      });
      const action = 'action' in payload ? `${payload.action}` : null;
      send({ guid: randomUUID(), event, action, body, redelivery: false });
    },
    redeliver(id) {
      const found = log.find((delivery) => delivery.id === id);
      if (found)
        send({
          guid: found.guid,
          event: found.event,
          action: found.action,
          body: found.body,
          redelivery: true,
        });
      return found !== undefined;
    },
    async idle() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

/** One HTTP request; 0 when nobody answered in time. */
async function post({ url, body, event, guid }: Delivery, secret: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

const view = ({ id, guid, event, action, status, at, redelivery }: Delivery) => ({
  id,
  guid,
  event,
  action,
  status: status === 0 ? 'timed out' : status < 300 ? 'OK' : 'Invalid HTTP Response',
  status_code: status,
  delivered_at: isoTime(at),
  redelivery,
});

// https://docs.github.com/en/rest/apps/webhooks
export const webhookRoutes = [
  route('GET /app/hook/deliveries', 'jwt', z.unknown(), (forge, call) =>
    page(call, forge.webhooks.log.toReversed().map(view)),
  ),
  route('POST /app/hook/deliveries/:number/attempts', 'jwt', z.unknown(), (forge, { number }) =>
    forge.webhooks.redeliver(number) ? { status: 202, body: {} } : missing,
  ),
];
