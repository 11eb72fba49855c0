// Webhook deliveries: signed, in order for each target, once, and held to GitHub's description of each event. It must never
// try again by itself, as GitHub does not:
// https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { nodeId } from './fields.ts';
import { type Actor, createQueue, type Forge, type GitHubOptions, hold, idOf } from './forge.ts';
import { deliveryFault } from './openapi/deliveries.ts';
import { isSent, repositoryView, userView } from './people.ts';

/** One attempt to deliver. `status` is what the receiver answered; 0: nobody did, or not in time. */
export type Delivery = {
  id: number;
  guid: string; // one for an event, however often it is delivered
  event: string;
  action: string | null;
  url: string;
  body: string;
  redelivery: boolean;
  status: number;
  answer: { headers: Record<string, string>; body: string };
  at: number;
  ms: number;
};
export type Webhooks = {
  log: Delivery[];
  setUrls(urls: string[]): void;
  emit(event: string, payload: object, sender: Actor): void;
  again(delivery: Delivery): void;
  idle(): Promise<void>;
};

/** GitHub gives a receiver 10 seconds: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks */
const PATIENCE_MS = 10_000;
const MOST_SHOWN = 10_000;

export function createWebhooks(forge: () => Forge): Webhooks {
  const log: Delivery[] = [];
  const queues = new Map<string, ReturnType<typeof createQueue>>();
  const pending = new Set<Promise<void>>();
  let targets: string[] = [];
  let turn = 0;
  const send = (what: Pick<Delivery, 'guid' | 'event' | 'action' | 'body' | 'redelivery'>): void => {
    // A GitHub app has one webhook URL. Several here are replicas behind a load balancer: each event goes to one of them.
    const url = targets[turn++ % targets.length];
    if (url === undefined) return;
    const begun = { url, status: 0, answer: { headers: {}, body: '' }, at: Date.now(), ms: 0 };
    const delivery: Delivery = { id: forge().nextId(), ...what, ...begun };
    log.push(delivery);
    const queue = queues.get(url) ?? createQueue();
    queues.set(url, queue);
    const done = queue(async () => {
      const start = Date.now();
      Object.assign(delivery, await post(delivery, headersOf(forge().options, delivery)));
      delivery.ms = Date.now() - start;
    });
    pending.add(done);
    void done.finally(() => pending.delete(done));
  };
  const later = (ms: number, act: () => void): void => {
    if (ms === 0) {
      act();
      return;
    }
    const wait = pause(ms).then(act);
    pending.add(wait);
    void wait.finally(() => pending.delete(wait));
  };
  return {
    log,
    setUrls: (urls) => {
      targets = urls;
    },
    emit(event, payload, sender) {
      const { weather, app } = forge().options;
      const action = 'action' in payload ? `${payload.action}` : null;
      const name = action === null ? event : `${event}.${action}`;
      weather?.happened({ event: name, sender: sender.login, payload: { ...payload } });
      if (targets.length === 0 || !isSent(forge(), event)) return;
      const { installationId: id } = app;
      const about = { repository: repositoryView(forge()), sender: userView(forge(), sender.login) };
      const installation = { id, node_id: nodeId('IntegrationInstallation', id) };
      const body = JSON.stringify({ ...about, ...payload, installation });
      hold(forge(), deliveryFault(event, action, JSON.parse(body)));
      const guid = randomUUID();
      for (const ms of weather?.delays({ by: 'github', event }) ?? [0])
        later(ms, () => send({ guid, event, action, body, redelivery: false }));
    },
    again: ({ guid, event, action, body }) => send({ guid, event, action, body, redelivery: true }),
    async idle() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
export function headersOf(
  { app, webhook }: Pick<GitHubOptions, 'app' | 'webhook'>,
  { event, guid, body }: Pick<Delivery, 'event' | 'guid' | 'body'>,
): Record<string, string> {
  const signed = (how: string) => `${how}=${createHmac(how, webhook.secret).update(body).digest('hex')}`;
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'GitHub-Hookshot/sandbox',
    'X-GitHub-Event': event,
    'X-GitHub-Delivery': guid,
    'X-GitHub-Hook-ID': `${idOf(`hook of ${app.slug}`)}`,
    'X-GitHub-Hook-Installation-Target-ID': `${app.id}`,
    'X-GitHub-Hook-Installation-Target-Type': 'integration',
    'X-Hub-Signature': signed('sha1'),
    'X-Hub-Signature-256': signed('sha256'),
  };
}

async function post({ url, body }: Delivery, headers: Record<string, string>) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
    const text = (await response.text()).slice(0, MOST_SHOWN);
    return { status: response.status, answer: { headers: Object.fromEntries(response.headers), body: text } };
  } catch {
    return { status: 0 };
  }
}
