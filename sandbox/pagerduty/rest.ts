// The part of the REST API that an incident bot uses. It must refuse with the vendor's own codes, since callers decide by them.
// https://developer.pagerduty.com/docs/rest-api-v2/errors/ and .../pagination/
import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Desk, Incident, Reference, Status } from './incidents.ts';
import { alertBody, noteBody, restIncident, type Urls } from './shapes.ts';
import type { Subscription } from './webhooks.ts';

type Env = { Variables: { user: Reference } };
type Account = {
  apiKey: string;
  users: Map<string, Reference>;
  desk: Desk;
  urls: () => Urls;
  subscriptions: Subscription[];
};

const Move = z.object({
  id: z.string(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  resolution: z.string().optional(),
});
const fail = (c: Context, status: ContentfulStatusCode, code: number, message: string, errors?: string[]) =>
  c.json({ error: { message, code, ...(errors ? { errors } : {}) } }, status);
const notFound = (c: Context) => fail(c, 404, 2100, 'Not Found');
const invalid = (c: Context, ...errors: string[]) => fail(c, 400, 2001, 'Invalid Input Provided', errors);

export function restApi({ apiKey, users, desk, urls, subscriptions }: Account): Hono<Env> {
  const app = new Hono<Env>();
  const expected = Buffer.from(`Token token=${apiKey}`);
  app.use(async (c, next) => {
    const given = Buffer.from(c.req.header('authorization') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.body(null, 401); // the vendor sends no JSON either
    return next();
  });
  const author = createMiddleware<Env>(async (c, next) => {
    const from = c.req.header('from');
    if (!from)
      return fail(
        c,
        400,
        2016,
        "You must specify a user's email address in the From header to perform this action",
      );
    const user = users.get(from);
    if (!user) return fail(c, 400, 1008, 'Requester User Not Found');
    c.set('user', user);
    return next();
  });
  const paged = <T, B>(c: Context, name: string, all: T[], body: (one: T) => B) => {
    const parsed = z
      .object({ limit: z.coerce.number().int().min(1).max(100), offset: z.coerce.number().int().min(0) })
      .safeParse({ limit: c.req.query('limit') ?? 25, offset: c.req.query('offset') ?? 0 });
    if (!parsed.success) return invalid(c, 'Limit must be 1 to 100 and offset 0 or more.');
    const { limit, offset } = parsed.data;
    if (limit + offset > 10_000)
      return fail(c, 400, 2002, 'Arguments Caused Error', ['Offset plus limit must not exceed 10000.']);
    return c.json({
      [name]: all.slice(offset, offset + limit).map(body),
      limit,
      offset,
      more: offset + limit < all.length,
      total: null,
    });
  };
  const wanted = (c: Context, status: Status) => (c.req.queries('statuses[]') ?? [status]).includes(status);
  const move = (c: Context<Env>, changes: z.infer<typeof Move>[], single: boolean) => {
    const found: Incident[] = [];
    for (const { id, status } of changes) {
      const incident = desk.find(id);
      if (!incident) return notFound(c);
      if (incident.status === status && status === 'resolved')
        return fail(c, 400, 1001, 'Incident Already Resolved');
      if (incident.status === status && status === 'acknowledged')
        return fail(c, 400, 1002, 'Incident Already Acknowledged');
      found.push(incident);
    }
    for (const [at, incident] of found.entries()) {
      const change = changes[at];
      if (!change) continue;
      if (change.resolution) incident.resolution = change.resolution;
      desk.move(incident, change.status, c.get('user'));
    }
    const bodies = found.map((incident) => restIncident(incident, urls()));
    return c.json(single ? { incident: bodies[0] } : { incidents: bodies });
  };
  const json = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);

  app.get('/incidents', (c) => {
    const services = c.req.queries('service_ids[]');
    const all = desk.incidents.filter(
      (one) => wanted(c, one.status) && (services?.includes(one.service.id) ?? true),
    );
    return paged(c, 'incidents', all, (one) => restIncident(one, urls()));
  });
  app.put('/incidents', author, async (c) => {
    const parsed = z.object({ incidents: z.array(Move) }).safeParse(await json(c));
    if (!parsed.success) return invalid(c, 'Incidents must be a list of references with an id and a status.');
    if (parsed.data.incidents.length > 250) return fail(c, 413, 2001, 'Request Entity Too Large');
    return move(c, parsed.data.incidents, false);
  });
  app.get('/incidents/:id', (c) => {
    const incident = desk.find(c.req.param('id'));
    return incident ? c.json({ incident: restIncident(incident, urls()) }) : notFound(c);
  });
  app.put('/incidents/:id', author, async (c) => {
    const parsed = z.object({ incident: Move.omit({ id: true }) }).safeParse(await json(c));
    if (!parsed.success) return invalid(c, 'Status must be one of triggered, acknowledged, or resolved.');
    return move(c, [{ ...parsed.data.incident, id: c.req.param('id') }], true);
  });
  app.get('/incidents/:id/alerts', (c) => {
    const incident = desk.find(c.req.param('id'));
    if (!incident) return notFound(c);
    return paged(
      c,
      'alerts',
      incident.alerts.filter(({ status }) => wanted(c, status)),
      (alert) => alertBody(alert, incident, urls()),
    );
  });
  app.get('/incidents/:id/notes', (c) => {
    const incident = desk.find(c.req.param('id'));
    return incident ? c.json({ notes: incident.notes.map((note) => noteBody(note, urls())) }) : notFound(c);
  });
  app.post('/incidents/:id/notes', author, async (c) => {
    const incident = desk.find(c.req.param('id'));
    if (!incident) return notFound(c);
    const parsed = z
      .object({ note: z.object({ content: z.string().trim().min(1) }) })
      .safeParse(await json(c));
    if (!parsed.success) return invalid(c, 'Content cannot be empty.');
    if (incident.notes.length >= 2000) return invalid(c, 'An incident holds at most 2000 notes.');
    return c.json({
      note: noteBody(desk.annotate(incident, parsed.data.note.content, c.get('user')), urls()),
    });
  });
  const shown = ({ id, url, disabledUntil }: Subscription) => ({
    id,
    type: 'webhook_subscription',
    active: true,
    delivery_method: { type: 'http_delivery_method', url, temporarily_disabled: disabledUntil > Date.now() },
    events: [
      'incident.triggered',
      'incident.acknowledged',
      'incident.unacknowledged',
      'incident.annotated',
      'incident.reopened',
      'incident.resolved',
    ],
  });
  app.get('/webhook_subscriptions', (c) => paged(c, 'webhook_subscriptions', subscriptions, shown));
  app.post('/webhook_subscriptions/:id/enable', (c) => {
    const one = subscriptions.find(({ id }) => id === c.req.param('id'));
    if (!one) return notFound(c);
    Object.assign(one, { drops: 0, disabledUntil: 0 });
    return c.json({ webhook_subscription: shown(one) });
  });
  return app;
}
