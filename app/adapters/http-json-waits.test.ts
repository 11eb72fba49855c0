// How long a request waits when it is told to, and what it says when nobody is reached.
import { createServer } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { requestJson } from './http-json.ts';

afterEach(() => void vi.restoreAllMocks());

describe('a request that is repeated', () => {
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

test('says why nobody was reached where all addresses of a host refuse', async () => {
  const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
  const cause = new AggregateError([refused('::1:443'), refused('127.0.0.1:443')], '');
  vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('fetch failed', { cause }));
  const result = await requestJson({
    method: 'GET',
    url: 'https://api.pagerduty.com/incidents',
    headers: {},
  });
  expect(result).toMatchObject({
    reason: 'api.pagerduty.com could not be reached: connect ECONNREFUSED ::1:443',
  });
});
