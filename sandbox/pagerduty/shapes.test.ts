// Over 250 lines: every field has its place here. The shapes of what the stand-in answers and sends, held to schemas that name every field and allow no other. Written by hand
// from PagerDuty's OpenAPI description (PagerDuty/api-schema, REST) and from answers of real accounts that others published.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listAlerts } from '#adapters/pagerduty';
import { routingKey } from './events.ts';
import { type PagerDuty, startPagerDuty } from './server.ts';

const seconds = z.iso.datetime({ precision: 0 });
const reference = (type: string) =>
  z.strictObject({
    id: z.string(),
    type: z.literal(`${type}_reference`),
    summary: z.string(),
    self: z.url(),
    html_url: z.url(),
  });
const user = reference('user');
const status = z.enum(['triggered', 'acknowledged', 'resolved']);
const common = z.strictObject({
  id: z.string().regex(/^Q[A-Z2-7]{13}$/),
  type: z.literal('incident'),
  self: z.url(),
  html_url: z.url(),
  status,
  title: z.string(),
  created_at: seconds,
  incident_key: z.null(),
  urgency: z.enum(['high', 'low']),
  priority: z.null(),
  service: reference('service').extend({ html_url: z.url().includes('/service-directory/') }),
  escalation_policy: reference('escalation_policy'),
  teams: z.array(z.never()),
  conference_bridge: z.null(),
  resolve_reason: z.null(),
  incident_type: z.strictObject({ name: z.literal('incident_default') }),
});
const RestIncident = common.extend({
  incident_number: z.int(),
  description: z.string(),
  summary: z.string().regex(/^\[#\d+\] /),
  updated_at: seconds,
  resolved_at: seconds.nullable(),
  assigned_via: z.enum(['escalation_policy', 'direct_assignment']),
  assignments: z.array(z.strictObject({ at: seconds, assignee: user })),
  acknowledgements: z.array(z.strictObject({ at: seconds, acknowledger: user })),
  last_status_change_at: seconds,
  last_status_change_by: z.union([user, reference('service')]),
  first_trigger_log_entry: reference('trigger_log_entry'),
  alert_counts: z.strictObject({ all: z.int(), triggered: z.int(), resolved: z.int() }),
  is_mergeable: z.boolean(),
  impacted_services: z.array(reference('service')).length(1),
  pending_actions: z.array(z.never()),
  alert_grouping: z.null(),
  basic_alert_grouping: z.null(),
  incidents_responders: z.array(z.never()),
  responder_requests: z.array(z.never()),
  subscriber_requests: z.array(z.never()),
});
const context = z.looseObject({ type: z.enum(['link', 'image']) });
const RestAlert = z.strictObject({
  id: z.string(),
  type: z.literal('alert'),
  summary: z.string(),
  self: z.url(),
  html_url: z.url(),
  created_at: seconds,
  status: z.enum(['triggered', 'resolved']),
  resolved_at: seconds.nullable(),
  alert_key: z.string(),
  suppressed: z.literal(false),
  severity: z.enum(['info', 'warning', 'error', 'critical']),
  service: reference('service'),
  incident: reference('incident'),
  first_trigger_log_entry: reference('trigger_log_entry'),
  body: z.strictObject({
    type: z.literal('alert_body'),
    contexts: z.array(context),
    details: z.unknown().optional(),
    cef_details: z.looseObject({
      ...{ description: z.string(), severity: z.string(), source_origin: z.string() },
      ...{ dedup_key: z.string(), contexts: z.array(context) },
    }),
  }),
  integration: reference('events_api_v2_inbound_integration'),
  privilege: z.null(),
});
const Note = z.strictObject({
  ...{ id: z.string(), user, channel: z.strictObject({ summary: z.string() }), content: z.string() },
  ...{ created_at: seconds, updated_at: seconds },
});
const page = { limit: z.int(), offset: z.int(), more: z.boolean(), total: z.null() };
const WebhookIncident = common.extend({ number: z.int(), assignees: z.array(user) });
const Envelope = z.strictObject({
  event: z.strictObject({
    id: z.string().regex(/^01[A-Z2-7]{24}$/),
    event_type: z.string(),
    resource_type: z.string(),
    occurred_at: z.iso.datetime(),
    agent: z.looseObject({ id: z.string(), type: z.string() }),
    client: z.strictObject({ name: z.string(), url: z.url().optional() }).nullable(),
    data: z.looseObject({ type: z.string() }),
  }),
});

let pagerduty: PagerDuty;
let id: string;
const trigger = async (dedup_key: string, more: object = {}, event: object = {}) => {
  const payload = { summary: 'Disk full', source: 'web-1', severity: 'warning', ...more };
  const body = { routing_key: routingKey('PSHOP01'), event_action: 'trigger', dedup_key, payload, ...event };
  await fetch(`${pagerduty.events}/v2/enqueue`, { method: 'POST', body: JSON.stringify(body) });
  return pagerduty.incidents().at(-1)?.id ?? '';
};
const rest = async (path: string, method = 'GET', body?: object) => {
  const headers = { authorization: 'Token token=key', from: 'bot@example.com' };
  const init = body ? { body: JSON.stringify(body) } : {};
  const answer = await fetch(pagerduty.api + path, { method, headers, ...init });
  return JSON.parse(await answer.text());
};
const put = (to: string) => rest(`/incidents/${id}`, 'PUT', { incident: { status: to } });

beforeEach(async () => {
  const service = [{ id: 'PSHOP01', name: 'Shop' }];
  pagerduty = await startPagerDuty({ apiKey: 'key', from: ['bot@example.com'], service });
  id = await trigger('disk', { custom_details: { free: '1%' } });
});
afterEach(() => pagerduty.close());

describe('an incident of REST', () => {
  it('has every field of the vendor’s, in each of its states and from each place', async () => {
    const opened = RestIncident.parse((await rest(`/incidents/${id}`)).incident);
    expect(opened).toMatchObject({
      ...{ summary: '[#1] Disk full', alert_counts: { all: 1, triggered: 1, resolved: 0 } },
      ...{ assignments: [{ at: opened.created_at }], acknowledgements: [], resolved_at: null },
      last_status_change_by: { type: 'service_reference', id: 'PSHOP01' },
    });
    expect(RestIncident.parse((await put('acknowledged')).incident)).toMatchObject({
      acknowledgements: [{ acknowledger: { summary: 'bot@example.com' } }],
      last_status_change_by: { type: 'user_reference', summary: 'bot@example.com' },
    });
    const done = { incidents: [{ id, type: 'incident_reference', status: 'resolved' }] };
    const [resolved] = z.tuple([RestIncident]).parse((await rest('/incidents', 'PUT', done)).incidents);
    expect(resolved).toMatchObject({ assignments: [], alert_counts: { triggered: 0, resolved: 1 } });
    expect(resolved.resolved_at).toBe(resolved.last_status_change_at);
    z.strictObject({ incidents: z.tuple([RestIncident]), ...page }).parse(await rest('/incidents'));
  });

  it('tells its priority, and into which incident it was merged', async () => {
    const target = await trigger('target');
    pagerduty.edit(id, { title: 'Disk is full', priority: 'P1' });
    pagerduty.merge(id, target);
    const merged = reference('incident');
    const reason = z.strictObject({ type: z.literal('merge_resolve_reason'), incident: merged });
    const Merged = RestIncident.extend({
      ...{ priority: reference('priority'), resolve_reason: reason, first_trigger_log_entry: z.null() },
    });
    expect(Merged.parse((await rest(`/incidents/${id}`)).incident)).toMatchObject({
      ...{ title: 'Disk is full', status: 'resolved', priority: { summary: 'P1' } },
      ...{ resolve_reason: { incident: { id: target } }, alert_counts: { all: 0 } },
    });
    expect((await rest(`/incidents/${target}/alerts`)).alerts).toHaveLength(2);
  });

  it('is listed for a month, unless a range of at most six months is asked for', async () => {
    const count = async (query: string) => (await rest(`/incidents?${query}`)).incidents?.length;
    expect(await count('until=2020-01-01T00:00:00Z')).toBe(0);
    expect(await count('since=2020-01-01T00:00:00Z&until=2020-06-01T00:00:00Z')).toBe(0);
    expect(await count('date_range=all&until=2020-01-01T00:00:00Z')).toBe(1);
    expect((await rest('/incidents?since=2020-01-01T00:00:00Z')).error.code).toBe(2001);
    expect((await rest('/incidents?total=true')).total).toBe(1);
  });
});

describe('an alert of REST', () => {
  it('has every field of the vendor’s, and what the monitor knew twice', async () => {
    const links = [{ href: 'https://metrics.example/1', text: 'Graph' }];
    const other = { links, client: 'Metrics', client_url: 'https://metrics.example' };
    const second = await trigger('cpu', { custom_details: { load: 9 } }, other);
    const answer = await rest(`/incidents/${second}/alerts`);
    const { alerts } = z.strictObject({ alerts: z.tuple([RestAlert]), ...page }).parse(answer);
    expect(alerts[0].body).toMatchObject({
      ...{ details: { load: 9 }, contexts: [{ type: 'link', ...links[0] }] },
      cef_details: { client: 'Metrics', client_url: 'https://metrics.example', details: { load: 9 } },
    });
  });

  // https://developer.pagerduty.com/docs/send-alert-event: only summary, source and severity are required.
  it('has no details when its event brought none', async () => {
    const bare = await trigger('bare');
    const [alert] = z.tuple([RestAlert]).parse((await rest(`/incidents/${bare}/alerts`)).alerts);
    expect(alert.body).not.toHaveProperty('details');
    expect(alert.body.cef_details).not.toHaveProperty('details');
  });

  it('may be one of several, of which the vendor requires nothing but a type', async () => {
    pagerduty.join(id, { id: 'QODD', body: { cef_details: { client: 'Datadog' } } });
    pagerduty.setBare(true);
    const answer = await rest(`/incidents/${id}/alerts`);
    expect(answer).toMatchObject({ alerts: [{ status: 'triggered' }, { id: 'QODD', type: 'alert' }] });
    expect(answer).toMatchObject({ more: null });
    expect(Object.keys(answer)).toEqual(['alerts', 'more']);
    expect((await rest(`/incidents/${id}`)).incident.alert_counts).toMatchObject({ all: 2, triggered: 1 });
  });

  const account = () => ({ api: pagerduty.api, apiKey: 'key', from: 'bot@example.com' });
  it('is read by Vigil without details', async () => {
    const bare = await trigger('bare');
    expect(await listAlerts(account(), bare)).toMatchObject({ ok: true, value: [{ summary: 'Disk full' }] });
  });
  it('is read by Vigil beside one that has no status', async () => {
    pagerduty.join(id, { id: 'QODD', body: { type: 'alert_body', contexts: [], details: null } });
    expect(await listAlerts(account(), id)).toMatchObject({ ok: true });
  });
  it('is read by Vigil from a page that says `more: null`', async () => {
    pagerduty.setBare(true);
    expect(await listAlerts(account(), id)).toMatchObject({ ok: true });
  });
});

it('shows notes with everything the vendor tells of one', async () => {
  const note = { note: { content: 'Looks like the cache' } };
  z.strictObject({ note: Note }).parse(await rest(`/incidents/${id}/notes`, 'POST', note));
  z.strictObject({ notes: z.tuple([Note]) }).parse(await rest(`/incidents/${id}/notes`));
});

describe('a webhook', () => {
  it('comes in the vendor’s envelope, with its headers and the incident that REST does not show', async () => {
    const heard: { request: IncomingMessage; body: string }[] = [];
    const ear = createServer(async (request, response) => {
      heard.push({ request, body: await text(request) });
      response.writeHead(202).end();
      ear.emit('heard');
    });
    ear.listen(0, '127.0.0.1');
    await once(ear, 'listening');
    const { port } = z.object({ port: z.number() }).parse(ear.address());
    const next = async (act: () => unknown) => {
      const told = once(ear, 'heard');
      await act();
      await told;
      return Envelope.parse(JSON.parse(heard.at(-1)?.body ?? '')).event;
    };
    pagerduty.setWebhook(`http://127.0.0.1:${port}/`);
    const opened = await next(() => trigger('cpu', {}, { client: 'Metrics' }));
    WebhookIncident.parse(opened.data);
    expect(opened).toMatchObject({
      agent: { type: 'inbound_integration_reference' },
      client: { name: 'Metrics' },
    });
    expect(heard[0]?.request.headers).toMatchObject({
      ...{ 'user-agent': 'PagerDuty-Webhook/V3.0', 'content-type': 'application/json' },
      ...{ accept: 'application/json', 'x-webhook-id': expect.stringMatching(/^[0-9a-f-]{36}$/) },
      'x-webhook-subscription': expect.stringMatching(/^P[A-Z2-7]{6}$/),
      'x-pagerduty-signature': expect.stringMatching(/^v1=[0-9a-f]{64}$/),
    });
    const resolved = await next(() => put('resolved'));
    expect(WebhookIncident.parse(resolved.data).assignees).toEqual([]);

    const long = { note: { content: 'ü'.repeat(25_000).padEnd(50_000, 'x') } };
    const noted = await next(() => rest(`/incidents/${id}/notes`, 'POST', long));
    expect(noted.data).toMatchObject({ type: 'incident_note', trimmed: true, incident: { id } });
    expect(Buffer.byteLength(heard.at(-1)?.body ?? '')).toBeLessThanOrEqual(56_320);
    expect((await rest(`/incidents/${id}/notes`)).notes[0]).toMatchObject(long.note);

    const [subscription] = (await rest('/webhook_subscriptions')).webhook_subscriptions;
    expect(subscription).toMatchObject({ active: true, delivery_method: { secret: null } });
    const headers = { authorization: 'Token token=key' };
    const at = `${pagerduty.api}/webhook_subscriptions/${subscription.id}/ping`;
    expect(await next(() => fetch(at, { method: 'POST', headers }))).toMatchObject({
      ...{ event_type: 'pagey.ping', resource_type: 'pagey' },
      data: { type: 'ping', message: 'Hello from your friend Pagey!' },
    });
    ear.close();
  });
});
