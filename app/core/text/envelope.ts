// The only form in which text from outside reaches a model: one JSON value between two lines that hold a boundary made
// for this request. The text must never be able to end the envelope or to look like something outside it.
// This file must never interpret the text.
import { normalise } from './untrusted.ts';

/** One piece of outside text; `name` is ours (letters, digits, `.`, `_`, `-`), `text` is theirs, already redacted. */
export type EnvelopeField = { name: string; text: string };
/** The most characters of text, in one field and in all fields together. */
export type EnvelopeLimits = { perField: number; total: number };
export type Envelope = { ok: true; text: string; truncated: string[] } | { ok: false; reason: string };

const BOUNDARY = /^[A-Za-z0-9_-]{16,64}$/;
const NAME = /^[a-z][A-Za-z0-9._-]{0,63}$/;

/**
 * Makes the envelope. `boundary` is random and new for each request. It is refused when it is malformed, and when it
 * occurs in the text, since then somebody knew it. A field over its limit is cut and says so; `truncated` names it.
 * Earlier fields get their part of `total` first, so the caller puts the most important field first.
 */
export function sealed(boundary: string, fields: readonly EnvelopeField[], limits: EnvelopeLimits): Envelope {
  if (!BOUNDARY.test(boundary))
    return { ok: false, reason: 'the boundary is no 16 to 64 letters and digits' };
  const names = fields.map(({ name }) => name);
  const odd = names.find((name, index) => !NAME.test(name) || names.indexOf(name) !== index);
  if (odd !== undefined)
    return { ok: false, reason: `the field name ${JSON.stringify(odd.slice(0, 64))} is malformed or double` };
  const guessed = fields.find(({ text }) => text.toLowerCase().includes(boundary.toLowerCase()));
  if (guessed) return { ok: false, reason: `the boundary occurs in the field ${guessed.name}` };

  let left = limits.total;
  const truncated: string[] = [];
  const untrusted = fields.map(({ name, text }) => {
    const whole = normalise(text, { maxChars: text.length });
    const kept = normalise(text, { maxChars: Math.max(0, Math.min(limits.perField, left)) });
    if (kept !== whole) truncated.push(name);
    left -= kept.length;
    return { name, text: kept };
  });
  const json = plainJson({ untrusted });
  // Normalisation removes characters. That could join the two halves of a boundary that was split.
  if (json.toLowerCase().includes(boundary.toLowerCase()))
    return { ok: false, reason: 'the boundary occurs in the text' };
  return {
    ok: true,
    text: `BEGIN UNTRUSTED DATA ${boundary}\n${json}\nEND UNTRUSTED DATA ${boundary}`,
    truncated,
  };
}

/** JSON on one line without `<`, `>` or `&`, so that nobody who looks for tags finds one. */
function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Shorter quotes occur anywhere and prove nothing. */
const SHORTEST_QUOTE = 8;

type QuoteCheck = { ok: true; id: string } | { ok: false; reason: 'too short' | 'not in the evidence' };

/**
 * Whether a quote stands word for word in one piece of evidence. The amount of white space may differ, since line ends
 * change when a text is quoted. Case, punctuation and order must be the same.
 */
export function quoted(quote: string, evidence: readonly { id: string; text: string }[]): QuoteCheck {
  const words = squeezed(quote);
  if (words.length < SHORTEST_QUOTE) return { ok: false, reason: 'too short' };
  const found = evidence.find(({ text }) => squeezed(text).includes(words));
  return found ? { ok: true, id: found.id } : { ok: false, reason: 'not in the evidence' };
}

function squeezed(text: string): string {
  return normalise(text, { maxChars: text.length }).replace(/\s+/g, ' ').trim();
}
