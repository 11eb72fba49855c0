// The shop's monitors: one orders a pair of socks every so often, as partners do, over HTTP; one counts the customers who signed in
// at their cart while nobody ordered. Each pages when it was wrong three times in a row, and takes that back only after three times
// right. They must never look at a page: no monitor here has a browser.
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
import { setTimeout as pause } from 'node:timers/promises';

const inARow = 3;
const mostWaiting = 3;
const path = '/api/checkout';
const item = { id: 'socks', quantity: 1 };
const order = JSON.stringify({ name: 'Monitor', email: 'monitor@example.com', items: [item] });
const headers = { 'content-type': 'application/json' };

export type Monitor = { alerting(): boolean; stop(): Promise<void> };
type Options = { shopUrl: string; events: string; routingKey: string; everyMs: number; monitorUrl?: string };
/** What is wrong just now, as an alert's details; undefined for nothing. */
type Look = (signal: AbortSignal) => Promise<object | undefined>;
/** Where the service's error rate is watched. */
const monitorOf = ({ monitorUrl }: Options) => (monitorUrl ? { monitor: monitorUrl } : {});
type Alert = { summary: string; dedupKey: string };

/** Pages when orders fail. `events` is the base of the Events API; `alerting` says whether an alert is out. */
export function startMonitor(options: Options): Monitor {
  const { shopUrl } = options;
  const details = { endpoint: `POST ${path}`, ...monitorOf(options) };
  const buy: Look = async (signal) => {
    try {
      const answer = await fetch(shopUrl + path, { method: 'POST', headers, body: order, signal });
      return answer.ok
        ? undefined
        : { ...details, status: answer.status, error: (await answer.text()).slice(0, 500) };
    } catch (error) {
      return { ...details, status: 0, error: String(error) };
    }
  };
  return watch(options, buy, {
    summary: 'Checkout error rate is high on shop',
    dedupKey: 'shop/checkout-error-rate',
  });
}

/** Pages when customers fill their carts and none of them orders. */
export function watchCustomers(options: Options, waiting: () => number): Monitor {
  const count: Look = async () => {
    const left = waiting();
    return left < mostWaiting ? undefined : { ...monitorOf(options), carts_waiting: left, orders_since: 0 };
  };
  return watch(options, count, {
    summary: 'Customers fill their carts and nobody buys',
    dedupKey: 'shop/orders-of-customers',
  });
}

function watch(
  { shopUrl, events, routingKey, everyMs }: Options,
  look: Look,
  { summary, dedupKey }: Alert,
): Monitor {
  const stopping = new AbortController();
  let alerting = false;
  let run = 0; // how many times in a row it went as it last did
  let failing = false;

  const within = () => AbortSignal.any([stopping.signal, AbortSignal.timeout(2_000)]);
  /** True when the event was taken; otherwise the next round tries again. */
  const send = (event: object): Promise<boolean> => {
    const from = {
      routing_key: routingKey,
      dedup_key: dedupKey,
      client: 'Shop monitor',
      client_url: shopUrl,
    };
    const body = JSON.stringify({ ...from, ...event });
    const sent = fetch(`${events}/v2/enqueue`, {
      ...{ method: 'POST', headers, body, signal: within(), redirect: 'error' },
    });
    return sent.then(({ status }) => status === 202).catch(() => false);
  };
  const round = async () => {
    const failure = await look(within());
    run = failing === Boolean(failure) ? run + 1 : 1;
    failing = Boolean(failure);
    if (run < inARow || failing === alerting || stopping.signal.aborted) return;
    const details = { service: 'shop', failures_in_a_row: run, ...failure };
    const payload = {
      summary,
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
