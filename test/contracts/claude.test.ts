// The contract with Claude's Messages API, as far as Vigil leans on it. On the stand-in always; on the real service when
// ANTHROPIC_API_KEY is set (a few cents), and said aloud when it is not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANTHROPIC_API, type ClaudeClient, openClaude } from '#adapters/claude/client';
import { consult } from '#adapters/claude/ladder';
import { type Claude, startClaude } from '../../sandbox/claude/server.ts';
import { incoming, KEY, knowledge, limits } from '../support/claude.ts';

const key = process.env['ANTHROPIC_API_KEY'] ?? '';
const model = process.env['ANTHROPIC_MODEL'] || 'claude-sonnet-5-5';
if (key === '')
  process.stdout.write('SKIPPED on the real service: the contract with Claude needs ANTHROPIC_API_KEY\n');
const real = limits({
  callMs: 180_000,
  until: Date.now() + 400_000,
  retries: 2,
  pause: (ms) => new Promise((go) => setTimeout(go, ms)),
});

const targets = [
  { name: 'the stand-in', within: () => limits(), real: false },
  ...(key === '' ? [] : [{ name: 'the real service', within: () => real, real: true }]),
];

describe.each(targets)('on $name', (target) => {
  let standIn: Claude | null = null;
  let where: { url: string; key: string };
  const clientWith = (credential: string): ClaudeClient => {
    const opened = openClaude({ baseUrl: where.url, gateways: [], credential: { key: credential } });
    if (!opened.ok) throw new Error(opened.reason);
    return opened.client;
  };
  /** The status and the body's words for a request that breaks a rule. */
  async function post(change: Record<string, unknown>, headers: Record<string, string> = {}) {
    const answer = await fetch(`${where.url}/v1/messages`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(60_000),
      headers: {
        authorization: `Bearer ${where.key}`,
        'anthropic-version': '2026-10-21',
        'content-type': 'application/json',
        ...headers,
      },
      body: JSON.stringify({
        model,
        max_tokens: 16,
        messages: [{ role: 'user', content: 'Say hello.' }],
        ...change,
      }),
    });
    const body = (await answer.json()) as { type: string; error?: { type: string; message: string } };
    return { status: answer.status, request: answer.headers.get('request-id'), body };
  }

  beforeAll(async () => {
    standIn = target.real ? null : await startClaude({ key: KEY });
    where = standIn ? { url: standIn.url, key: KEY } : { url: ANTHROPIC_API, key };
  });
  afterAll(() => standIn?.close());

  it('a plan comes back in its shape, with a request id, tokens and the model that was asked', async () => {
    const result = await consult(clientWith(where.key), model, knowledge, incoming, target.within());
    expect(result).toMatchObject({ ok: true, stop: 'end_turn', request: expect.stringMatching(/^req_/) });
    expect(result.spent.tokens.output).toBeGreaterThan(0);
    expect(result.spent.usd).toBeGreaterThan(0);
  }, 420_000);

  it('the model is known, active and can hold a schema', async () => {
    const info = await clientWith(where.key).models.retrieve(model);
    expect(info).toMatchObject({ id: model, capabilities: { structured_outputs: { supported: true } } });
  }, 60_000);

  it.each<[string, Record<string, unknown>]>([
    ['a temperature', { temperature: 0 }],
    ['top_p', { top_p: 1 }],
    ['top_k', { top_k: 1 }],
    ['a field that does not exist', { output_format: {} }],
    ['no room for an answer', { max_tokens: 0 }],
    ['no message', { messages: [] }],
    [
      'words put into the model’s mouth',
      {
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: '{' },
        ],
      },
    ],
    [
      'a schema that lets other keys in',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object', properties: {} } } } },
    ],
    [
      'a range in a schema',
      {
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              additionalProperties: false,
              required: ['a'],
              properties: { a: { type: 'integer', minimum: 0 } },
            },
          },
        },
      },
    ],
  ])(
    '%s is a bad request',
    async (_, change) => {
      const { status, request, body } = await post(change);
      expect({ status, type: body.error?.type }).toEqual({ status: 400, type: 'invalid_request_error' });
      expect(request).toMatch(/^req_/);
    },
    90_000,
  );

  it('a version is needed, the right key is needed, and the model has to exist', async () => {
    expect((await post({}, { 'anthropic-version': '' })).status).toBe(400);
    const wrong = await post({}, { authorization: 'Bearer sk-ant-wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { error: { type: 'authentication_error' } } });
    expect(await post({ model: 'claude-nobody-knows' })).toMatchObject({
      status: 404,
      body: { error: { type: 'not_found_error' } },
    });
  }, 90_000);
});
