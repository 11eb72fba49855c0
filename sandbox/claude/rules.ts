// What the Messages API of version 2026-10-21 refuses with 400, and in which words its kinds of error come.
// Must never accept what the real one refuses: an adapter that works here has to work there.
// https://platform.claude.com/docs/en/api/messages, https://platform.claude.com/docs/en/build-with-claude/structured-outputs
import * as z from 'zod';
import { MOST_OUTPUT } from './models.ts';

export const VERSION = '2026-10-21';
/** A request may weigh this many bytes. */
export const MOST_BYTES = 32 * 1024 * 1024;

const text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  cache_control: z
    .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
    .nullish(),
});
const content = z.union([z.string().min(1), z.array(text).min(1)]);
/** Fields of the real API that this project has no use for are refused here; temperature, top_p and top_k by both. */
export const MessagesRequest = z.strictObject({
  model: z.string(),
  max_tokens: z.int().min(1).max(MOST_OUTPUT),
  system: content.optional(),
  messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content })).min(1),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
      format: z
        .strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.json()) })
        .optional(),
    })
    .optional(),
  stream: z.literal(false).optional(),
});
export type MessagesRequest = z.infer<typeof MessagesRequest>;

/** Keywords the decoder of structured outputs cannot hold. */
const unsupported = ['minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'pattern', 'multipleOf'];

/** Why the request is refused; null when it is taken. */
export function objection(request: MessagesRequest): string | null {
  const { messages, output_config: config } = request;
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  if (messages.at(-1)?.role === 'assistant') return 'This model does not support assistant message prefill.';
  const marks = blocks(request).filter((block) => block.cache_control).length;
  if (marks > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`;
  return config?.format ? schemaObjection(config.format.schema, 'schema') : null;
}

/** Text blocks in the order in which they form the prompt. */
export function blocks({ system, messages }: MessagesRequest): z.infer<typeof text>[] {
  const listed = [...(system === undefined ? [] : [system]), ...messages.map((message) => message.content)];
  return listed.flatMap((one) => (typeof one === 'string' ? [{ type: 'text' as const, text: one }] : one));
}

function schemaObjection(schema: unknown, path: string): string | null {
  if (Array.isArray(schema))
    return first(schema.map((item, index) => schemaObjection(item, `${path}.${index}`)));
  if (typeof schema !== 'object' || schema === null) return null;
  const node = schema as Record<string, unknown>;
  if (node['type'] === 'object' && node['additionalProperties'] !== false)
    return `output_config.format.${path}: For 'object' type, 'additionalProperties' must be explicitly set to false`;
  const keyword = unsupported.find((name) => name in node);
  if (keyword) return `output_config.format.${path}: property '${keyword}' is not supported`;
  // Below `properties` the keys are names, not keywords.
  const below = typeof node['properties'] === 'object' ? Object.values(node['properties'] ?? {}) : [];
  const rest = ['items', 'anyOf', '$defs'].flatMap((name) =>
    name === '$defs' ? Object.values((node[name] as object | undefined) ?? {}) : [node[name]],
  );
  return first([...below, ...rest].map((item, index) => schemaObjection(item, `${path}.${index}`)));
}

const first = (found: (string | null)[]): string | null => found.find((one) => one !== null) ?? null;

const kinds: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** What the service says where a script names nothing but a status. */
export const words: Readonly<Record<number, string>> = {
  429: 'Number of requests has exceeded your rate limit.',
  500: 'Internal server error',
  529: 'Overloaded',
};

/** The body of an error: https://platform.claude.com/docs/en/api/errors */
export function errorBody(status: number, message: string, requestId: string): object {
  return { type: 'error', error: { type: kinds[status] ?? 'api_error', message }, request_id: requestId };
}
