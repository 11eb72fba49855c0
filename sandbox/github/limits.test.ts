import { expect, it } from 'vitest';
import type { Actor } from './forge.ts';
import { createMeter, GITHUBS } from './limits.ts';

const olga: Actor = { kind: 'person', login: 'olga', permission: 'write' };
const otto: Actor = { kind: 'person', login: 'otto', permission: 'write' };
const job: Actor = { kind: 'app', login: 'github-actions[bot]', appId: 15368, permissions: {} };
const times = <T>(count: number, work: (_: unknown, index: number) => T): T[] =>
  Array.from({ length: count }, work);

it('lets everybody write 80 pieces of content a minute, and says when to come back', () => {
  const meter = createMeter(GITHUBS);
  const write = (who: Actor, now: number) => meter.charge(who, 'POST', '/repos/a/b/issues/1/comments', now);
  expect(times(80, () => write(olga, 1_000)).every((refused) => refused === undefined)).toBe(true);
  expect(write(olga, 31_000)).toMatchObject({ status: 403, headers: { 'retry-after': '30' } });
  expect(write(otto, 31_000)).toBeUndefined();
  expect(meter.charge(olga, 'GET', '/repos/a/b/issues', 31_000)).toBeUndefined();
  expect(write(olga, 61_000)).toBeUndefined();
});

it('lets everybody write 500 pieces an hour', () => {
  const meter = createMeter(GITHUBS);
  const refused = times(9, () => 0).flatMap((_, minute) =>
    times(60, () => meter.charge(olga, 'POST', '/repos/a/b/pulls', minute * 61_000)),
  );
  expect(refused.findIndex((one) => one !== undefined)).toBe(500);
  expect(refused[500]?.headers?.['retry-after']).toBe(`${3600 - 8 * 61}`);
});

it('counts a write as five reads, 900 points a minute', () => {
  const meter = createMeter(GITHUBS);
  const refused = times(181, () => meter.charge(olga, 'POST', '/repos/a/b/git/trees', 0));
  expect(refused.findIndex((one) => one !== undefined)).toBe(180);
});

it('gives a job 1,000 requests an hour and shows what is left', () => {
  const meter = createMeter(GITHUBS);
  for (let minute = 0; minute < 20; minute++)
    times(50, () => meter.charge(job, 'GET', '/repos/a/b', minute * 60_000));
  expect(meter.headers(job, 1_200_000)).toMatchObject({
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '3600',
  });
  expect(meter.charge(job, 'GET', '/repos/a/b', 1_200_000)).toMatchObject({ status: 403 });
  expect(meter.charge(job, 'GET', '/repos/a/b', 3_600_000)).toBeUndefined();
});
