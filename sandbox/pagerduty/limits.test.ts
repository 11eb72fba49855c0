import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { routingKey } from './events.ts';
import { type PagerDuty, startPagerDuty } from './server.ts';

const service = [{ id: 'PSHOP01', name: 'Shop' }];
const start = (limits?: { perMinute: number; headers: boolean }) =>
  startPagerDuty({ apiKey: 'key', from: ['bot@example.com'], service, ...(limits ? { limits } : {}) });
let pagerduty: PagerDuty;
const list = (key = 'key') =>
  fetch(`${pagerduty.api}/incidents`, { headers: { authorization: `Token token=${key}` } });
const limitsOf = ({ headers }: Response) =>
  ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') }));
afterEach(async () => {
  vi.useRealTimers();
  await pagerduty.close();
});

it('tells on each answer what is left of 960 requests a minute, and by which id it is known', async () => {
  pagerduty = await start();
  expect(limitsOf(await list())).toEqual(['960', '959', '60']);
  vi.setSystemTime(Date.now() + 20_000);
  const second = await list();
  expect(limitsOf(second)).toEqual(['960', '958', '40']);
  expect(second.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(limitsOf(await list('wrong'))).toEqual([null, null, null]);
});

it('answers 429 until the minute is over', async () => {
  pagerduty = await start({ perMinute: 2, headers: true });
  await list();
  await list();
  const refused = await list();
  expect(refused.status).toBe(429);
  expect(limitsOf(refused)).toEqual(['2', '0', '60']);
  expect(refused.headers.has('retry-after')).toBe(false);
  expect(await refused.json()).toEqual({ error: { message: 'Rate Limit Exceeded', code: 2020 } });
  vi.setSystemTime(Date.now() + 60_000);
  expect((await list()).status).toBe(200);
});

it('may answer 429 without a word about when to come back', async () => {
  pagerduty = await start({ perMinute: 1, headers: false });
  expect(limitsOf(await list())).toEqual(['1', '0', '60']);
  const refused = await list();
  expect([refused.status, limitsOf(refused)]).toEqual([429, [null, null, null]]);
});

it('takes 120 events a minute for one integration key', async () => {
  pagerduty = await start();
  const send = () =>
    fetch(`${pagerduty.events}/v2/enqueue`, {
      method: 'POST',
      body: JSON.stringify({
        ...{ routing_key: routingKey('PSHOP01'), event_action: 'resolve', dedup_key: 'disk' },
      }),
    });
  const statuses = await Promise.all(Array.from({ length: 120 }, async () => (await send()).status));
  expect(new Set(statuses)).toEqual(new Set([202]));
  const refused = await send();
  expect([refused.status, await refused.json()]).toEqual([
    429,
    {
      status: 'throttle exceeded',
      message: 'Requests for this service are arriving too quickly.  Please retry later.',
    },
  ]);
});

it('says what it cannot read as an event', async () => {
  pagerduty = await start();
  const answer = await fetch(`${pagerduty.events}/v2/enqueue`, { method: 'POST', body: '{' });
  expect([answer.status, await answer.json()]).toEqual([
    400,
    {
      ...{ status: 'Unrecognized object', message: 'Event object format is unrecognized' },
      errors: ['JSON parse error'],
    },
  ]);
});
