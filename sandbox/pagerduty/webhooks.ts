// Delivers V3 webhooks as PagerDuty does: one event a request, raw body signed once per secret, 2xx within 5 s, retried on
// 5xx, 429 and silence, dropped on any other answer, switched off for 24 h after 3 drops in a row. Order is kept per incident.
// Only the pause between tries is shorter than the vendor's, which is unpublished.
// https://developer.pagerduty.com/docs/webhooks/v3-overview/ and .../verifying-signatures
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { base32, type Change, linked, referenceTo, type Urls } from './incidents.ts';
import { heardIncident } from './shapes.ts';

const deadline = 5_000;
const firstPause = 100;
const longestPause = 5_000;
const GIVES_UP_MS = 48 * 3_600_000;
/** Bodies up to this size arrive for sure. A note that makes one larger is cut, and says so. */
const SURE_BYTES = 56_320;

export type Subscription = ReturnType<typeof subscribe>;
export const subscribe = (url: string, secrets: string[]) => {
  const id = `P${base32(6)}`;
  return { id, url, secrets, drops: 0, disabledUntil: 0, queues: new Map<string, Promise<void>>() };
};

/** The header value: one `v1=` entry for each active secret, over the raw bytes. */
const signatures = (body: string, secrets: string[]) =>
  secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`).join(',');

/**
 * Queues one change behind earlier ones of the same incident; what is late is overtaken by later ones. `closed` ends waiting
 * and retries when the sandbox closes.
 */
export function deliver(to: Subscription, change: Change, urls: Urls, closed: AbortSignal, lateMs = 0): void {
  const { note } = change;
  let body = eventBody(change, urls);
  const over = Buffer.byteLength(body) - SURE_BYTES;
  if (note && over > 0) {
    const content = note.content.slice(0, Math.max(0, note.content.length - over - 1));
    body = eventBody({ ...change, note: { ...note, content } }, urls, true);
  }
  if (lateMs === 0) queue(to, change.incident.id, body, closed);
  else
    pause(lateMs, undefined, { signal: closed })
      .then(() => send(to, body, closed))
      .catch(() => undefined);
}

/** The test of a subscription: it says hello, and names nobody's page. */
export function ping(to: Subscription, user: string, closed: AbortSignal): void {
  const event = {
    ...{ id: `01${base32(24)}`, event_type: 'pagey.ping', resource_type: 'pagey', client: null },
    ...{ occurred_at: new Date().toISOString(), agent: { id: user, type: 'user_reference' } },
    data: { message: 'Hello from your friend Pagey!', type: 'ping' },
  };
  queue(to, 'pagey', JSON.stringify({ event }), closed);
}

function queue(to: Subscription, resource: string, body: string, closed: AbortSignal): void {
  const before = to.queues.get(resource) ?? Promise.resolve();
  to.queues.set(
    resource,
    before.then(() => send(to, body, closed)).catch(() => undefined),
  );
}

async function send(to: Subscription, body: string, closed: AbortSignal): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'x-webhook-id': randomUUID(),
    'x-webhook-subscription': to.id,
    'x-pagerduty-signature': signatures(body, to.secrets),
  };
  const until = Date.now() + GIVES_UP_MS;
  for (let wait = firstPause; to.disabledUntil <= Date.now(); wait = Math.min(wait * 2, longestPause)) {
    closed.throwIfAborted();
    if (Date.now() > until) return;
    const signal = AbortSignal.any([closed, AbortSignal.timeout(deadline)]);
    const status = await fetch(to.url, { method: 'POST', headers, body, redirect: 'manual', signal }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      },
      () => 0,
    );
    if (status >= 200 && status < 300) {
      to.drops = 0;
      return;
    }
    if (status !== 0 && status !== 429 && status < 500) {
      to.drops += 1;
      if (to.drops >= 3) to.disabledUntil = Date.now() + 24 * 3_600_000;
      return;
    }
    await pause(wait, undefined, { signal: closed });
  }
}

/** The `event` of a V3 webhook. It carries no alert details: whoever wants them asks REST. */
function eventBody({ happened, incident, agent, client, note }: Change, urls: Urls, trimmed = false): string {
  const about = note && { incident: linked(referenceTo(incident), urls), id: note.id, content: note.content };
  const event = {
    ...{ id: `01${base32(24)}`, event_type: `incident.${happened}`, resource_type: 'incident' },
    ...{ occurred_at: new Date().toISOString(), agent: linked(agent, urls), client },
    data: about ? { ...about, trimmed, type: 'incident_note' } : heardIncident(incident, urls),
  };
  return JSON.stringify({ event });
}
