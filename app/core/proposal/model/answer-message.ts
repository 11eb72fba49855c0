// The decision table for a message of the Messages API: what its stop reason and its blocks mean, before the text is read.
// Must never hand on a text when its message did not end by itself, or when another model wrote it.
// https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
import * as z from 'zod';
import { NO_TOKENS, sameModel, type Tokens } from './models.ts';

/** Why a model did not answer. Each reason is a row of the table in docs/integrations/claude.md. */
export type Failure =
  | 'refusal'
  | 'truncated'
  | 'context_exceeded'
  | 'unexpected_stop'
  | 'blocks'
  | 'not_json'
  | 'shape'
  | 'wrong_model'
  | 'not_a_message'
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'too_large'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'unreachable'
  | 'timeout'
  | 'deadline'
  | 'base_url'
  | 'credentials';

type Delivered = { model: string; tokens: Tokens; stop: string | null };
type ReadMessage = Delivered & ({ ok: true; text: string } | { ok: false; code: Failure; reason: string });

const count = z.number().int().min(0);
const Message = z.object({
  type: z.literal('message'),
  model: z.string().max(100),
  stop_reason: z.string().max(60).nullable(),
  stop_details: z.object({ category: z.string().max(60).nullable() }).nullish(),
  content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  usage: z.object({
    input_tokens: count,
    output_tokens: count,
    cache_creation_input_tokens: count.nullish(),
    cache_read_input_tokens: count.nullish(),
  }),
});
/** Blocks that are not the answer, but may come with it. */
const beside = new Set(['thinking', 'redacted_thinking']);

/** Reads an already parsed body. `asked` is the model that was requested. */
export function readMessage(body: unknown, asked: string): ReadMessage {
  const parsed = Message.safeParse(body);
  if (!parsed.success)
    return {
      ...{
        ok: false,
        code: 'not_a_message',
        reason: 'the service answered with something that is no message',
      },
      ...{ model: asked, tokens: NO_TOKENS, stop: null },
    };
  const { model, stop_reason: stop, stop_details: details, content, usage } = parsed.data;
  const delivered: Delivered = {
    model,
    stop,
    tokens: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cache_write: usage.cache_creation_input_tokens ?? 0,
      cache_read: usage.cache_read_input_tokens ?? 0,
    },
  };
  const no = (code: Failure, reason: string): ReadMessage => ({ ok: false, code, reason, ...delivered });
  if (!sameModel(asked, model)) return no('wrong_model', `${model} answered where ${asked} was asked`);
  if (stop === 'refusal')
    return no('refusal', `the model refused (category ${details?.category ?? 'not named'})`);
  if (stop === 'max_tokens') return no('truncated', 'the answer was cut off at the token limit');
  if (stop === 'model_context_window_exceeded')
    return no('context_exceeded', 'the question does not fit into the model’s context window');
  if (stop !== 'end_turn') return no('unexpected_stop', `the message stopped with ${stop ?? 'no reason'}`);
  const blocks = content.filter(({ type }) => !beside.has(type));
  const [only] = blocks;
  if (blocks.length !== 1 || only?.type !== 'text' || only.text === undefined)
    return no('blocks', `the message holds ${blocks.length} blocks where one text was asked for`);
  return { ok: true, text: only.text, ...delivered };
}
