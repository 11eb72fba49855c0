// Monitoring as a check, against a Datadog account on this machine: what counts, and what says nothing.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Datadog as Account } from '#adapters/datadog';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { type Datadog, startDatadog } from '../../../../sandbox/datadog/server.ts';
import type { Line } from '../../../../sandbox/datadog/shapes.ts';
import { lookAtMonitor } from './monitor.ts';
import { samplePlan } from './sampler.ts';
import type { Clock } from './sampling.ts';

const keys = { apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40) };
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
let journal: Line[] = [];
let alerting = true;
let datadog: Datadog;
let account: Account;
beforeEach(async () => {
  [journal, alerting] = [[], true];
  datadog = await startDatadog({ ...keys, journal: () => journal, alerting: () => alerting });
  account = { api: datadog.api, ...keys };
});
afterEach(() => datadog.close());

function plan(check: object) {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [
      { id: 'errors', kind: 'monitor', ...check },
      { id: 'alive', kind: 'http', url: '{SITE}/monitors/155844758' },
    ],
    symptom: { checks: ['errors'], green: { need: 2, of: 2, over_s: 60 } },
    settle: { within: '10m' },
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: datadog.api });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
async function look(check: object, as: Account | null = account, signal = new AbortController().signal) {
  const [one] = plan(check).checks;
  if (one?.kind !== 'monitor') throw new Error('not a monitor');
  const { outcome, reason } = await lookAtMonitor(one, as, signal, Date.now);
  return [outcome, reason];
}
const monitor = (): object => ({ monitor: datadog.monitor.id });
const errors = { query: 'sum:shop.checkout.errors{service:shop}.as_count()', expect: { below: 1 } };

describe('a monitor', () => {
  test('fails while it alerts and passes when it is well', async () => {
    expect(await look(monitor())).toEqual(['fail', 'the monitor is in Alert, expected OK']);
    alerting = false;
    expect(await look(monitor())).toEqual(['pass', null]);
  });
  test('says nothing without a state, when it is not there, or with a key that is refused', async () => {
    datadog.setBare(true);
    expect(await look(monitor())).toEqual([
      'inconclusive',
      expect.stringContaining('neither that all is well'),
    ]);
    expect(await look({ monitor: 1 })).toEqual([
      'inconclusive',
      expect.stringContaining('Monitor not found'),
    ]);
    const refused = { ...account, appKey: 'c'.repeat(40) };
    expect(await look(monitor(), refused)).toEqual(['inconclusive', expect.stringContaining('Forbidden')]);
  });
  test('says nothing where the job has no keys, or nobody waits any more', async () => {
    expect(await look(monitor(), null)).toEqual([
      'inconclusive',
      'this job has no keys of Datadog: docs/integrations/datadog.md',
    ]);
    expect(await look(monitor(), account, AbortSignal.abort())).toEqual([
      'inconclusive',
      'stopped before the answer came',
    ]);
  });
});

describe('a series', () => {
  test('is judged by its newest whole point', async () => {
    journal = [
      { at: ago(200), status: 'error' },
      { at: ago(100), status: 'info' },
    ];
    expect(await look(errors)).toEqual(['pass', null]);
    journal = [
      { at: ago(200), status: 'info' },
      { at: ago(100), status: 'error' },
    ];
    expect(await look(errors)).toEqual(['fail', 'the newest value is 1, expected below 1']);
  });
  test('must be well in every group', async () => {
    journal = [{ at: ago(100), status: 'error' }];
    datadog.behave({ groups: { all: ['shop', 'tax'], red: ['tax'] } });
    expect(await look(errors)).toEqual(['fail', 'the newest value is 40, expected below 1']);
  });
  test('says nothing without a new point, when it is read in part, or when the query makes no sense', async () => {
    expect(await look(errors)).toEqual(['inconclusive', 'no new point within 600 s']);
    journal = [{ at: ago(900), status: 'error' }];
    expect(await look(errors)).toEqual(['inconclusive', 'no new point within 600 s']);
    journal = [{ at: ago(100), status: 'info' }];
    datadog.behave({ odd: true });
    expect(await look(errors)).toEqual(['inconclusive', 'Datadog computed only a part']);
    expect(await look({ ...errors, query: 'nonsense' })).toEqual([
      'inconclusive',
      'the query failed: Datadog could not run it',
    ]);
  });
});

test('a monitor that lags is waited for, and makes green only with what users see', async () => {
  let time = Date.now();
  const clock: Clock = {
    now: () => time,
    sleep: async (ms) => {
      time += ms;
      if (time - began > 120_000) alerting = false;
    },
  };
  const began = time;
  const asking = { plan: plan(monitor()), browser: {}, datadog: account, clock };
  const red = await samplePlan({ ...asking, which: 'red' });
  expect([red.verdict, red.samples.at(-1)?.reason]).toEqual(['red', 'the monitor is in Alert, expected OK']);
  const green = await samplePlan({ ...asking, which: 'green', before: red.samples });
  expect([green.verdict, new Set(green.samples.map(({ check }) => check))]).toEqual([
    'confirmed',
    new Set(['errors', 'alive']),
  ]);
  expect(time - began).toBeGreaterThan(120_000);
  alerting = true;
  const blind = await samplePlan({ ...asking, datadog: null, which: 'green', before: red.samples });
  expect(blind.verdict).toBe('inconclusive');
});
