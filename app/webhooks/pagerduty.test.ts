import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { latestOf } from '#core/ledger/replay';
import { type Door, door, hearing, memoryLedger, secrets, sign } from '../../test/support/hearing.ts';
import { fact, incidentOf, KEY, untilVerifying } from '../../test/support/incidents.ts';
import { triggered } from '../../test/support/outside.ts';
import { handlePagerDuty } from './pagerduty.ts';

let ledger: Ledger;
let woken: string[];
let site: Door | undefined;
const [old = '', fresh = ''] = secrets;

beforeEach(() => open(memoryLedger()));
afterEach(() => site?.close());

async function open(with_: Ledger): Promise<void> {
  await site?.close();
  ledger = with_;
  woken = [];
  const world = hearing(ledger);
  site = await door((request, response) =>
    handlePagerDuty(world, { wake: (key) => woken.push(key) }, request, response),
  );
}

function post(body: string, signature: string | null = sign(body, fresh)): Promise<Response> {
  return fetch(site?.url ?? '', {
    method: 'POST',
    body,
    ...(signature === null ? {} : { headers: { 'x-pagerduty-signature': signature } }),
  });
}

const rings = (title = 'Checkout error rate is high') => triggered('Q1SHOP1', 'PSHOP01', title);
const event = (type: string, id = 'E9') =>
  rings().replace('"incident.triggered"', `"${type}"`).replace('"01Q1SHOP1"', `"${id}"`);

it('claims an incident in the ledger, answers 202 and wakes the desk', async () => {
  const answer = await post(rings());

  expect([answer.status, await answer.json()]).toEqual([202, { incident: KEY }]);
  expect(ledger.get(KEY)?.opened).toEqual({
    key: KEY,
    source: 'pagerduty',
    pagerduty: { id: 'Q1SHOP1', number: 7, url: 'https://acme.pagerduty.com/incidents/Q1SHOP1' },
    service: { id: 'PSHOP01', name: 'shop' },
    title: 'Checkout error rate is high',
    urgency: 'high',
    priority: null,
    event: '01Q1SHOP1',
  });
  expect(woken).toEqual([KEY]);
});

it('takes either secret while they are rotated, several signatures, and a space after the comma', async () => {
  const body = rings();
  for (const header of [
    sign(body, old),
    `${sign(body, 'nobody’s')},${sign(body, old)}`,
    `${sign(body, 'nobody’s')}, ${sign(body, fresh)}`,
  ]) {
    expect((await post(body, header)).status).toBe(202);
  }
});

it('refuses what is not signed, wrongly signed, empty or too large', async () => {
  expect((await post(rings(), null)).status).toBe(400);
  expect((await post(rings(), 'v1=zz')).status).toBe(400);
  expect((await post(rings(), sign(rings(), 'a guess'))).status).toBe(403);
  expect((await post(rings(), sign(`${rings()} `, fresh))).status).toBe(403);
  expect((await post('')).status).toBe(400);
  expect((await post('x'.repeat(262_145))).status).toBe(413);
  expect([...ledger.open()]).toEqual([]);
});

it('answers 202 to everything that is signed, since PagerDuty never delivers a 4xx again', async () => {
  const service = JSON.stringify({
    event: { id: 'E1', event_type: 'service.updated', agent: null, data: { type: 'service', id: 'PSHOP01' } },
  });
  const ping = JSON.stringify({
    event: { id: 'E2', event_type: 'pagey.ping', agent: null, data: { type: 'ping', message: 'hello' } },
  });
  for (const body of [service, ping, '{"event":', '[]', 'null', event('incident.acknowledged')]) {
    expect((await post(body)).status).toBe(202);
  }
  expect([...ledger.open()]).toEqual([]);
});

it('hears the same incident twice and writes it once', async () => {
  await post(rings());
  await post(rings('a title that changed'));

  expect(ledger.get(KEY)?.records.map(({ type }) => type)).toEqual(['incident.opened']);
});

it('cleans the title before anybody can read it', async () => {
  await post(rings('\u001b[31mCheckout\u202e fails for olga@example.com\u0000'));

  const title = ledger.get(KEY)?.opened.title ?? '';
  expect(title).toMatch(/^Checkout fails for \[EMAIL_[A-Za-z0-9]+\]$/);
});

it('says 503 when the ledger does not take the claim, so that PagerDuty delivers again', async () => {
  await open({ ...memoryLedger(), append: () => Promise.reject(new Error('the remote is away')) });

  expect((await post(rings())).status).toBe(503);
});

it('notes that the alert was resolved elsewhere, once an event', async () => {
  await post(rings());
  await post(event('incident.resolved'));
  await post(event('incident.resolved'));

  expect(ledger.get(KEY)?.records.map(({ type }) => type)).toEqual(['incident.opened', 'alert.resolved']);
});

it('does not take its own resolve for news, and starts anew when the incident comes back', async () => {
  await open(memoryLedger([incidentOf([...untilVerifying, fact('recovery.confirmed')])]));

  await post(event('incident.resolved'));
  expect(ledger.get(KEY)?.stage).toBe('RESOLVED');
  await post(event('incident.reopened'));
  const again = ledger.get(KEY);
  expect([again?.stage, again?.attempt, again && latestOf(again, 'remediation.proposed')]).toEqual([
    'INVESTIGATING',
    2,
    null,
  ]);
});
