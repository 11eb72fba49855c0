import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Datadog as Account, querySeries, readMonitor, searchLogs } from '#adapters/datadog';
import type { LoggedLine } from '../shop/journal.ts';
import { type Datadog, startDatadog } from './server.ts';
import type { Line } from './shapes.ts';

const now = Date.now();
const at = (secondsAgo: number): string => new Date(now - secondsAgo * 1000).toISOString();
const journal: LoggedLine[] = [
  { at: at(50), status: 'info', message: 'order VS-00001 taken' },
  { at: at(15), status: 'error', message: 'checkout answered 500: not a number' },
  { at: at(14), status: 'error', message: 'checkout answered 500: not a number' },
];
const window = { from: new Date(now - 60_000), to: new Date(now + 60_000) };
let datadog: Datadog;
let account: Account;

beforeAll(async () => {
  datadog = await startDatadog({
    apiKey: 'a'.repeat(32),
    appKey: 'b'.repeat(40),
    journal: () => journal,
    alerting: () => true,
  });
  account = { api: datadog.api, apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40) };
});
afterEach(() => void vi.useRealTimers());
afterAll(() => datadog.close());

it('tells the monitor behind an alert, and that others do not exist', async () => {
  expect(await readMonitor(account, String(datadog.monitor.id))).toMatchObject({
    ok: true,
    value: {
      overall_state: 'Alert',
      query: 'sum(last_1m):sum:shop.checkout.errors{service:shop}.as_count() > 2',
    },
  });
  expect(await readMonitor(account, '1')).toEqual({
    ok: false,
    reason: `${new URL(datadog.api).host} answered 404 (Monitor not found)`,
  });
});

it('counts errors in points of milliseconds; where nothing happened there is no value', async () => {
  const read = await querySeries(account, 'sum:shop.checkout.errors{service:shop}.as_count()', window);
  const points = read.ok ? (read.value[0]?.points ?? []) : [];
  expect(points.reduce((sum, { value }) => sum + (value ?? 0), 0)).toBe(2);
  expect(points.some(({ value }) => value === null)).toBe(true);
  expect(points.every(({ at: when }) => when > 1e12)).toBe(true);
});

it('finds error lines, newest first', async () => {
  const read = await searchLogs(account, 'shop', window, 1);
  expect(read).toEqual({
    ok: true,
    value: [{ at: at(14), status: 'error', message: 'checkout answered 500: not a number' }],
  });
});

it('refuses wrong keys without saying them', async () => {
  const refused = await readMonitor({ ...account, appKey: 'wrong' }, '1');
  expect(refused).toEqual({ ok: false, reason: `${new URL(datadog.api).host} answered 403 (Forbidden)` });
});

it('says with status 200 that a query makes no sense', async () => {
  const read = await querySeries(account, 'no query at all', window);
  expect(read).toEqual({
    ok: false,
    reason: 'the query failed: Datadog could not run it',
  });
});

const keys = { 'dd-api-key': 'a'.repeat(32), 'dd-application-key': 'b'.repeat(40) };
const search = async (page: object) => {
  const filter = { query: 'service:shop', from: window.from.toISOString(), to: window.to.toISOString() };
  const body = JSON.stringify({ filter, page });
  const answer = await fetch(`${datadog.api}/api/v2/logs/events/search`, {
    method: 'POST',
    headers: keys,
    body,
  });
  return JSON.parse(await answer.text());
};

it('gives logs page by page, and after the last an empty page without meta', async () => {
  const first = await search({ limit: 2 });
  expect(first.data.map(({ id }: { id: string }) => id)).toEqual(['AQ0', 'AQ1']);
  const { after } = first.meta.page;
  expect(first.links.next).toContain(after);
  const second = await search({ limit: 2, cursor: after });
  expect(second).toMatchObject({ data: [{ id: 'AQ2' }], meta: { status: 'done' } });
  expect(second.meta).not.toHaveProperty('page');
  expect(await search({ limit: 2, cursor: 'after:9' })).toEqual({ data: [] });
});

it('checks only the API key where only that is asked for', async () => {
  const check = async (key: string) =>
    (await fetch(`${datadog.api}/api/v1/validate`, { headers: { 'dd-api-key': key } })).status;
  expect([await check('a'.repeat(32)), await check('wrong')]).toEqual([200, 403]);
});

