// One answered message with what it cost: tokens, written to the cache, read from it. It must never say more text than the
// request has room for. https://platform.claude.com/docs/en/api/messages
import { randomUUID } from 'node:crypto';
import type { Message, Usage } from '@anthropic-ai/sdk/resources/messages';
import { answerTo } from './mind.ts';
import { blocks, type MessagesRequest } from './rules.ts';

const LETTERS_A_TOKEN = 4;
const tokensOf = (text: string): number => Math.ceil(text.length / LETTERS_A_TOKEN);
/** Prefixes shorter than this are not cached: the smallest minimum of the real models. */
const CACHE_MINIMUM = 512;

/** Tokens of the whole prompt, wherever they are read from. */
export const promptTokens = ({ input_tokens: fresh, ...usage }: Usage): number =>
  fresh + (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);

/** The message, and the prefixes that the cache holds once it is answered. */
export function messageOf(
  request: MessagesRequest,
  cache: ReadonlySet<string>,
  parts: Record<string, unknown>,
): { message: Message; prefixes: string[] } {
  const prompt = blocks(request);
  const upTo = (end: number): string =>
    [request.model, ...prompt.slice(0, end).map(({ text }) => text)].join('\n');
  const marked = prompt
    .flatMap(({ cache_control: mark }, index) => (mark ? [{ text: upTo(index + 1), ttl: mark.ttl }] : []))
    .filter(({ text }) => tokensOf(text) >= CACHE_MINIMUM);
  const read = Math.max(0, ...marked.filter(({ text }) => cache.has(text)).map(({ text }) => tokensOf(text)));
  const written = { '5m': 0, '1h': 0 };
  let end = read;
  for (const { text, ttl } of marked) {
    written[ttl ?? '5m'] += Math.max(0, tokensOf(text) - end);
    end = Math.max(end, tokensOf(text));
  }
  const whole = answerTo(request);
  const text = whole.slice(0, request.max_tokens * LETTERS_A_TOKEN);
  const cut = text.length < whole.length;
  const refused = parts['stop_reason'] === 'refusal';
  const message: Message = {
    ...{ id: `msg_01${randomUUID().replaceAll('-', '').slice(0, 22)}`, type: 'message', role: 'assistant' },
    ...{ model: request.model, container: null, diagnostics: null },
    content: [{ type: 'text', text, citations: null }],
    ...{ stop_reason: cut ? 'max_tokens' : 'end_turn', stop_sequence: null },
    stop_details: refused ? { type: 'refusal', category: null, explanation: null } : null,
    usage: {
      input_tokens: tokensOf(upTo(prompt.length)) - end,
      cache_creation_input_tokens: end - read,
      cache_creation: {
        ephemeral_5m_input_tokens: written['5m'],
        ephemeral_1h_input_tokens: written['1h'],
      },
      cache_read_input_tokens: read,
      output_tokens: tokensOf(text),
      output_tokens_details: { thinking_tokens: 0 }, // it does not think
      ...{ inference_geo: null, server_tool_use: null, service_tier: 'standard', speed: 'standard' },
    },
    ...parts,
  };
  return { message, prefixes: marked.map((one) => one.text) };
}
