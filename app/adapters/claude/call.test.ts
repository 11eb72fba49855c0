// What a service that does not answer costs: for each kind, the reason, the number of requests, and going to the next model.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Claude, type Misbehaviour, startClaude } from '../../../sandbox/claude/server.ts';
import {
  answer,
  ask,
  clientOf,
  incoming,
  KEY,
  knowledge,
  limits,
  MODEL,
  saying,
} from '../../../test/support/claude.ts';
import { consultLadder } from './ladder.ts';

let claude: Claude;
beforeAll(async () => {
  claude = await startClaude({ key: KEY });
});
afterAll(() => claude.close());
afterEach(() => void vi.useRealTimers());

/** What came of it, and how many requests reached the service. */
async function outcome(steps: Misbehaviour[], within = limits()) {
  const before = claude.received.length;
  claude.script(...steps);
  const result = await ask(claude.url, within);
  return { result, requests: claude.received.slice(before), pauses: within.pauses };
}
const refusal = (content: object[] = []): Misbehaviour => ({
  message: {
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: 'cyber', explanation: null },
    content,
  },
});

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

describe('a service that says no', () => {
  it.each<[number, string]>([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [402, 'forbidden'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [413, 'too_large'],
  ])('with %i, is asked once', async (status, code) => {
    const { result, requests, pauses } = await outcome([{ status }]);
    expect(result).toMatchObject({
      ok: false,
      code,
      request: expect.stringMatching(/^req_/),
      reason: expect.stringContaining(`answered ${status}`),
      spent: { calls: 1, usd: 0 },
    });
    expect([requests.length, pauses]).toEqual([1, []]);
  });

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

  it('is asked again after as long as it says', async () => {
    const { result, pauses } = await outcome([
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 529, headers: { 'retry-after-ms': '250' } },
    ]);
    expect(result).toMatchObject({ ok: true, spent: { calls: 3 } });
    expect(pauses).toEqual([7000, 250]);
  });

  it('is not waited for longer than there is time', async () => {
    const { result, requests, pauses } = await outcome([{ status: 429, headers: { 'retry-after': '3600' } }]);
    expect(result).toMatchObject({
      ok: false,
      code: 'rate_limited',
      reason: expect.stringContaining('no time to wait 3600 s'),
    });
    expect(requests).toHaveLength(1);
    expect(pauses).toEqual([]);
  });

  it('is not asked again when the money is spent', async () => {
    const error = {
      type: 'rate_limit_error',
      message: 'x',
      details: { error_code: 'enforced_spend_limit_reached' },
    };
    const { result, requests } = await outcome([
      { status: 429, body: JSON.stringify({ type: 'error', error }) },
    ]);
    expect(result).toMatchObject({
      code: 'rate_limited',
      reason: expect.stringContaining('enforced_spend_limit_reached'),
    });
    expect(requests).toHaveLength(1);
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

  it('by sending us elsewhere, is asked once', async () => {
    const { result, requests } = await outcome([
      { status: 307, headers: { location: 'https://evil.example/' } },
    ]);
    expect(result).toMatchObject({ ok: false, code: 'unreachable' });
    expect(requests).toHaveLength(1);
  });

  it('by saying nothing, is left after the time for a call', async () => {
    const { result, requests } = await outcome(
      [{ hang: true }, { hang: true }],
      limits({ callMs: 60, retries: 1 }),
    );
    expect(result).toMatchObject({ ok: false, code: 'timeout' });
    expect(requests).toHaveLength(2);
  });

  it('gets nothing once the time for all calls is over', async () => {
    const { result, requests } = await outcome([], limits({ until: Date.now() - 1 }));
    expect(result).toMatchObject({ ok: false, code: 'deadline', spent: { calls: 0 } });
    expect(requests).toHaveLength(0);
  });
});

describe('the ladder', () => {
  const ladder = (models: readonly [string, ...string[]]) =>
    consultLadder(clientOf(claude.url), models, knowledge, incoming, limits());
  const modelsOf = (from: number) =>
    claude.received.slice(from).map(({ body }) => (JSON.parse(body) as { model: string }).model);

  it('goes to the second model when the first refuses, says so, and adds up the cost', async () => {
    const before = claude.received.length;
    claude.script(refusal());
    const result = await ladder([MODEL, 'claude-sonnet-5-5']);
    expect(result).toMatchObject({
      ok: true,
      model: 'claude-sonnet-5-5',
      spent: { calls: 2 },
      fallback: { model: MODEL, code: 'refusal', request: expect.stringMatching(/^req_/) },
    });
    expect(modelsOf(before)).toEqual([MODEL, 'claude-sonnet-5-5']);
  });

  it('does not go on after an abstention, nor with a credential that is refused', async () => {
    const before = claude.received.length;
    const none = { runbook: null, verification: { from_runbook: false, checks: [] } };
    claude.script(saying(answer({ action: 'abstain', abstain_reason: 'Two causes at once.', ...none })));
    expect(await ladder([MODEL, 'claude-sonnet-5-5'])).toMatchObject({
      ok: true,
      model: MODEL,
      fallback: null,
    });
    expect(modelsOf(before)).toEqual([MODEL]);
    claude.script({ status: 401 });
    expect(await ladder([MODEL, 'claude-sonnet-5-5'])).toMatchObject({ ok: false, code: 'unauthorized' });
    expect(modelsOf(before)).toHaveLength(2);
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
    const first = modelsOf(before).filter((model) => model === MODEL).length;
    expect(sum(within.pauses.slice(0, first - 1))).toBeLessThan(150_000);
  });

  it('says of a model that does not exist that it does not', async () => {
    const before = claude.received.length;
    const result = await ladder(['claude-nobody-knows']);
    expect(result).toMatchObject({ ok: false, code: 'not_found', spent: { calls: 1, usd: 0 } });
    expect(claude.received.length - before).toBe(1);
  });
});
