// Requests and tokens a minute of one organisation, and the headers that tell what is left of them. It must never count tokens
// that were read from the cache. https://platform.claude.com/docs/en/api/rate-limits
import type { Message } from '@anthropic-ai/sdk/resources/messages';
import { rate, type Taken } from '../rate.ts';

export type Limits = { requests: number; input: number; output: number };
/** A small paying customer's, as published for Sonnet. */
export const TIER_2: Limits = { requests: 1000, input: 450_000, output: 90_000 };
export type Charged = { headers: Record<string, string>; refused: string | null };

export function meter({ requests, input, output }: Limits): (message: Message) => Charged {
  const take = { requests: rate(requests, 60), input: rate(input, 60), output: rate(output, 60) };
  return ({ usage }) => {
    const fresh = usage.input_tokens + (usage.cache_creation_input_tokens ?? 0);
    const asked = take.requests();
    const read = take.input('', asked.ok ? fresh : 0);
    const said = take.output('', asked.ok && read.ok ? usage.output_tokens : 0);
    const both: Taken = {
      ...{ ok: true, limit: read.limit + said.limit, remaining: read.remaining + said.remaining },
      reset: Math.max(read.reset, said.reset),
    };
    const kinds = { requests: asked, 'input-tokens': read, 'output-tokens': said, tokens: both };
    const short = Object.entries(kinds).find(([, { ok }]) => !ok);
    const headers = Object.entries(kinds).flatMap(([kind, { limit, remaining, reset }]) => [
      [`anthropic-ratelimit-${kind}-limit`, String(limit)],
      [`anthropic-ratelimit-${kind}-remaining`, String(remaining)],
      [`anthropic-ratelimit-${kind}-reset`, at(reset)],
    ]);
    if (short) headers.push(['retry-after', String(short[1].reset)]);
    return {
      headers: Object.fromEntries(headers),
      refused: short
        ? `This request would exceed your organization's rate limit of ${short[1].limit} ${short[0].replace('-', ' ')} per minute.`
        : null,
    };
  };
}

const at = (seconds: number): string =>
  `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