describe('a limit', () => {
  const limitsOf = ({ headers }: Response) =>
    ['limit', 'period', 'remaining', 'reset', 'name'].map((name) => headers.get(`x-ratelimit-${name}`));
  const start = (limits: Parameters<typeof startDatadog>[0]['limits']) =>
    startDatadog({
      ...{ apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40), journal: () => journal, alerting: () => true },
      ...(limits ? { limits } : {}),
    });

  it('is told with each answer, and says when to come back only in its own header', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    const own = await start({ query: [2, 30] });
    const at = new URLSearchParams({ from: '1', to: '2', query: 'sum:a{*}' });
    const read = () => fetch(`${own.api}/api/v1/query?${at}`, { headers: keys });
    expect(limitsOf(await read())).toEqual(['2', '30', '1', '30', 'metrics_query']);
    vi.setSystemTime(now + 12_000);
    expect(limitsOf(await read())).toEqual(['2', '30', '0', '18', 'metrics_query']);
    const refused = await read();
    expect([refused.status, limitsOf(refused)[3], refused.headers.get('retry-after')]).toEqual([
      429,
      '18',
      null,
    ]);
    expect(await refused.json()).toMatchObject({
      ...{ status: 'error', code: 429 },
      errors: ['Rate limit of 2 requests in 30 seconds reached. Please try again later.'],
    });
    const other = await fetch(`${own.api}/api/v1/monitor/1`, { headers: keys });
    expect(limitsOf(other).slice(3)).toEqual(['60', 'get_monitor']);
    vi.setSystemTime(now + 30_000);
    expect((await read()).status).toBe(200);
    await own.close();
  });

  it('is waited for by Vigil', async () => {
    const own = await start({ monitor: [1, 3] });
    try {
      const asked = { ...account, api: own.api };
      await readMonitor(asked, String(own.monitor.id));
      expect(await readMonitor(asked, String(own.monitor.id))).toMatchObject({ ok: true });
    } finally {
      await own.close();
    }
  });
});

describe('an account of another kind', () => {
  const lines: Line[] = [
    { at: at(50), status: 'emergency', message: 'panic: nil map' },
    { at: at(40), status: 'info', message: 'ERROR: connection refused' },
    { at: at(30), status: 'info', message: 'terrors none' },
    { at: at(20), status: 'error', attributes: { msg: 'pool exhausted', level: 'fatal' } },
  ];
  let own: Datadog;
  beforeAll(async () => {
    const journal = () => lines;
    own = await startDatadog({
      apiKey: 'a'.repeat(32),
      appKey: 'b'.repeat(40),
      journal,
      alerting: () => true,
    });
  });
  afterAll(() => own.close());
  const ids = async (query: string, tier?: string): Promise<string[]> => {
    const storage = tier === undefined ? {} : { storage_tier: tier };
    const filter = { query, from: window.from.toISOString(), to: window.to.toISOString(), ...storage };
    const answer = await fetch(`${own.api}/api/v2/logs/events/search`, {
      ...{ method: 'POST', headers: keys, body: JSON.stringify({ filter }) },
    });
    const { data } = JSON.parse(await answer.text());
    return data.map(
      ({ attributes: { status, message } }: LoggedLine & { attributes: Line }) => message ?? status,
    );
  };

  it('finds lines by status and by words, in messages or everywhere', async () => {
    expect(await ids('service:shop status:(error OR warn)')).toEqual(['error']);
    expect(await ids('service:shop status:emergency')).toEqual(['panic: nil map']);
    expect(await ids('service:shop (error OR nothing)')).toEqual(['ERROR: connection refused']);
    expect(await ids('service:shop *error*')).toEqual(['ERROR: connection refused', 'terrors none']);
    expect(await ids('service:shop fatal')).toEqual([]);
    expect(await ids('service:shop *:fatal')).toEqual(['error']);
    expect(await ids('service:shop')).toHaveLength(4);
    expect(await ids('service:other')).toEqual([]);
  });

  it('keeps its logs in one tier, and says nothing of the others', async () => {
    own.behave({ tier: 'flex' });
    expect(
      [await ids('service:shop'), await ids('service:shop', 'flex')].map(({ length }) => length),
    ).toEqual([0, 4]);
    own.behave({ tier: 'indexes' });
  });

  it('tells the red groups of a monitor only when it is asked', async () => {
    own.behave({ groups: { all: ['b', 'shop', 'a'], red: ['b'] } });
    const read = async (query: string) =>
      JSON.parse(
        await (await fetch(`${own.api}/api/v1/monitor/${own.monitor.id}${query}`, { headers: keys })).text(),
      );
    expect(await read('')).not.toHaveProperty('state');
    expect((await read('?group_states=alert')).state.groups).toEqual({
      'service:b': { name: 'service:b', status: 'Alert' },
    });
    const { query, tags } = await read('');
    expect([query, tags]).toEqual([
      'sum(last_1m):sum:shop.checkout.errors{env:production} by {service}.as_count() > 2',
      ['team:core', 'service:platform'],
    ]);
    own.behave({ groups: null });
  });
});

describe('what the vendor says may be absent', () => {
  beforeAll(() => datadog.setBare(true));
  afterAll(() => datadog.setBare(false));

  it('is absent', async () => {
    const at = `${datadog.api}/api/v1/monitor/${datadog.monitor.id}`;
    expect(Object.keys(JSON.parse(await (await fetch(at, { headers: keys })).text()))).toEqual([
      'type',
      'query',
    ]);
    expect((await search({ limit: 1 })).data[0].attributes).not.toHaveProperty('timestamp');
  });

  it('does not keep Vigil from reading a monitor', async () => {
    expect(await readMonitor(account, String(datadog.monitor.id))).toMatchObject({ ok: true });
  });
  it('does not keep Vigil from reading logs', async () => {
    expect(await searchLogs(account, 'shop', window, 5)).toMatchObject({ ok: true });
  });
});
