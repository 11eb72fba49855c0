// The shop's monitor: buys one pair of socks every so often, and pages when it cannot three times in a row. It sees the shop
// as customers do, over HTTP, and takes the alert back only after three orders in a row went through.
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
import { setTimeout as pause } from 'node:timers/promises';

const inARow = 3;
const dedupKey = 'shop/checkout-error-rate';
const path = '/api/checkout';
const item = { id: 'socks', quantity: 1 };
const order = JSON.stringify({ name: 'Monitor', email: 'monitor@example.com', items: [item] });
const headers = { 'content-type': 'application/json' };

export type Monitor = { alerting(): boolean; stop(): Promise<void> };
type Options = { shopUrl: string; events: string; routingKey: string; everyMs: number; monitorUrl?: string };

/** Watches until stopped. `events` is the base of the Events API; `alerting` says whether an alert is out. */
export function startMonitor({ shopUrl, events, routingKey, everyMs, monitorUrl }: Options): Monitor {
  const stopping = new AbortController();
  let alerting = false;
  let run = 0; // how many times in a row it went as it last did
  let failing = false;

  const post = (url: string, body: string) => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(2_000)]);
    return fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' });
  };
  const buy = async (): Promise<{ status: number; error: string } | undefined> => {
    try {
      const answer = await post(shopUrl + path, order);
      return answer.ok ? undefined : { status: answer.status, error: (await answer.text()).slice(0, 500) };
    } catch (error) {
      return { status: 0, error: String(error) };
    }
  };
  /** True when the event was taken; otherwise the next round tries again. */
  const send = (event: object): Promise<boolean> => {
    const from = {
      routing_key: routingKey,
      dedup_key: dedupKey,
      client: 'Shop monitor',
      client_url: shopUrl,
    };
    const sent = post(`${events}/v2/enqueue`, JSON.stringify({ ...from, ...event }));
    return sent.then(({ status }) => status === 202).catch(() => false);
  };
  const round = async () => {
    const failure = await buy();
    run = failing === Boolean(failure) ? run + 1 : 1;
    failing = Boolean(failure);
    if (run < inARow || failing === alerting || stopping.signal.aborted) return;
    const details = {
      service: 'shop',
      endpoint: `POST ${path}`,
      failures_in_a_row: run,
      ...failure,
      ...(monitorUrl ? { monitor: monitorUrl } : {}),
    };
    const payload = {
      summary: 'Checkout error rate is high on shop',
      source: shopUrl,
      severity: 'critical',
      component: 'checkout',
      custom_details: details,
    };
    if (await send(failure ? { event_action: 'trigger', payload } : { event_action: 'resolve' }))
      alerting = failing;
  };
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await round();
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    alerting: () => alerting,
    stop: () => {
      stopping.abort();
      return loop;
    },
  };
}
