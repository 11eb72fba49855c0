import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { requestJson } from './http-json.ts';
import { toldPause } from './told-pause.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const told = (headers: Record<string, string>, status = 429) => toldPause(new Headers(headers), status, now);

describe('a pause that was told', () => {
  test.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['seconds with a fraction', { 'retry-after': ' 1.5 ' }, 1500],
    ['milliseconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['a date', { 'retry-after': 'Mon, 30 Nov 2026 12:00:30 GMT' }, 30_000],
    ['a date of the old form', { 'retry-after': 'Monday, 30-Nov-26 12:00:30 GMT' }, 30_000],
    ['a date of ISO 8601', { 'retry-after': '2026-11-30T12:01:00Z' }, 60_000],
    ['a moment in seconds', { 'x-ratelimit-reset': String(now / 1000 + 20) }, 20_000],
    ['a moment in milliseconds', { 'ratelimit-reset': String(now + 20_000) }, 20_000],
    ['a limit’s own header', { 'x-ratelimit-reset': '18' }, 18_000],
    [
      'a date that is over, before a limit’s header',
      { 'retry-after': 'Mon, 30 Nov 2026 11:00:00 GMT', 'x-ratelimit-reset': '5' },
      5000,
    ],
    ['nonsense, before a limit’s header', { 'retry-after': 'soon', 'ratelimit-reset': '5' }, 5000],
    ['nothing', {}, null],
    ['zero', { 'retry-after': '0' }, null],
    ['zero milliseconds', { 'retry-after-ms': '0' }, null],
    ['an empty value', { 'retry-after': '' }, null],
    ['less than nothing', { 'retry-after': '-5' }, null],
    ['a word', { 'retry-after': 'a minute' }, null],
    ['an infinite time', { 'retry-after': 'Infinity', 'retry-after-ms': 'Infinity' }, null],
    ['a date that is none', { 'retry-after': 'Mon, 45 Nov 2026 12:00:00 GMT' }, null],
  ])('is read from %s', (_, headers, pause) => expect(told(headers)).toBe(pause));

  test('is measured by the vendor’s clock, where it tells the time', () => {
    const headers = { date: 'Mon, 30 Nov 2026 12:10:00 GMT', 'retry-after': 'Mon, 30 Nov 2026 12:10:04 GMT' };
    expect(told(headers)).toBe(4000);
  });

  test('is no limit’s header where no limit was reached', () => {
    expect(told({ 'x-ratelimit-reset': '3600' }, 503)).toBeNull();
    expect(told({ 'retry-after': '2' }, 503)).toBe(2000);
  });
});

describe('a request', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** The times between the tries of a request that meets 429 with this header. */
  async function between(headers: Record<string, string>): Promise<number[]> {
    const times: number[] = [];
    const server = createServer((_, response) => {
      times.push(performance.now());
      response.writeHead(429, headers).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    await requestJson({ method: 'GET', url, headers: {}, retries: 2, pauseMs: 100 });
    await new Promise((done) => server.close(done));
    return times.slice(1).map((time, index) => time - (times[index] ?? 0));
  }

  test.each(['0', ''])('is not repeated at once after “Retry-After: %s”', async (after) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const [first = 0, second = 0] = await between({ 'retry-after': after });
    expect(first).toBeGreaterThan(90);
    expect(second).toBeGreaterThan(190);
  });

  test('waits for a date, and for a limit’s header behind nonsense', async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    expect((await between({ 'retry-after': date }))[0]).toBeGreaterThan(900);
    expect((await between({ 'retry-after': 'soon', 'x-ratelimit-reset': '1' }))[0]).toBeGreaterThan(900);
  });
});
