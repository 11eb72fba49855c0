// Skyflow Detect over REST: after our own redactor, it looks for personal data again, above all for names.
// https://docs.skyflow.com/api/detect/ Must never let text out when Skyflow did not vouch for all of it. Must never log an
// answer, because it holds what was found.
import * as z from 'zod';
import { cutOut, spansOf } from '#core/redact/detected';
import type { SkyflowAccount } from '#core/redact/skyflow-account';
import type { Span } from '#core/redact/span';
import { requestJson } from './http-json.ts';

/** The texts that may leave, in the order in which they came, or none of them. The reason never holds text. */
export type Cleaned = { ok: true; texts: string[] } | { ok: false; reason: string };
/** Limits for one account, in milliseconds and UTF-16 units. Tests make them small. */
type SkyflowLimits = { chunk: number; timeoutMs: number; pauseMs: number; deadlineMs: number };

/** Named one by one. The vendor's default, `all`, would remove times, versions and file names from evidence. */
export const ENTITY_TYPES = [
  ...['name', 'name_family', 'name_given', 'name_medical_professional', 'email_address', 'phone_number'],
  ...['ssn', 'credit_card', 'credit_card_expiration', 'cvv', 'bank_account', 'account_number'],
  ...['routing_number', 'dob', 'driver_license', 'passport_number', 'healthcare_number'],
  ...['location_address', 'location_address_street', 'location_coordinate', 'password', 'username'],
  'numerical_pii',
] as const;

const PARALLEL = 3;
const usual: SkyflowLimits = { chunk: 10_000, timeoutMs: 10_000, pauseMs: 1000, deadlineMs: 30_000 };
const Answer = z.object({
  processed_text: z.string(),
  entities: z
    .array(
      z.object({
        token: z.string(),
        value: z.string(),
        entity_type: z.string(),
        location: z.object({ start_index: z.number().int().min(0) }),
      }),
    )
    .nullish()
    .transform((entities) => entities ?? []),
});

/**
 * Lets Skyflow look at every text. With `key`, equal values get equal placeholders within an incident. When anything goes
 * wrong, even with one piece, it refuses with the reason. `now` decides whether the bearer token has expired.
 */
export async function skyflowClean(
  account: SkyflowAccount,
  key: string,
  texts: readonly string[],
  { now = new Date(), ...given }: Partial<SkyflowLimits> & { now?: Date } = {},
): Promise<Cleaned> {
  if (account.expires && account.expires <= now)
    return { ok: false, reason: `the Skyflow token expired at ${account.expires.toISOString()}` };
  const limits = { ...usual, ...given };
  const stop = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(limits.deadlineMs), stop.signal]);
  const distinct = [...new Set(texts)].filter((text) => text.trim() !== '');
  // One request for many short texts. They are joined by empty lines, and no finding can be part of those.
  const pieces = chunks(distinct.join(BETWEEN), limits.chunk);
  const found: Span[] = [];
  let failure: string | null = null;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let piece = pieces[next++]; piece && failure === null; piece = pieces[next++]) {
      const looked = await look(account, piece, limits, signal);
      if (looked.ok) found.push(...looked.spans);
      else {
        failure ??= looked.reason;
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  if (failure !== null) return { ok: false, reason: failure };
  const clean = new Map<string, string>();
  let start = 0;
  for (const text of distinct) {
    const end = start + text.length;
    const own = found
      .filter((span) => span.start < end && span.end > start)
      .map((span) => ({
        ...span,
        start: Math.max(span.start, start) - start,
        end: Math.min(span.end, end) - start,
      }));
    clean.set(text, cutOut(text, own, key));
    start = end + BETWEEN.length;
  }
  return { ok: true, texts: texts.map((text) => clean.get(text) ?? text) };
}

const BETWEEN = '\n\n';
type Chunk = { text: string; start: number };

/** Pieces of at most `most` characters without white space around. They end at the end of a line, otherwise of a word. */
export function chunks(text: string, most: number): Chunk[] {
  const pieces: Chunk[] = [];
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at, at + most);
    const last = at + rest.length === text.length ? rest.length : cutAt(rest);
    const piece = rest.slice(0, last);
    const inner = piece.trim();
    if (inner !== '') pieces.push({ text: inner, start: at + piece.indexOf(inner) });
    at += last;
  }
  return pieces;
}

function cutAt(text: string): number {
  const line = text.lastIndexOf('\n') + 1;
  if (line > 0) return line;
  const word = Math.max(...[' ', '\t', ',', ';', '}', '&'].map((sign) => text.lastIndexOf(sign) + 1));
  if (word > 0) return word;
  const tail = text.charCodeAt(text.length - 1);
  return text.length - (tail >= 0xd800 && tail <= 0xdbff && text.length > 1 ? 1 : 0);
}

type Looked = { ok: true; spans: Span[] } | { ok: false; reason: string };

async function look(
  account: SkyflowAccount,
  { text, start }: Chunk,
  { timeoutMs, pauseMs }: SkyflowLimits,
  signal: AbortSignal,
): Promise<Looked> {
  const answer = await requestJson({
    method: 'POST',
    url: `${account.url}/v1/detect/deidentify/string`,
    headers: { authorization: `Bearer ${account.token}` },
    body: {
      vault_id: account.vaultId,
      text,
      entity_types: ENTITY_TYPES,
      token_type: { default: 'entity_unq_counter' },
    },
    timeoutMs,
    pauseMs,
    retries: 2,
    signal,
  });
  if (!answer.ok)
    return {
      ok: false,
      reason: answer.status === null ? 'Skyflow did not answer' : `Skyflow answered ${answer.status}`,
    };
  const parsed = Answer.safeParse(answer.body);
  if (!parsed.success) return { ok: false, reason: 'Skyflow answered in an unknown shape' };
  const entities = parsed.data.entities
    .toSorted((a, b) => a.location.start_index - b.location.start_index)
    .map(({ token, value, entity_type: type }) => ({ token, value, type }));
  const spans = spansOf(text, parsed.data.processed_text, entities);
  if (spans === null) return { ok: false, reason: 'Skyflow’s answer is not the text it was given' };
  return {
    ok: true,
    spans: spans.map((span) => ({ ...span, start: span.start + start, end: span.end + start })),
  };
}
