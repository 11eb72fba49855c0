// The part of the REST API that an incident bot uses. It must refuse with the vendor's own codes, since callers decide by them.
// https://developer.pagerduty.com/docs/rest-api-v2/errors/ and .../pagination/
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import {
  type Desk,
  type Incident,
  linked,
  type Reference,
  referenceTo,
  type Status,
  type Urls,
} from './incidents.ts';
import type { Subscription } from './webhooks.ts';

type Account = {
  apiKey: string;
  users: Reference[];
  desk: Desk;
  urls: Urls;
  subscriptions: Subscription[];
};
type Writing = { Variables: { user: Reference; incident: Incident } };

const status = z.enum(['triggered', 'acknowledged', 'resolved']);
const One = z.object({ incident: z.object({ status }) });
const Many = z.object({ incidents: z.array(z.object({ id: z.string(), status })) });
const NewNote = z.object({ note: z.object({ content: z.string().trim().min(1) }) });
const whole = z.coerce.number().int();
const Page = z.object({ limit: whole.min(1).max(100).default(25), offset: whole.min(0).default(0) });
const events = ['triggered', 'acknowledged', 'unacknowledged', 'reopened', 'annotated', 'resolved'].map(
  (name) => `incident.${name}`,
);
const noSender = "You must specify a user's email address in the From header to perform this action";

const fail = (c: Context, http: ContentfulStatusCode, code: number, message: string) =>
  c.json({ error: { message, code } }, http);
const invalid = (c: Context, why: string) =>
  c.json({ error: { message: 'Invalid Input Provided', code: 2001, errors: [why] } }, 400);
const json = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);

/** One page of a list; `c.req` says which. */
function paged(c: Context, name: string, all: object[]) {
  const page = Page.safeParse(c.req.query());
  if (!page.success) return invalid(c, 'Limit must be 1 to 100 and offset 0 or more.');
  const { limit, offset } = page.data;
  if (limit + offset > 10_000) return fail(c, 400, 2002, 'Offset plus limit must not exceed 10000');
  const more = offset + limit < all.length;
  return c.json({ [name]: all.slice(offset, offset + limit), limit, offset, more, total: null });
}

export function restApi({ apiKey, users, desk, urls, subscriptions }: Account): Hono<Writing> {
  const app = new Hono<Writing>();
  const expected = Buffer.from(`Token token=${apiKey}`);
  app.use(async (c, next) => {
    const given = Buffer.from(c.req.header('authorization') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.body(null, 401); // the vendor sends no JSON either
    return next();
  });
  const author = createMiddleware<Writing>(async (c, next) => {
    const from = c.req.header('from');
    const user = users.find(({ summary }) => summary === from);
    if (!user) return from ? fail(c, 400, 1008, 'Requester User Not Found') : fail(c, 400, 2016, noSender);
    c.set('user', user);
    return next();
  });
  const known = createMiddleware<Writing>(async (c, next) => {
    const incident = desk.find(c.req.param('id') ?? '');
    if (!incident) return fail(c, 404, 2100, 'Not Found');
    c.set('incident', incident);
    return next();
  });
  const shown = ({ alerts: _, notes: __, number, ...incident }: Incident) => ({
    ...incident,
    incident_number: number,
  });
  const wanted = (c: Context, is: Status) => (c.req.queries('statuses[]') ?? [is]).includes(is);
  /** Moves all or none; the refusal that the vendor would give comes back instead. */
  const move = (c: Context<Writing>, changes: { incident: Incident | undefined; status: Status }[]) => {
    for (const { incident, status } of changes) {
      if (!incident) return fail(c, 404, 2100, 'Not Found');
      if (incident.status !== status || status === 'triggered') continue;
      const [code, message] =
        status === 'resolved' ? [1001, 'Incident Already Resolved'] : [1002, 'Incident Already Acknowledged'];
      return fail(c, 400, code, message);
    }
    for (const { incident, status } of changes) if (incident) desk.move(incident, status, c.get('user'));
    return undefined;
  };

  app.get('/incidents', (c) => {
    const services = c.req.queries('service_ids[]');
    const all = desk.incidents.filter(
      ({ status, service }) => wanted(c, status) && (!services || services.includes(service.id)),
    );
    return paged(c, 'incidents', all.map(shown));
  });
  app.put('/incidents', author, async (c) => {
    const asked = Many.safeParse(await json(c));
    if (!asked.success) return invalid(c, 'Incidents must be a list of references with an id and a status.');
    const { incidents } = asked.data;
    if (incidents.length > 250) return fail(c, 413, 2001, 'Request Entity Too Large');
    const changes = incidents.map(({ id, status }) => ({ incident: desk.find(id), status }));
    return (
      move(c, changes) ??
      c.json({ incidents: changes.flatMap(({ incident }) => (incident ? [shown(incident)] : [])) })
    );
  });
  app.get('/incidents/:id', known, (c) => c.json({ incident: shown(c.get('incident')) }));
  app.put('/incidents/:id', author, known, async (c) => {
    const asked = One.safeParse(await json(c));
    if (!asked.success) return invalid(c, 'Status must be one of triggered, acknowledged, or resolved.');
    const incident = c.get('incident');
    return (
      move(c, [{ incident, status: asked.data.incident.status }]) ?? c.json({ incident: shown(incident) })
    );
  });
  app.get('/incidents/:id/alerts', known, (c) => {
    const { alerts, service, ...rest } = c.get('incident');
    const incident = linked(referenceTo({ alerts, service, ...rest }), urls);
    return paged(
      c,
      'alerts',
      alerts.filter((alert) => wanted(c, alert.status)).map((alert) => ({ ...alert, service, incident })),
    );
  });
  app.get('/incidents/:id/notes', known, (c) => c.json({ notes: c.get('incident').notes }));
  app.post('/incidents/:id/notes', author, known, async (c) => {
    const asked = NewNote.safeParse(await json(c));
    if (!asked.success) return invalid(c, 'Content cannot be empty.');
    if (c.get('incident').notes.length >= 2000) return invalid(c, 'An incident holds at most 2000 notes.');
    return c.json({ note: desk.annotate(c.get('incident'), asked.data.note.content, c.get('user')) });
  });
  app.get('/webhook_subscriptions', (c) => {
    const bodies = subscriptions.map(({ id, url, disabledUntil }) => ({
      ...{ id, type: 'webhook_subscription', active: true, events },
      delivery_method: {
        type: 'http_delivery_method',
        url,
        temporarily_disabled: disabledUntil > Date.now(),
      },
    }));
    return paged(c, 'webhook_subscriptions', bodies);
  });
  return app;
}
