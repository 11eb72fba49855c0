// The part of the REST API that an incident bot uses. It must refuse with the vendor's own codes, since callers decide by them.
// https://developer.pagerduty.com/docs/rest-api-v2/errors/ and .../pagination/
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { z } from 'zod';
import { rate } from '../rate.ts';
import { fail, invalid, paged } from './answers.ts';
import type { Desk, Incident, Reference, Status, Urls } from './incidents.ts';
import { restAlert, restIncident, restUser } from './shapes.ts';
import { subscriptionsApi } from './subscriptions.ts';
import type { Subscription } from './webhooks.ts';

type Account = {
  apiKey: string;
  users: Reference[];
  desk: Desk;
  urls: Urls;
  subscriptions: Subscription[];
  closing: AbortSignal;
  limits: Limits;
  /** Whether lists say of their page only what the vendor's description requires, which is nothing. */
  bare(): boolean;
  /** What stands in a list besides what belongs there. */
  odd(list: string): object[];
};
/** https://developer.pagerduty.com/docs/rest-api-rate-limits: a 429 may come without the headers that all others have. */
export type Limits = { perMinute: number; headers: boolean };
export const PAGERDUTYS: Limits = { perMinute: 960, headers: true };
type Writing = { Variables: { user: Reference; incident: Incident } };

const status = z.enum(['triggered', 'acknowledged', 'resolved']);
const One = z.object({ incident: z.object({ status }) });
const Many = z.object({ incidents: z.array(z.object({ id: z.string(), status })) });
const NewNote = z.object({ note: z.object({ content: z.string().trim().min(1) }) });
const MONTH_MS = 30 * 24 * 3_600_000;
const noSender = "You must specify a user's email address in the From header to perform this action";

const json = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);

/** Whether a list of incidents reaches back to this one; null where the range is not taken. */
function within(c: Context): ((incident: Incident) => boolean) | null {
  const { since, until, date_range: range } = c.req.query();
  if (range === 'all') return () => true;
  const end = until === undefined ? Date.now() : Date.parse(until);
  const start = since === undefined ? end - MONTH_MS : Date.parse(since);
  if (!(end - start <= 6 * 31 * 24 * 3_600_000)) return null;
  return ({ created_at: at }) => Date.parse(at) >= start && Date.parse(at) <= end;
}

export function restApi(account: Account): Hono<Writing> {
  const { apiKey, users, desk, urls, limits } = account;
  const app = new Hono<Writing>();
  const expected = Buffer.from(`Token token=${apiKey}`);
  const take = rate(limits.perMinute, 60);
  app.use(async (c, next) => {
    c.header('x-request-id', randomUUID());
    const given = Buffer.from(c.req.header('authorization') ?? '');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.body(null, 401); // the vendor sends no JSON either
    const { ok, limit, remaining, reset } = take();
    if (ok || limits.headers)
      for (const [name, value] of Object.entries({ limit, remaining, reset }))
        c.header(`ratelimit-${name}`, String(value));
    return ok ? next() : fail(c, 429, 2020, 'Rate Limit Exceeded');
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
  const shown = (incident: Incident) => restIncident(incident, urls);
  const wanted = (c: Context, is: unknown) => (c.req.queries('statuses[]') ?? [is]).includes(String(is));
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

  // https://developer.pagerduty.com/api-reference/c96e889522dd6-list-users: found by a part of the name or the address.
  app.get('/users', (c) => {
    const part = (c.req.query('query') ?? '').toLowerCase();
    const found = users.filter(({ summary }) => summary.toLowerCase().includes(part));
    return paged(
      c,
      'users',
      found.map((user) => restUser(user, urls)),
      account.bare(),
    );
  });
  app.get('/incidents', (c) => {
    const services = c.req.queries('service_ids[]');
    const reached = within(c);
    if (!reached) return invalid(c, 'The date range must be valid and at most 6 months.');
    const all = desk.incidents.filter(
      (one) => reached(one) && wanted(c, one.status) && (!services || services.includes(one.service.id)),
    );
    return paged(c, 'incidents', [...account.odd('incidents'), ...all.map(shown)], account.bare());
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
    const incident = c.get('incident');
    const own = incident.alerts.map((alert) => restAlert(alert, incident, urls));
    const all = [...own, ...incident.joined].filter(({ status }) => wanted(c, status ?? 'triggered'));
    all.unshift(...(account.odd('alerts') as typeof all));
    return paged(c, 'alerts', all, account.bare());
  });
  app.get('/incidents/:id/notes', known, (c) =>
    c.json({ notes: [...account.odd('notes'), ...c.get('incident').notes] }),
  );
  app.post('/incidents/:id/notes', author, known, async (c) => {
    const asked = NewNote.safeParse(await json(c));
    if (!asked.success) return invalid(c, 'Content cannot be empty.');
    if (c.get('incident').notes.length >= 2000) return invalid(c, 'An incident holds at most 2000 notes.');
    return c.json({ note: desk.annotate(c.get('incident'), asked.data.note.content, c.get('user')) });
  });
  app.route('/webhook_subscriptions', subscriptionsApi(account));
  return app;
}
