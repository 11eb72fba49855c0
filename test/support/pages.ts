// Pages of the PagerDuty stand-in, as a service's alerts and people make and change them. Must never touch Vigil.
import { routingKey } from '../../sandbox/pagerduty/events.ts';
import type { PagerDuty } from '../../sandbox/pagerduty/server.ts';

/** An alert of a service; gives the id of its incident. */
export async function alertOf(
  { events, incidents }: PagerDuty,
  service = 'PSHOP01',
  summary = 'Checkout error rate is high',
): Promise<string> {
  await fetch(`${events}/v2/enqueue`, {
    method: 'POST',
    body: JSON.stringify({
      ...{ routing_key: routingKey(service), event_action: 'trigger' },
      payload: { summary, source: 'shop', severity: 'critical' },
    }),
  });
  return incidents().at(-1)?.id ?? '';
}

/** Somebody sets an incident's status there. */
export const setStatus = ({ api }: PagerDuty, id: string, status: string): Promise<Response> =>
  fetch(`${api}/incidents/${id}`, {
    method: 'PUT',
    headers: { authorization: 'Token token=key', from: 'vigil@acme.example' },
    body: JSON.stringify({ incident: { type: 'incident_reference', status } }),
  });
