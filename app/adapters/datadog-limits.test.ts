// What Datadog's limits do to the three reads, and what is made of its failures.
import { Hono } from 'hono';
import { afterEach, expect, test, vi } from 'vitest';
import { Address, addresses } from '#core/addresses';
import { type Listening, listen } from '../../sandbox/listen.ts';
import { type Datadog, querySeries, readMonitor, searchLogs } from './datadog.ts';

let door: Listening | null = null;
afterEach(async () => {
  vi.restoreAllMocks();
  await door?.close();
});

const monitor = { id: 1, name: 'x', type: 'query alert', query: 'q', overall_state: 'Alert' };
const reads: [string, object, (account: Datadog) => Promise<{ ok: boolean }>][] = [
  ['the monitor', monitor, (account) => readMonitor(account, '1')],
  [
    'the series',
    { status: 'ok', series: [] },
    (account) => querySeries(account, 'q', { from: new Date(0), to: new Date(1) }),
  ],
  [
    'the log search, a POST that only reads',
    { data: [{ attributes: { status: 'error', message: 'full' } }] },
    (account) => searchLogs(account, 'shop', { from: new Date(0), to: new Date(1) }, 5),
  ],
];

/** A Datadog that refuses the first calls; gives how often it was asked, and how long after each refusal. */
async function refusing(
  times: number,
  answer: { status: number; headers: object; body: string },
  then: object,
) {
  const at: number[] = [];
  door = await listen(
    new Hono().all('*', (c) => {
      at.push(performance.now());
      if (at.length > times) return c.json(then);
      return new Response(answer.body, { status: answer.status, headers: { ...answer.headers } });
    }),
  );
  const waits = () => at.slice(1).map((time, index) => time - (at[index] ?? 0));
  return { account: { api: door.url, apiKey: 'k', appKey: 'k' }, waits };
}
const limit = (headers: object) => ({ status: 429, headers, body: '{"errors":["EVIL <b>limit</b>"]}' });

test.each(reads)('%s that a limit refuses is asked again after x-ratelimit-reset', async (_, then, read) => {
  const { account, waits } = await refusing(2, limit({ 'x-ratelimit-reset': '1' }), then);
  expect(await read(account)).toMatchObject({ ok: true });
  expect(waits()).toHaveLength(2);
  for (const wait of waits()) expect(wait).toBeGreaterThan(950);
});

test.each(reads)('%s that fails in passing is asked again', async (_, then, read) => {
  const { account } = await refusing(2, { status: 503, headers: {}, body: '<h1>EVIL</h1>' }, then);
  expect(await read(account)).toMatchObject({ ok: true });
});

test.each(reads)('%s that is refused tells so without a word of the answer', async (what, then, read) => {
  for (const status of [400, 401, 403, 404, 422]) {
    const body = '{"errors":["EVIL <b>no</b>",{"detail":"EVIL"}]}';
    const { account, waits } = await refusing(99, { status, headers: {}, body }, then);
    const told = JSON.stringify(await read(account));
    expect(told).toContain(`answered ${status}`);
    expect(told).not.toMatch(/EVIL|</);
    // A query that is refused as a query is asked once more in a simpler form; nothing else is asked twice.
    expect(waits()).toHaveLength(status === 400 && what.startsWith('the log search') ? 1 : 0);
    await door?.close();
  }
});

test('a query that Datadog could not run says so without its words', async () => {
  const { account } = await refusing(0, limit({}), { status: 'error', error: 'EVIL <b>parse</b>' });
  const read = await querySeries(account, 'q', { from: new Date(0), to: new Date(1) });
  expect(read).toEqual({ ok: false, reason: 'the query failed: Datadog could not run it' });
});

test.each([
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
])('%s is a site of Datadog', (site) => {
  expect(addresses.datadog.parse({ site })).toEqual({ site });
  expect(Address.safeParse(`https://api.${site}`).success).toBe(true);
});

test('another name is none', () => {
  for (const site of ['us9.ddog-gov.com', 'ddog-gov.com.evil.example', 'evil.example'])
    expect(addresses.datadog.safeParse({ site }).success).toBe(false);
});
