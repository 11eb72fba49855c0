// The Events API v2, through which monitors open and close incidents. It must refuse what the vendor refuses and, like the
// vendor, swallow an acknowledge or resolve for an unknown key with 202.
// https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { rate } from '../rate.ts';
import type { Desk, Reference } from './incidents.ts';

/** The routing key of a service of the stand-in: its id, padded with zeros to the 32 characters of a real key. */
export const routingKey = (serviceId: string) => serviceId.padEnd(32, '0');

/** Calls a minute for one integration key, roughly; the vendor promises no number. */
const A_MINUTE = 120;
const Key = z.string().min(1).max(255, "'dedup_key' is too long (maximum is 255 characters)");
const Link = z.object({ href: z.string(), text: z.string().optional() });
const Image = z.object({ src: z.string(), href: z.string().optional(), alt: z.string().optional() });
const target = z.object({ routing_key: z.string().length(32, "'routing_key' must be 32 characters") });
const Event = z.discriminatedUnion('event_action', [
  target.extend({
    event_action: z.literal('trigger'),
    dedup_key: Key.optional(),
    client: z.string().optional(),
    client_url: z.string().optional(),
    links: z.array(Link).default([]),
    images: z.array(Image).default([]),
    payload: z.object({
      summary: z
        .string()
        .min(1, "'summary' is missing or blank")
        .max(1024, "'summary' is too long (maiximum is 1024 characters)"), // the spelling is the vendor's
      source: z.string().min(1, "'source' is missing or blank"),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      custom_details: z.unknown().optional(),
    }),
  }),
  target.extend({ event_action: z.enum(['acknowledge', 'resolve']), dedup_key: Key }),
]);

const agent: Reference = { id: 'PEVNTV2', type: 'inbound_integration_reference', summary: 'Events API V2' };

export function eventsApi(desk: Desk, services: Reference[]): Hono {
  const refuse = (errors: string[]) => ({
    status: 'invalid event',
    message: 'Event object is invalid',
    errors,
  });
  const take = rate(A_MINUTE, 60);
  const app = new Hono();
  app.post('/v2/enqueue', bodyLimit({ maxSize: 512 * 1024 }), async (c) => {
    const given = await c.req.json().catch(() => undefined);
    if (given === undefined) {
      const message = 'Event object format is unrecognized';
      return c.json({ status: 'Unrecognized object', message, errors: ['JSON parse error'] }, 400);
    }
    const parsed = Event.safeParse(given);
    if (!parsed.success) {
      const { issues } = parsed.error;
      const told = issues.map(({ path, message: m }) =>
        m.startsWith("'") ? m : `'${path.join('.')}': ${m}`,
      );
      return c.json(refuse(told), 400);
    }
    const event = parsed.data;
    const service = services.find(({ id }) => routingKey(id) === event.routing_key);
    if (!service) return c.json(refuse(['Invalid routing key']), 400);
    if (!take(service.id).ok) {
      const message = 'Requests for this service are arriving too quickly.  Please retry later.';
      return c.json({ status: 'throttle exceeded', message }, 429);
    }
    const key = event.dedup_key ?? randomUUID().replaceAll('-', '');
    const open = desk.open(service.id, key);
    if (event.event_action === 'trigger') {
      const { summary, severity, source } = event.payload;
      const details = 'custom_details' in event.payload ? { details: event.payload.custom_details } : {};
      const contexts = [
        ...event.links.map((link) => ({ type: 'link', ...link })),
        ...event.images.map((image) => ({ type: 'image', ...image })),
      ];
      const client = event.client
        ? { name: event.client, ...(event.client_url ? { url: event.client_url } : {}) }
        : null;
      const alarm = { service, summary, key, severity, source, contexts, client, ...details };
      if (!open) desk.trigger(alarm, agent);
    } else if (open) {
      const status = event.event_action === 'resolve' ? 'resolved' : 'acknowledged';
      if (open.status !== status) desk.move(open, status, agent);
    }
    return c.json({ status: 'success', message: 'Event processed', dedup_key: key }, 202);
  });
  return app;
}
