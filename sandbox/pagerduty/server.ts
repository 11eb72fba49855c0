// A PagerDuty account on one machine: REST, Events API, signed webhooks and a page to look at. It must speak as the real one
// does, over HTTP only, and know nothing of Vigil.
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { empty, moment, page, state } from '../page.ts';
import type { Weather } from '../weather/weather.ts';
import { eventsApi } from './events.ts';
import { base32, type Incident, type Note, openDesk, type Reference } from './incidents.ts';
import { type Limits, PAGERDUTYS, restApi } from './rest.ts';
import { deliver, type Subscription, subscribe } from './webhooks.ts';

/**
 * `api` is the base of REST, as `https://api.pagerduty.com`, `events` that of the Events API (`/v2/enqueue`), `web` the pages.
 * `setWebhook` replaces the subscription; without `secrets` the account's own secret signs.
 */
export type PagerDuty = {
  api: string;
  events: string;
  web: string;
  setWebhook(url: string, secrets?: string[]): void;
  incidents(): Incident[];
  /** Another monitor's alert is grouped into an incident. REST shows these fields; the vendor requires only `type`. */
  join(incident: string, alert: Record<string, unknown>): void;
  /** Whether lists from now on end in `more: null` and say nothing else of their page. */
  setBare(on: boolean): void;
  /** Puts something into every list of this name that should not be there. */
  setOdd(list: 'incidents' | 'alerts' | 'notes', element: unknown): void;
  /** Somebody changes an open incident in PagerDuty's pages; a service by its id. */
  edit(incident: string, changes: { title?: string; priority?: string; service?: string }): void;
  /** Somebody merges an incident into another one. */
  merge(incident: string, into: string): void;
  close(): Promise<void>;
};

/** `from` are users by their e-mail address; one may be given the id that an allow-list will know it by. */
type Options = {
  apiKey: string;
  from: (string | { id: string; email: string })[];
  service: { id: string; name: string }[];
  secret?: string;
  limits?: Limits;
  weather?: Weather | undefined;
};

/** Starts the stand-in. `from` are the e-mail addresses of its users; a service's routing key is `routingKey(id)`. */
export async function startPagerDuty({ apiKey, from, service, ...options }: Options): Promise<PagerDuty> {
  const secret = options.secret ?? randomBytes(32).toString('base64');
  const closing = new AbortController();
  const subscriptions: Subscription[] = [];
  const pages = { bare: false, odd: new Map<string, object[]>() };
  const urls = { api: '', web: '' };
  const desk = openDesk(urls, (change) => {
    for (const one of subscriptions)
      for (const ms of options.weather?.delays({ by: 'pagerduty', event: change.happened }) ?? [0])
        deliver(one, change, urls, closing.signal, ms);
  });
  const refer = (type: string, id: string, summary: string): Reference => ({ id, type, summary });
  const services = service.map(({ id, name }) => refer('service_reference', id, name));
  const users = from.map((user) =>
    typeof user === 'string'
      ? refer('user_reference', `P${base32(6)}`, user)
      : refer('user_reference', user.id, user.email),
  );

  const machine = new Hono();
  machine.route('/', eventsApi(desk, services));
  const { limits = PAGERDUTYS } = options;
  const account = { apiKey, users, desk, urls, subscriptions, limits, closing: closing.signal };
  machine.route(
    '/',
    restApi({ ...account, bare: () => pages.bare, odd: (list) => pages.odd.get(list) ?? [] }),
  );
  const people = new Hono();
  people.get('/', (c) => {
    const all = desk.incidents.toReversed().map(article);
    const quiet = [empty('Nobody was paged yet.')];
    return c.html(page('PagerDuty', 'Incidents', all.length > 0 ? all : quiet, 'live'));
  });
  people.get('/incidents/:id', (c) => {
    const incident = desk.find(c.req.param('id'));
    if (!incident) return c.notFound();
    const body = html`<nav><a href="/">All incidents</a></nav>${article(incident)}`;
    return c.html(page('PagerDuty', `Incident #${incident.number}`, body, 'live'));
  });
  people.notFound((c) => c.html(page('PagerDuty', 'Not found', empty('There is no such incident.')), 404));

  const [machines, screens] = await Promise.all([
    listen(machine, options.weather?.door('pagerduty')),
    listen(people),
  ]);
  Object.assign(urls, { api: machines.url, web: screens.url });
  return {
    ...urls,
    events: machines.url,
    setWebhook: (url, secrets = [secret]) => void subscriptions.splice(0, Infinity, subscribe(url, secrets)),
    incidents: () => structuredClone(desk.incidents),
    join: (incident, alert) => void desk.find(incident)?.joined.push({ type: 'alert', ...alert }),
    edit: (id, { service: to, ...changes }) => {
      const [incident, user] = [desk.find(id), users[0]];
      const service = services.find((one) => one.id === to);
      if (incident && user) desk.edit(incident, { ...changes, ...(service ? { service } : {}) }, user);
    },
    merge: (id, into) => {
      const [incident, target, user] = [desk.find(id), desk.find(into), users[0]];
      if (incident && target && user) desk.merge(incident, target, user);
    },
    setOdd: (list, element) => void pages.odd.set(list, [element as object]),
    setBare: (bare) => void Object.assign(pages, { bare }),
    close: async () => {
      closing.abort();
      await Promise.all([machines.close(), screens.close()]);
    },
  };
}

const article = (
  one: Incident,
) => html`<article id="${one.id}"><h2><a href="/incidents/${one.id}">${one.title}</a></h2>
<p>${state(one.status)} on ${one.service.summary}, <code>${one.id}</code>, opened ${moment(one.created_at)}</p>
<ul>${one.alerts.map(({ summary, status }) => html`<li>alert “${summary}”: ${status}</li>`)}</ul>
${one.notes.length > 0 ? one.notes.map(note) : empty('No notes yet.')}</article>`;
const note = ({ content, user, created_at }: Note) =>
  html`<pre>${content}</pre><p><small>note of ${user.summary}</small> ${moment(created_at)}</p>`;
