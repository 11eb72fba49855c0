// What comes with an answer and with an error: the whole `usage`, request ids, what is left of the limits. The schemas name
// every field of the SDK's types and allow no other.
import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Claude, type ClaudeOptions, startClaude } from './server.ts';

const count = z.int().min(0);
const Usage = z.strictObject({
  ...{ input_tokens: count, output_tokens: count },
  ...{ cache_creation_input_tokens: count, cache_read_input_tokens: count },
  cache_creation: z.strictObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
  output_tokens_details: z.strictObject({ thinking_tokens: count }),
  ...{ inference_geo: z.null(), server_tool_use: z.null() },
  service_tier: z.enum(['standard', 'priority', 'batch']),
  speed: z.enum(['standard', 'fast']),
});
const Message = z.strictObject({
  ...{ id: z.string().regex(/^msg_01/), type: z.literal('message'), role: z.literal('assistant') },
  model: z.string(),
  content: z.tuple([z.strictObject({ type: z.literal('text'), text: z.string(), citations: z.null() })]),
  ...{ container: z.null(), diagnostics: z.null() },
  stop_reason: z.enum(['end_turn', 'max_tokens', 'refusal']),
  stop_sequence: z.null(),
  stop_details: z
    .strictObject({ type: z.literal('refusal'), category: z.string().nullable(), explanation: z.null() })
    .nullable(),
  usage: Usage,
});
const hello = {
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Say hello.' }],
};
const cached = (text: string, ttl: '5m' | '1h') => ({
  ...{ type: 'text' as const, text: text.repeat(4000), cache_control: { type: 'ephemeral' as const, ttl } },
});

let claude: Claude;
let client: Anthropic;
async function open(options: Partial<ClaudeOptions> = {}): Promise<void> {
  await claude?.close();
  claude = await startClaude({ key: 'sk-ant-test', ...options });
  client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: claude.url, maxRetries: 0 });
}
const ask = (change: object = {}) => client.messages.create({ ...hello, ...change }).withResponse();
const refused = async (change: object = {}) => {
  const error: unknown = await ask(change).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Anthropic.APIError)) throw new Error('it was not refused', { cause: error });
  return error;
};

beforeEach(() => open());
afterEach(async () => {
  vi.useRealTimers();
  await claude.close();
});

describe('a message', () => {
  it('has every field of the real one’s, and tells what was written to the cache and read from it', async () => {
    const system = [cached('a', '1h'), cached('b', '5m')];
    const first = Message.parse((await ask({ system })).data).usage;
    expect(first).toMatchObject({ cache_read_input_tokens: 0, cache_creation_input_tokens: 2005 });
    const { cache_creation: written } = first;
    expect(written).toEqual({ ephemeral_1h_input_tokens: 1005, ephemeral_5m_input_tokens: 1000 });
    const second = Message.parse((await ask({ system })).data).usage;
    expect(second).toMatchObject({ cache_read_input_tokens: 2005, cache_creation_input_tokens: 0 });
    expect(second.input_tokens).toBe(first.input_tokens);
  });

  it('says no more than it has room for', async () => {
    const { data } = await ask({ max_tokens: 5 });
    const { content, stop_reason, usage } = Message.parse(data);
    expect([content[0].text.length, stop_reason, usage.output_tokens]).toEqual([20, 'max_tokens', 5]);
  });

  it('has details of why it stopped only when it refused', async () => {
    expect(Message.parse((await ask()).data).stop_details).toBeNull();
    claude.script({ message: { stop_reason: 'refusal' } });
    const { stop_details } = Message.parse((await ask()).data);
    expect(stop_details).toEqual({ type: 'refusal', category: null, explanation: null });
  });

  it('comes with a request id, an organisation and what is left of four limits', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') });
    const { data, response, request_id: id } = await ask();
    expect(id).toMatch(/^req_011[0-9a-f]{21}$/);
    expect(response.headers.get('anthropic-organization-id')).toMatch(/^[0-9a-f-]{36}$/);
    const limits = [...response.headers].filter(([name]) => name.startsWith('anthropic-ratelimit-'));
    const { input_tokens: read, output_tokens: said } = data.usage;
    const reset = '2026-11-29T12:01:00Z';
    expect(Object.fromEntries(limits)).toEqual({
      'anthropic-ratelimit-requests-limit': '1000',
      'anthropic-ratelimit-requests-remaining': '999',
      'anthropic-ratelimit-requests-reset': reset,
      'anthropic-ratelimit-input-tokens-limit': '450000',
      'anthropic-ratelimit-input-tokens-remaining': `${450_000 - read}`,
      'anthropic-ratelimit-input-tokens-reset': reset,
      'anthropic-ratelimit-output-tokens-limit': '90000',
      'anthropic-ratelimit-output-tokens-remaining': `${90_000 - said}`,
      'anthropic-ratelimit-output-tokens-reset': reset,
      'anthropic-ratelimit-tokens-limit': '540000',
      'anthropic-ratelimit-tokens-remaining': `${540_000 - read - said}`,
      'anthropic-ratelimit-tokens-reset': reset,
    });
  });
});

