// Over 250 lines: each rule of the vendor has its case against one server.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Listening, listen } from '../listen.ts';
import { routingKey } from './events.ts';
import { type PagerDuty, startPagerDuty } from './server.ts';

type Hook = {
  headers: Headers;
  body: string;
  type: string;
  data: Record<string, unknown>;
  agent: { type: string; summary: string };
};

let pagerduty: PagerDuty;
let ear: Listening;
let heard: Hook[];
let answers: number[];

beforeEach(async () => {
  heard = [];
  answers = [];
  const app = new Hono();
  app.post('/hook', async (c) => {
    const body = await c.req.text();
    const { event } = JSON.parse(body);
    heard.push({
      headers: c.req.raw.headers,
      body,
      type: event.event_type,
      data: event.data,
      agent: event.agent,
    });
    return c.body(null, (answers.shift() ?? 202) as 202);
  });
  ear = await listen(app);
  pagerduty = await startPagerDuty({
    apiKey: 'test-key',
    from: ['bot@example.com', 'ann@example.com'],
    service: [{ id: 'PSHOP01', name: 'Shop' }],
    secret: 'first secret',
  });
});
afterEach(async () => {
  await Promise.all([pagerduty.close(), ear.close()]);
});

const rest = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { from: 'bot@example.com' },
) => {
  const answer = await fetch(pagerduty.api + path, {
    method,
    headers: {
      authorization: 'Token token=test-key',
      accept: 'application/vnd.pagerduty+json;version=2',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
};
const enqueue = async (event: object) => {
  const answer = await fetch(`${pagerduty.events}/v2/enqueue`, {
    method: 'POST',
    body: JSON.stringify({ routing_key: routingKey('PSHOP01'), event_action: 'trigger', ...event }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const payload = {
  summary: 'Checkout fails',
  source: 'monitor',
  severity: 'critical',
  custom_details: { endpoint: '/api/checkout' },
};
const alarm = async (dedup_key = 'checkout') => {
  await enqueue({ dedup_key, payload });
  const incident = pagerduty.incidents().at(-1);
  if (!incident) throw new Error('no incident was opened');
  return incident.id;
};
const hears = (count: number) =>
  vi.waitFor(() => expect(heard.map(({ type }) => type)).toHaveLength(count), {
    timeout: 3_000,
    interval: 10,
  });

describe('a monitor sends an event', () => {
  it('opens one incident per key, and closes it on resolve', async () => {
    expect(await enqueue({ dedup_key: 'checkout', payload })).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'checkout' },
    });
    await enqueue({ dedup_key: 'checkout', payload });
    const [incident, second] = pagerduty.incidents();
    expect(incident).toMatchObject({
      id: expect.stringMatching(/^Q[A-Z2-7]{13}$/),
      status: 'triggered',
      title: 'Checkout fails',
    });
    expect(second).toBeUndefined();

    await enqueue({ event_action: 'resolve', dedup_key: 'checkout' });
    expect(pagerduty.incidents()).toMatchObject([{ status: 'resolved' }]);
    await enqueue({ dedup_key: 'checkout', payload });
    expect(pagerduty.incidents()).toMatchObject([{ status: 'resolved' }, { status: 'triggered' }]);
  });

  it('swallows a resolve for a key nobody knows', async () => {
    expect((await enqueue({ event_action: 'resolve', dedup_key: 'never seen' })).status).toBe(202);
    expect(pagerduty.incidents()).toEqual([]);
  });

  it.each([
    [
      'a summary of 1025 characters',
      { payload: { ...payload, summary: 'x'.repeat(1025) } },
      'maiximum is 1024',
    ],
    ['a key of 256 characters', { payload, dedup_key: 'x'.repeat(256) }, 'maximum is 255'],
    ['a severity that does not exist', { payload: { ...payload, severity: 'bad' } }, 'payload.severity'],
    ['no source', { payload: { ...payload, source: '' } }, "'source' is missing"],
    ['a short routing key', { payload, routing_key: 'PSHOP01' }, 'must be 32 characters'],
    ['the routing key of no service', { payload, routing_key: 'x'.repeat(32) }, 'Invalid routing key'],
    ['a resolve without key', { event_action: 'resolve' }, 'dedup_key'],
  ])('refuses %s', async (_, event, why) => {
    const { status, body } = await enqueue(event);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'invalid event', errors: [expect.stringContaining(why)] });
  });
});

describe('the REST API', () => {
  it('wants the key, and a known sender on writes', async () => {
    const id = await alarm();
    const note = { note: { content: 'hello' } };
    expect((await rest('GET', '/incidents', undefined, { authorization: 'Token token=wrong' })).status).toBe(
      401,
    );
    expect(await rest('POST', `/incidents/${id}/notes`, note, {})).toMatchObject({
      status: 400,
      body: { error: { code: 2016 } },
    });
    expect(await rest('POST', `/incidents/${id}/notes`, note, { from: 'who@example.com' })).toMatchObject({
      status: 400,
      body: { error: { code: 1008, message: 'Requester User Not Found' } },
    });
    expect((await rest('POST', `/incidents/${id}/notes`, { note: { content: ' ' } })).status).toBe(400);
    expect(await rest('POST', `/incidents/${id}/notes`, note)).toMatchObject({
      status: 200,
      body: { note: { content: 'hello' } },
    });
    expect((await rest('GET', `/incidents/${id}/notes`)).body.notes).toMatchObject([
      { content: 'hello', user: { summary: 'bot@example.com' } },
    ]);
  });

  it('finds users by a part of their address, and shows nobody else', async () => {
    const emails = async (query: string) => {
      const { body } = await rest('GET', `/users?query=${query}`);
      return body.users.map(({ email }: { email: string }) => email);
    };
    expect(await emails('BOT@example.com')).toEqual(['bot@example.com']);
    expect(await emails('example')).toEqual(['bot@example.com', 'ann@example.com']);
    expect(await emails('stranger@example.com')).toEqual([]);
  });

  it('does not know an incident that only a webhook spoke of', async () => {
    for (const path of ['', '/alerts', '/notes'])
      expect(await rest('GET', `/incidents/QUNKNOWN000000${path}`)).toEqual({
        status: 404,
        body: { error: { message: 'Not Found', code: 2100 } },
      });
  });

  it('resolves once, and opens again when acknowledged afterwards', async () => {
    const id = await alarm();
    const put = (status: string) =>
      rest('PUT', `/incidents/${id}`, { incident: { type: 'incident_reference', status } });
    expect((await put('acknowledged')).body.incident.status).toBe('acknowledged');
    expect((await put('acknowledged')).body.error.code).toBe(1002);
    const all = {
      incidents: [{ id, type: 'incident_reference', status: 'resolved', resolution: 'purged the cache' }],
    };
    expect((await rest('PUT', '/incidents', all)).body.incidents).toMatchObject([{ id, status: 'resolved' }]);
    expect(await rest('PUT', '/incidents', all)).toMatchObject({
      status: 400,
      body: { error: { code: 1001 } },
    });
    expect((await put('acknowledged')).body.incident.status).toBe('acknowledged');
    expect((await put('nonsense')).status).toBe(400);
    const many = { incidents: Array.from({ length: 251 }, () => ({ id, status: 'resolved' })) };
    expect((await rest('PUT', '/incidents', many)).status).toBe(413);
  });

  it('lists in pages and by status, and shows what the monitor knew', async () => {
    for (const key of ['a', 'b', 'c']) await alarm(key);
    const last = pagerduty.incidents().at(-1)?.id;
    await rest('PUT', `/incidents/${last}`, { incident: { status: 'resolved' } });
    const open = 'statuses[]=triggered&statuses[]=acknowledged';
    expect((await rest('GET', `/incidents?${open}&limit=1`)).body).toMatchObject({
      incidents: [{ incident_number: 1 }],
      limit: 1,
      offset: 0,
      more: true,
    });
    expect((await rest('GET', `/incidents?${open}&limit=1&offset=1`)).body).toMatchObject({
      incidents: [{ incident_number: 2 }],
      more: false,
    });
    expect((await rest('GET', '/incidents')).body.incidents).toHaveLength(3);
    expect((await rest('GET', '/incidents?limit=101')).status).toBe(400);
    expect((await rest('GET', '/incidents?offset=9999&limit=2')).body.error.code).toBe(2002);
    expect((await rest('GET', `/incidents/${last}/alerts`)).body).toMatchObject({
      alerts: [
        {
          alert_key: 'c',
          status: 'resolved',
          severity: 'critical',
          body: { details: { endpoint: '/api/checkout' } },
        },
      ],
      more: false,
    });
    expect((await rest('GET', `/incidents/${last}/alerts?statuses[]=triggered`)).body.alerts).toEqual([]);
  });
});

describe('webhooks', () => {
  it('tell of opening, note and resolve, signed with each secret, without the alert details', async () => {
    pagerduty.setWebhook(`${ear.url}/hook`, ['first secret', 'second secret']);
    const id = await alarm();
    await rest(
      'POST',
      `/incidents/${id}/notes`,
      { note: { content: 'Looks like the cache' } },
      { from: 'ann@example.com' },
    );
    await rest('PUT', `/incidents/${id}`, { incident: { status: 'resolved' } });
    await hears(3);

    const [opened, noted, resolved] = heard;
    expect(opened).toMatchObject({
      type: 'incident.triggered',
      agent: { type: 'inbound_integration_reference' },
      data: { id, type: 'incident', service: { id: 'PSHOP01' } },
    });
    expect(opened?.body).not.toContain('/api/checkout');
    expect(noted).toMatchObject({
      type: 'incident.annotated',
      agent: { summary: 'ann@example.com' },
      data: { type: 'incident_note', content: 'Looks like the cache', incident: { id } },
    });
    expect(resolved).toMatchObject({
      type: 'incident.resolved',
      agent: { summary: 'bot@example.com' },
      data: { status: 'resolved' },
    });
    for (const { headers, body } of heard) {
      const sign = (secret: string) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
      expect(headers.get('x-pagerduty-signature')).toBe(`${sign('first secret')},${sign('second secret')}`);
      expect(headers.get('x-webhook-subscription')).toMatch(/^P[A-Z2-7]{6}$/);
    }
    expect(new Set(heard.map(({ headers }) => headers.get('x-webhook-id'))).size).toBe(3);
  });

  it('try again under the same id after 503 and 429, and keep the order of one incident', async () => {
    answers = [503, 429];
    pagerduty.setWebhook(`${ear.url}/hook`);
    const id = await alarm();
    await rest('PUT', `/incidents/${id}`, { incident: { status: 'resolved' } });
    await hears(4);
    expect(heard.map(({ type }) => type)).toEqual([
      'incident.triggered',
      'incident.triggered',
      'incident.triggered',
      'incident.resolved',
    ]);
    expect(new Set(heard.slice(0, 3).map(({ headers }) => headers.get('x-webhook-id'))).size).toBe(1);
  });

  it('wait for a listener that was away', async () => {
    const { port } = new URL(ear.url);
    await ear.close();
    pagerduty.setWebhook(`${ear.url}/hook`);
    const id = await alarm();
    const back = createServer((request, response) =>
      request.resume().on('end', () => response.end(request.headers['x-webhook-id'])),
    );
    const heard = once(back, 'request');
    back.listen(Number(port), '127.0.0.1');
    const [request] = await heard;
    expect(request.headers['x-pagerduty-signature']).toMatch(/^v1=[0-9a-f]{64}$/);
    expect(id).toMatch(/^Q/);
    back.close();
  });

  it('are dropped on 4xx, and three drops in a row switch the subscription off', async () => {
    answers = [404, 400, 403];
    pagerduty.setWebhook(`${ear.url}/hook`);
    const states = async () => (await rest('GET', '/webhook_subscriptions')).body.webhook_subscriptions;
    for (const key of ['a', 'b', 'c']) await alarm(key);
    await hears(3);
    await vi.waitFor(async () =>
      expect(await states()).toMatchObject([{ delivery_method: { temporarily_disabled: true } }]),
    );
    await alarm('lost');
    pagerduty.setWebhook(`${ear.url}/hook`);
    await alarm('heard');
    await hears(4);
    expect(heard.at(-1)?.data['number']).toBe(5);
  });
});

it('shows incidents and notes on a page that says what it is, as text', async () => {
  const id = await alarm();
  await rest('POST', `/incidents/${id}/notes`, { note: { content: '<script>alert(1)</script>' } });
  const page = await (await fetch(pagerduty.web)).text();
  expect(page).toContain('stand-in for PagerDuty');
  expect(page).toContain('Checkout fails');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script>');
});
