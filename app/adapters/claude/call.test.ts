// What a service that does not answer costs: for each kind, the reason, the number of requests, and going to the next model.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      limits({ callMs: 500, retries: 1 }),
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

  it('says of a model that does not exist that it does not', async () => {
    const before = claude.received.length;
    const result = await ladder(['claude-nobody-knows']);
    expect(result).toMatchObject({ ok: false, code: 'not_found', spent: { calls: 1, usd: 0 } });
    expect(claude.received.length - before).toBe(1);
  });
});
