// A plan of which two jobs look at a part: one has the keys, and the other judges by its own looks and by what that one saw.
// Time passes only while somebody waits. Over 250 lines: one clock and one service for all that two jobs can see of it.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { load } from 'js-yaml';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { unseen } from '#core/verification/elsewhere';
import { type BoundPlan, bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { samplePlan } from './sampler.ts';
import type { Clock, Patience, Sampling } from './sampling.ts';

const SHAPE = { id: 7, name: 'lag', query: 'avg:lag{*}', type: 'query alert' };
const START = 1_700_000_000_000;
/** What the service and the monitor say from so many milliseconds on; the last that has begun counts. */
let service: [from: number, status: number][] = [];
let monitor: [from: number, state: string][] = [];
let time = START;
const site = new Hono()
  .get('/health', (c) => c.text('', nowOf(service) as 200))
  .get('/api/v1/monitor/:id', (c) =>
    c.json({ ...SHAPE, overall_state: { '8': 'OK', '9': 'Alert' }[c.req.param('id')] ?? nowOf(monitor) }),
  );
const nowOf = <T>(steps: [from: number, value: T][]): T => {
  const at = steps.findLast(([from]) => time - START >= from);
  if (!at) throw new Error('nothing is said yet');
  return at[1];
};
const server = createAdaptorServer(site);
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  time = START;
});

const clock: Clock = {
  now: () => time,
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    time += ms;
  },
};
function planOf(symptom: string, more = ''): BoundPlan {
  const parsed = parseVerifyPlan(
    load(`v: 1
checks:
  - { id: health, kind: http, url: '{SHOP}/health' }
  - { id: lag, kind: monitor, monitor: 7 }
${more}settle: { within: 30m }
symptom: { checks: ${symptom} }
`),
  );
  const bound = parsed.ok ? bind(parsed.plan, { SHOP: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
const account = () => ({ api: url, apiKey: 'one', appKey: 'two' });
/** What the job that has the keys says. */
const measure = (plan: BoundPlan, which: 'red' | 'green', patience?: Patience | null) =>
  samplePlan({
    ...{ plan, which, browser: {}, clock, datadog: account(), keyed: true },
    ...(patience === undefined ? {} : { patience: patience && { ...patience, job_s: 0 } }),
  });
/** What the job after it says, which has none. */
const judge = (plan: BoundPlan, which: 'red' | 'green', measured: Sample[], patience?: Patience | null) =>
  samplePlan({
    ...{ plan, which, browser: {}, clock, measured },
    ...(patience === undefined ? {} : { patience }),
  });
const spell = ({ samples }: Sampling, check: string): string =>
  samples
    .filter((one) => one.check === check)
    .map(({ outcome }) => outcome[0])
    .join('');

describe('red', () => {
  test('each looks at its own part, and both together are red', async () => {
    service = [[0, 500]];
    monitor = [[0, 'Alert']];
    const plan = planOf('[health, lag]');
    const seen = await measure(plan, 'red');
    expect([spell(seen, 'lag'), spell(seen, 'health')]).toEqual(['fff', '']);
    time += 120_000;
    const said = await judge(plan, 'red', seen.samples);
    expect([said.verdict, spell(said, 'lag'), spell(said, 'health')]).toEqual(['red', 'fff', 'fff']);
  });
  test('looks of one moment are too close together, however long ago the other job began', async () => {
    service = [[0, 500]];
    monitor = [[0, 'Alert']];
    const plan = planOf('[health, lag]');
    const seen = await measure(plan, 'red');
    const still: Clock = { now: () => time, sleep: async () => undefined };
    time += 120_000;
    const said = await samplePlan({
      ...{ plan, which: 'red', browser: {}, clock: still, measured: seen.samples },
    });
    expect(said).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^the samples of health lie too close together/),
    });
  });
  test('a part alone is not red, and says so', async () => {
    service = [[0, 500]];
    monitor = [[0, 'OK']];
    const plan = planOf('[health, lag]');
    const said = await judge(plan, 'red', (await measure(plan, 'red')).samples);
    expect(said).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^only a part of the symptom is seen/),
    });
  });
  test('of several, one is enough: what the keys would have shown is not waited for', async () => {
    service = [[0, 500]];
    const plan = planOf('[{ any: [health, lag] }]');
    const said = await judge(plan, 'red', [unseen('lag', time, 'nobody looked')]);
    expect([said.verdict, spell(said, 'health')]).toEqual(['red', 'fff']);
  });
  test('a job that had to be there and said nothing: neither red nor absent, and it ends by itself', async () => {
    for (const status of [500, 200]) {
      service = [[0, status]];
      const said = await judge(planOf('[health, lag]'), 'red', [unseen('lag', time, 'nobody looked')]);
      expect(said).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringContaining('1 saw nothing, last: nobody looked'),
      });
    }
  });
  test('that one is red and another is not ends nothing: each is looked at until it is known', async () => {
    monitor = [0, 1, 2, 3, 4].map((at) => [at * 15_000, at % 2 === 1 || at === 4 ? 'Alert' : 'OK']);
    const more = `  - { id: quiet, kind: monitor, monitor: 8 }\n  - { id: loud, kind: monitor, monitor: 9 }\n`;
    const seen = await measure(planOf('[{ any: [lag, quiet, loud] }]', more), 'red');
    expect(['lag', 'quiet', 'loud'].map((check) => spell(seen, check))).toEqual(['pfpff', 'pppp', 'ffff']);
  });
  test('without its keys, the job that measures says so of each look', async () => {
    const plan = planOf('[health, lag]');
    const seen = await samplePlan({ plan, which: 'red', browser: {}, clock, datadog: null, keyed: true });
    const reasons = new Set(seen.samples.map(({ reason }) => reason));
    expect([...reasons]).toEqual(['this job has no keys of Datadog: docs/integrations/datadog.md']);
    expect(spell(seen, 'lag')).toBe('iii');
  });
});

