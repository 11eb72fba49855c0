import { afterAll, beforeAll, expect, it } from 'vitest';
import { routingKey } from '../../sandbox/pagerduty/events.ts';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import { fact, incidentOf, OPENED } from '../../test/support/incidents.ts';
import { waitsForFinding } from './wait.ts';

let pagerduty: PagerDuty;
let page = '';
const json = { 'content-type': 'application/json', accept: 'application/json' };

beforeAll(async () => {
  const from = [
    { id: 'PCLERIC', email: 'cleric@acme.example' },
    { id: 'POLGA00', email: 'olga@acme.example' },
  ];
  pagerduty = await startPagerDuty({ apiKey: 'key', from, service: [{ id: 'PSHOP01', name: 'shop' }] });
  const payload = { summary: 'x', source: 'shop', severity: 'critical', custom_details: {} };
  const event = { routing_key: routingKey('PSHOP01'), event_action: 'trigger', dedup_key: 'x', payload };
  await fetch(`${pagerduty.events}/v2/enqueue`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(event),
  });
  page = pagerduty.incidents()[0]?.id ?? '';
});
afterAll(() => pagerduty.close());

const note = (from: string) =>
  fetch(`${pagerduty.api}/incidents/${page}/notes`, {
    method: 'POST',
    headers: { ...json, authorization: 'Token token=key', from },
    body: JSON.stringify({ note: { content: 'Root cause: the cache' } }),
  });
const incident = () =>
  incidentOf([
    fact('incident.opened', { pagerduty: { id: page, number: 1, url: null } }),
    fact('issue.opened'),
  ]);
const waits = (options: { after?: number; authors?: string[]; apiKey?: string } = {}) =>
  waitsForFinding(
    {
      now: () => new Date(OPENED.getTime() + (options.after ?? 10) * 1000),
      config: {
        rcaWaitMs: 300_000,
        pagerduty: { api: pagerduty.api, apiKey: options.apiKey ?? 'key', from: '', secrets: [] },
      },
      cachedSource: async () => ({ settings: { rca: { authors: options.authors ?? ['PCLERIC'] } } }),
    },
    incident(),
  );

it('waits for a note of an author on the list, and not for one that somebody else wrote', async () => {
  expect(await waits()).toBe(true);
  await note('olga@acme.example');
  expect(await waits()).toBe(true);
  await note('cleric@acme.example');
  expect(await waits()).toBe(false);
});

it('finds the note beside one that cannot be read', async () => {
  pagerduty.setOdd('notes', { id: 7, content: null });
  expect(await waits()).toBe(false);
  pagerduty.setOdd('notes', null);
  expect(await waits()).toBe(false);
});

it('does not wait where nobody is expected, nor longer than was set', async () => {
  expect(await waits({ authors: [] })).toBe(false);
  expect(await waits({ authors: ['PELSE01'], after: 299 })).toBe(true);
  expect(await waits({ authors: ['PELSE01'], after: 300 })).toBe(false);
});

it('waits on when PagerDuty does not answer: the deadline ends it', async () => {
  expect(await waits({ apiKey: 'wrong' })).toBe(true);
  expect(await waits({ apiKey: 'wrong', after: 301 })).toBe(false);
});