describe('an error', () => {
  it('has the envelope with its request id, also where there is nothing', async () => {
    const error = await refused({ model: 'claude-nobody-knows' });
    expect(error).toMatchObject({
      status: 404,
      type: 'not_found_error',
      requestID: expect.stringMatching(/^req_/),
    });
    expect(error.error).toEqual({
      type: 'error',
      error: { type: 'not_found_error', message: 'model: claude-nobody-knows' },
      request_id: error.requestID,
    });
    const headers = { authorization: 'Bearer sk-ant-test', 'anthropic-version': '2026-10-21' };
    const nowhere = await fetch(`${claude.url}/v1/batches`, { headers });
    expect([nowhere.status, await nowhere.json()]).toMatchObject([404, { type: 'error' }]);
  });

  it.each([
    ['requests', { requests: 1, input: 1000, output: 1000 }, '1 requests', '40'],
    ['input', { requests: 9, input: 5, output: 1000 }, '5 input tokens', '60'],
    ['output', { requests: 9, input: 1000, output: 150 }, '150 output tokens', '40'],
  ])('of too many %s says when to come back', async (_, limits, what, after) => {
    await open({ limits });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') });
    // One question fits where the prompt does; a window begins with the first that did.
    if (limits.input > 5) {
      await ask();
      vi.setSystemTime(Date.now() + 20_000);
    }
    const error = await refused();
    expect(error).toMatchObject({ status: 429, type: 'rate_limit_error' });
    expect(error.message).toContain(`rate limit of ${what} per minute`);
    expect(error.headers?.get('retry-after')).toBe(after);
  });

  it.each([
    [429, 'rate_limit_error', 'Number of requests has exceeded your rate limit.', '1'],
    [529, 'overloaded_error', 'Overloaded', null],
  ])('by script %i looks like the real one', async (status, type, message, after) => {
    claude.script({ status });
    const error = await refused();
    expect(error).toMatchObject({ status, type, apiMessage: message });
    expect(error.headers?.get('retry-after')).toBe(after);
  });

  it('by script lasts as long as the script says', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') });
    claude.script({ status: 529, seconds: 20 }, { status: 500 });
    const statuses = [];
    for (const seconds of [0, 15, 20, 20]) {
      vi.setSystemTime(Date.parse('2026-11-29T12:00:00Z') + seconds * 1000);
      statuses.push(
        await ask().then(
          () => 200,
          ({ status }: { status: number }) => status,
        ),
      );
    }
    expect(statuses).toEqual([529, 529, 500, 200]);
  });

  it('meets a prompt that is too long, or too large', async () => {
    const long = await refused({ messages: [{ role: 'user', content: 'x'.repeat(4_000_100) }] });
    expect(long).toMatchObject({ status: 400, apiMessage: expect.stringContaining('prompt is too long') });
    const large = await refused({ messages: [{ role: 'user', content: 'x'.repeat(33 * 1024 * 1024) }] });
    expect(large).toMatchObject({ status: 413, type: 'request_too_large' });
  });
});

it('tells of a model everything that the SDK knows a field for', async () => {
  expect(await client.models.retrieve('claude-opus-5-5')).toMatchObject({
    ...{ type: 'model', line: 'opus', lifecycle: 'active', deprecated_at: null, retires_at: null },
    capabilities: { thinking: { types: { disabled: { supported: false } } } },
  });
});
