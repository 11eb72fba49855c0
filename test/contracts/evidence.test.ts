// What Vigil relies on in Datadog and PagerDuty, asked of the sandbox's stand-ins and, with keys, of the real services in the
// same words: DD_API_KEY, DD_APP_KEY (and DD_SITE); PAGERDUTY_API_KEY. Everything here only reads. Without keys the real half
// is skipped, and says so.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Datadog, querySeries, readMonitor, searchLogs } from '#adapters/datadog';
import { incidentStatus, listOpenIncidents, type PagerDuty } from '#adapters/pagerduty';
import { startDatadog } from '../../sandbox/datadog/server.ts';
import { startPagerDuty } from '../../sandbox/pagerduty/server.ts';

const { DD_API_KEY, DD_APP_KEY, DD_SITE = 'datadoghq.com', PAGERDUTY_API_KEY } = process.env;
type Opened<T> = { account: T; close(): Promise<void> };
type Target<T> = [name: string, open: () => Promise<Opened<T>>, skip: boolean];
const nothing = async () => undefined;

const datadogs: Target<Datadog>[] = [
  [
    'the sandbox',
    async () => {
      const keys = { apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40) };
      const { api, close } = await startDatadog({ ...keys, journal: () => [], alerting: () => false });
      return { account: { api, ...keys }, close };
    },
    false,
  ],
  [
    DD_API_KEY && DD_APP_KEY
      ? 'the real service'
      : 'the real service (skipped: set DD_API_KEY and DD_APP_KEY)',
    async () => ({
      account: { api: `https://api.${DD_SITE}`, apiKey: DD_API_KEY ?? '', appKey: DD_APP_KEY ?? '' },
      close: nothing,
    }),
    !(DD_API_KEY && DD_APP_KEY),
  ],
];

describe.each(datadogs)('Datadog: %s', (_, open, skip) => {
  let opened: Opened<Datadog>;
  const window = { from: new Date(Date.now() - 600_000), to: new Date() };
  beforeAll(async () => {
    if (!skip) opened = await open();
  });
  afterAll(() => opened?.close());

  test.skipIf(skip)('a monitor that is not there is told as one', async () => {
    const read = await readMonitor(opened.account, '1');
    expect(read).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/answered 404 \(Monitor not found\)/),
    });
  });

  test.skipIf(skip)('a metric nobody sends has no series, which is no error', async () => {
    const read = await querySeries(opened.account, 'avg:vigil.contract.nobody_sends_this{*}', window);
    expect(read).toEqual({ ok: true, value: [] });
  });

  test.skipIf(skip)('a service nobody has gives no lines, and the last page has no meta', async () => {
    const read = await searchLogs(opened.account, 'vigil-contract-nobody', window, 5);
    expect(read).toEqual({ ok: true, value: [] });
  });

  test.skipIf(skip)('wrong keys are refused without being repeated', async () => {
    const read = await readMonitor({ ...opened.account, apiKey: 'f'.repeat(32) }, '1');
    expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(/answered (401|403)/) });
    expect(JSON.stringify(read)).not.toContain('f'.repeat(32));
  });
});

const pagerduties: Target<PagerDuty>[] = [
  [
    'the sandbox',
    async () => {
      const service = [{ id: 'PCONTRA', name: 'contract' }];
      const { api, close } = await startPagerDuty({ apiKey: 'contract', from: ['a@b.example'], service });
      return { account: { api, apiKey: 'contract', from: 'a@b.example' }, close };
    },
    false,
  ],
  [
    PAGERDUTY_API_KEY ? 'the real service' : 'the real service (skipped: set PAGERDUTY_API_KEY)',
    async () => ({
      account: { api: 'https://api.pagerduty.com', apiKey: PAGERDUTY_API_KEY ?? '', from: '' },
      close: nothing,
    }),
    !PAGERDUTY_API_KEY,
  ],
];

describe.each(pagerduties)('PagerDuty: %s', (_, open, skip) => {
  let opened: Opened<PagerDuty>;
  beforeAll(async () => {
    if (!skip) opened = await open();
  });
  afterAll(() => opened?.close());

  test.skipIf(skip)('an incident that is not there is a failure for good', async () => {
    expect(await incidentStatus(opened.account, 'PNOBODY0')).toMatchObject({ ok: false, permanent: true });
  });

  test.skipIf(skip)('open incidents of a service that has none are none', async () => {
    expect(await listOpenIncidents(opened.account, ['PNOBODY'])).toEqual({ ok: true, value: [] });
  });

  test.skipIf(skip)('a wrong key is a failure for good, and is not repeated', async () => {
    const read = await incidentStatus({ ...opened.account, apiKey: 'wrong-key-of-contract' }, 'PNOBODY0');
    expect(read).toMatchObject({ ok: false, permanent: true });
    expect(JSON.stringify(read)).not.toContain('wrong-key-of-contract');
  });
});
