// A service that is away for a while: how long it is asked again, how often, and who is asked next.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Claude, type Misbehaviour, startClaude } from '../../../sandbox/claude/server.ts';
import { ask, clientOf, incoming, KEY, knowledge, limits, MODEL } from '../../../test/support/claude.ts';
import { consultLadder } from './ladder.ts';

let claude: Claude;
beforeAll(async () => {
  claude = await startClaude({ key: KEY });
});
afterAll(() => claude.close());
afterEach(() => void vi.useRealTimers());

/** What came of it, and the pauses. */
async function outcome(steps: Misbehaviour[], within: ReturnType<typeof clocked>) {
  claude.script(...steps);
  return { result: await ask(claude.url, within), pauses: within.pauses };
}
/** Limits under which a pause moves the clock, so that minutes of an outage take no time. */
function clocked(change: Partial<ReturnType<typeof limits>> = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-30T03:00:00Z') });
  const pauses: number[] = [];
  const pause = async (ms: number) => {
    pauses.push(Math.round(ms));
    vi.setSystemTime(Date.now() + ms);
  };
  return { ...limits({ until: Date.now() + 540_000, pause, ...change }), pauses };
}
const sum = (times: readonly number[]): number => times.reduce((all, ms) => all + ms, 0);
const html = { body: '<html>Bad gateway</html>', headers: { 'content-type': 'text/html' } };

describe('a service that is away', () => {
  it.each<[number, string]>([
    [429, 'rate_limited'],
    [500, 'server_error'],
    [503, 'server_error'],
    [529, 'overloaded'],
  ])('with %i for good, is left after two minutes', async (status, code) => {
    const own = await startClaude({ key: KEY });
    const within = clocked();
    own.script({ status, headers: {}, seconds: 600 });
    const result = await ask(own.url, within);
    await own.close();
    expect(result).toMatchObject({
      ok: false,
      code,
      request: expect.stringMatching(/^req_/),
      reason: expect.stringContaining(`answered ${status}`),
      spent: { calls: own.received.length, usd: 0 },
    });
    expect(own.received.length).toBeLessThan(15);
    expect(sum(within.pauses)).toBeGreaterThanOrEqual(119_000);
    expect(sum(within.pauses)).toBeLessThan(150_000);
  });

  it.each<[string, Misbehaviour[]]>([
    ['overloaded four times at once', Array.from({ length: 4 }, () => ({ status: 529 }))],
    ['overloaded for 5 s', [{ status: 529, seconds: 5 }]],
    ['overloaded for 100 s', [{ status: 529, seconds: 100 }]],
    ['broken for 40 s', [{ status: 500, seconds: 40 }]],
    ['behind a proxy that is broken for a minute', [{ status: 502, ...html, seconds: 60 }]],
    ['at its limit for 20 s', [{ status: 429, headers: { 'retry-after': '2' }, seconds: 20 }]],
    ['cutting five connections', Array.from({ length: 5 }, () => ({ reset: true as const }))],
    ['cutting and overloaded by turns', [{ reset: true }, { status: 529 }, { reset: true }, { status: 503 }]],
  ])('while it is %s, is asked until it answers', async (_, steps) => {
    const { result } = await outcome(steps, clocked());
    expect(result).toMatchObject({ ok: true, model: MODEL });
    expect(result.spent.calls).toBeGreaterThan(3);
  });

  it('hears from us with pauses that double, up to half a minute', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { pauses } = await outcome([{ status: 529, seconds: 80 }], clocked());
    vi.restoreAllMocks();
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('gets no more than the time for all calls, however patient we are', async () => {
    const own = await startClaude({ key: KEY });
    own.script({ status: 529, seconds: 600 });
    const within = clocked();
    const result = await ask(own.url, { ...within, until: Date.now() + 20_000 });
    await own.close();
    expect(result).toMatchObject({ code: 'overloaded', reason: expect.stringContaining('no time to wait') });
    expect(sum(within.pauses)).toBeLessThan(20_000);
  });

  it('that asks for pauses of a moment is not asked for ever', async () => {
    const own = await startClaude({ key: KEY });
    own.script({ status: 529, headers: { 'retry-after-ms': '1' }, seconds: 600 });
    expect(await ask(own.url, clocked())).toMatchObject({ code: 'overloaded', spent: { calls: 40 } });
    await own.close();
  });

  it('with a page of a proxy, does not have the page told to people', async () => {
    const own = await startClaude({ key: KEY });
    own.script({ status: 502, ...html, seconds: 600 });
    const result = await ask(own.url, clocked());
    await own.close();
    expect(result).toMatchObject({ ok: false, code: 'server_error' });
    expect(JSON.stringify(result)).not.toContain('html');
  });

  it('by being gone, is told to be out of reach', async () => {
    const own = await startClaude({ key: KEY });
    await own.close();
    expect(await ask(own.url, clocked())).toMatchObject({ ok: false, code: 'unreachable', request: null });
  });

  it('gives each model two minutes and the last one all that is left', async () => {
    const before = claude.received.length;
    claude.script({ status: 529, seconds: 400 });
    const within = { ...clocked(), lastMs: 540_000 };
    const result = await consultLadder(
      clientOf(claude.url),
      [MODEL, 'claude-sonnet-5-5'],
      knowledge,
      incoming,
      within,
    );
    expect(result).toMatchObject({
      ok: true,
      model: 'claude-sonnet-5-5',
      fallback: { model: MODEL, code: 'overloaded' },
    });
    const models = claude.received
      .slice(before)
      .map(({ body }) => (JSON.parse(body) as { model: string }).model);
    const first = models.filter((model) => model === MODEL).length;
    expect(sum(within.pauses.slice(0, first - 1))).toBeLessThan(150_000);
  });
});
