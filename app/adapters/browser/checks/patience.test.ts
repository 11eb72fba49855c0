// One job of several that look at a service which takes its time: what it does itself, and what it leaves to the next.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan, type Sample } from '#core/verification/plan';
import { samplePlan } from './sampler.ts';
import type { Clock, Patience } from './sampling.ts';

const MIN = 60_000;
const START = 1_000_000;
let server: Server;
let url = '';
/** Whether the service is well, at this time. */
let well: (at: number) => boolean = () => false;
let time = START;
let slept: number[] = [];

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(well(time) ? 200 : 500).end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const clock: Clock = {
  now: () => time,
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    slept.push(ms);
    time += ms;
  },
};
function job(patience: Patience, signal?: AbortSignal) {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ id: 'health', kind: 'http', url: '{SHOP_URL}/health' }],
    symptom: { checks: ['health'] },
  });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP_URL: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  slept = [];
  const more = signal ? { signal } : {};
  return samplePlan({ plan: bound.plan, which: 'green', browser: {}, clock, patience, ...more });
}
const begun = (at: number): void => {
  time = at;
};
const half = { within_s: 1800, job_s: 120 };

describe('a job', () => {
  test('confirms at once what is well at once, although that takes as long as it may look', async () => {
    begun(START);
    well = () => true;
    const seen = await job(half);
    expect([seen.verdict, seen.samples.length, seen.ms, seen.goesOn]).toEqual([
      'confirmed',
      10,
      119_997,
      undefined,
    ]);
  });
  test('ends when its time is over, and says when to look next and until when', async () => {
    begun(START);
    well = () => false;
    const seen = await job(half);
    const last = Math.max(...seen.samples.map(({ at }) => at));
    expect(seen.verdict).toBe('waiting');
    expect(last).toBeLessThanOrEqual(START + 120_000);
    expect(seen.goesOn).toEqual({
      ...{ next: Math.round(last + 120_000 / 9), until: START + 30 * MIN },
      dropped: 0,
    });
  });
  test('sees a recovery through that begins while it looks', async () => {
    begun(START);
    well = (at) => at >= START + 100_000;
    const seen = await job(half);
    expect([seen.verdict, time - START > 120_000]).toEqual(['confirmed', true]);
  });
  test('that comes later looks once and leaves, for the next look is minutes away', async () => {
    begun(START);
    well = () => false;
    const { samples: earlier } = await job(half);
    begun(START + 20 * MIN);
    const seen = await job({ ...half, began: START, earlier });
    expect([seen.samples.length, seen.goesOn?.next]).toEqual([1, START + 22 * MIN]);
    expect(seen.goesOn?.until).toBe(START + 30 * MIN);
  });
  test('refutes when the time is over, and not before, however many jobs that takes', async () => {
    begun(START);
    well = () => false;
    const earlier: Sample[] = [];
    let jobs = 0;
    for (let seen = await job(half); ; seen = await job({ ...half, began: START, earlier })) {
      jobs += 1;
      earlier.push(...seen.samples);
      if (!seen.goesOn) {
        expect([seen.verdict, time]).toEqual(['refuted', START + 30 * MIN]);
        break;
      }
      begun(Math.max(time, seen.goesOn.next));
    }
    expect(jobs).toBeLessThan(20);
  });
  test('waits a minute at most for its first look, since clocks of two machines may differ', async () => {
    begun(START);
    well = () => false;
    const { samples: earlier } = await job(half);
    const ahead = earlier.map((one) => ({ ...one, at: one.at + 60 * MIN }));
    begun(START + 3 * MIN);
    await job({ ...half, within_s: 7200, began: START, earlier: ahead });
    expect(slept[0]).toBe(MIN);
  });
  test('that is stopped leaves what it saw, while the service has time', async () => {
    begun(START);
    well = () => false;
    const stop = new AbortController();
    const seen = job(half, stop.signal);
    const stopping = { ...half, within_s: 1800 };
    stop.abort();
    // Nothing was seen yet: that is no promise to look again.
    expect((await seen).verdict).toBe('inconclusive');
    const later = new AbortController();
    well = () => {
      if (time > START + 60_000) later.abort();
      return false;
    };
    begun(START);
    const left = await job(stopping, later.signal);
    expect(left.verdict).toBe('waiting');
    expect(left.samples.length).toBeGreaterThan(3);
    expect(left.goesOn?.next).toBeGreaterThanOrEqual(time);
  });
});
