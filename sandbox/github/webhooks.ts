// Webhook deliveries: signed, in order for each target, once. It must never try again by itself, as GitHub does not:
// https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
import { createHmac, randomUUID } from 'node:crypto';
import { type Actor, createQueue, type Forge } from './forge.ts';
import { repositoryView, userView } from './people.ts';

/** `status` is what the receiver answered; 0: nobody did, or not in time. */
export type Delivery = {
  guid: string;
  event: string;
  action: string | null;
  url: string;
  status: number;
  at: number;
};
export type Webhooks = {
  log: Delivery[];
  setUrls(urls: string[]): void;
  emit(event: string, payload: object, sender: Actor): void;
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
  return {
    log,
    setUrls: (urls) => {
      targets = urls;
    },
    // A GitHub app has one webhook URL. Several here are replicas behind a load balancer: each event goes to one of them.
    emit(event, payload, sender) {
      const url = targets[turn++ % targets.length];
      if (url === undefined) return;
      const { app, webhook } = forge().options;
      const about = { repository: repositoryView(forge()), sender: userView(forge(), sender.login) };
      const body = JSON.stringify({ ...payload, ...about, installation: { id: app.installationId } });
      const action = 'action' in payload ? `${payload.action}` : null;
      const delivery: Delivery = { guid: randomUUID(), event, action, url, status: 0, at: Date.now() };
      log.push(delivery);
      const queue = queues.get(url) ?? createQueue();
      queues.set(url, queue);
      const done = queue(async () => {
        delivery.status = await post(delivery, body, webhook.secret);
      });
      pending.add(done);
      void done.finally(() => pending.delete(done));
    },
    async idle() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

async function post({ url, event, guid }: Delivery, body: string, secret: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