describe('green that is not waited for', () => {
  test('is confirmed by both', async () => {
    service = [[0, 200]];
    monitor = [[0, 'OK']];
    const plan = planOf('[health]');
    const seen = await measure(plan, 'green', null);
    const said = await judge(plan, 'green', seen.samples, null);
    expect([said.verdict, spell(said, 'lag'), spell(said, 'health')]).toEqual([
      'confirmed',
      'pppppppppp',
      'pppppppppp',
    ]);
  });
  test('is refuted by either, and not confirmed by one of them', async () => {
    service = [[0, 200]];
    monitor = [[0, 'Alert']];
    const plan = planOf('[health]');
    const seen = await measure(plan, 'green', null);
    expect(await judge(plan, 'green', seen.samples, null)).toMatchObject({ verdict: 'refuted' });
    const nobody = [unseen('lag', time, 'nobody looked')];
    const said = await judge(plan, 'green', nobody, null);
    expect([said.verdict, spell(said, 'health')]).toEqual(['inconclusive', 'pppppppppp']);
  });
});

describe('green that may take a while', () => {
  /** The runs that follow one another, as the app has them: measure, then verify, until it has ended. */
  async function played(plan: BoundPlan, job_s = 600) {
    const before: Sample[] = [];
    const runs: string[] = [];
    let began: number | undefined;
    for (let run = 0; run < 60; run += 1) {
      const series = { within_s: 1800, ...(began === undefined ? {} : { began }) };
      const seen = await measure(plan, 'green', {
        ...series,
        earlier: before.filter(({ check }) => check === 'lag'),
      });
      time += 60_000; // until the next job has its runner
      const said = await judge(plan, 'green', seen.samples, { ...series, earlier: before, job_s });
      runs.push(`${said.verdict} ${spell(seen, 'lag')}/${spell(said, 'health')}`);
      if (!said.goesOn) return { runs, said, minutes: Math.round((time - START) / 60_000) };
      expect(['improving', 'waiting']).toContain(said.verdict);
      before.push(...said.samples);
      began ??= said.goesOn.until - 1_800_000;
      time = Math.max(time, said.goesOn.next) + 60_000;
    }
    throw new Error(`it goes on without end:\n${runs.join('\n')}`);
  }

  test('well at once takes one run', async () => {
    service = [[0, 200]];
    monitor = [[0, 'OK']];
    expect(await played(planOf('[health]'))).toMatchObject({
      runs: ['confirmed pppppppppp/pppppppppp'],
      minutes: 5,
    });
  });
  test('a monitor that lags is left to the next run, and so is nothing that is well here', async () => {
    service = [[0, 200]];
    monitor = [
      [0, 'Alert'],
      [420_000, 'OK'],
    ];
    const { runs, said } = await played(planOf('[health]'));
    expect(said.verdict).toBe('confirmed');
    expect(runs).toEqual(['waiting f/pppppppppp', 'waiting f/p', 'confirmed pppppppppp/pppppppppp']);
  });
  test('a service that lags is looked at as without a monitor, which is asked in each run', async () => {
    service = [
      [0, 500],
      [1_200_000, 200],
    ];
    monitor = [[0, 'OK']];
    expect(await played(planOf('[health]'))).toMatchObject({
      runs: ['waiting pppppppppp/ffffffffffff', 'waiting p/f', 'waiting p/f', 'confirmed p/pppppppppp'],
      minutes: 24,
    });
  });
  test('what was measured too long ago is measured again before it counts', async () => {
    service = [
      [0, 500],
      [960_000, 200],
    ];
    monitor = [[0, 'OK']];
    const { runs } = await played(planOf('[health], green: { over_s: 540 }'), 1060);
    expect(runs).toEqual(['improving pppppppppp/ffpppppppppp', 'confirmed p/pppppppppp']);
  });
  test('a monitor that never says that it is well ends it when the time is over, and not later', async () => {
    service = [[0, 200]];
    monitor = [[0, 'Alert']];
    const { said, runs, minutes } = await played(planOf('[health]'));
    expect([said.verdict, minutes]).toEqual(['refuted', expect.closeTo(34, -1)]);
    expect(runs.length).toBeLessThan(20);
    expect(said.reason).toMatch(/not well within 30 min.*lag passed 0 and failed/);
  });
  test('a monitor that says neither is never green', async () => {
    service = [[0, 200]];
    monitor = [[0, 'No Data']];
    expect((await played(planOf('[health]'))).said.verdict).toBe('inconclusive');
  });
  test('a recovery of both at the very end is seen through by both', async () => {
    service = [
      [0, 500],
      [1_750_000, 200],
    ];
    monitor = [
      [0, 'Alert'],
      [1_750_000, 'OK'],
    ];
    expect((await played(planOf('[health]'))).said.verdict).toBe('confirmed');
  });
  test('that the monitor was well before counts for nothing when nobody has looked now', async () => {
    service = [[0, 200]];
    const plan = planOf('[health]');
    const said = await judge(plan, 'green', [unseen('lag', time, 'nobody looked')], {
      within_s: 1800,
      job_s: 600,
    });
    expect(said).toMatchObject({ verdict: 'waiting', goesOn: { until: START + 1_800_000 } });
  });
});
