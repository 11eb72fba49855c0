import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Datadog as Account, querySeries, readMonitor, searchLogs } from '#adapters/datadog';
import type { LoggedLine } from '../shop/journal.ts';
import { type Datadog, startDatadog } from './server.ts';

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
