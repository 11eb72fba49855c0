// The only form in which text from outside reaches a model: one JSON value between two lines that hold a boundary of
// this request. The text can neither end the envelope nor look like anything outside it; this file never interprets it.
import { normalise } from './untrusted.ts';

/** One piece of outside text; `name` is ours (letters, digits, `.`, `_`, `-`), `text` is theirs, already redacted. */
export type EnvelopeField = { name: string; text: string };
/** Characters of text: of one field, and of all of them together. */
export type EnvelopeLimits = { perField: number; total: number };
export type Envelope = { ok: true; text: string; truncated: string[] } | { ok: false; reason: string };

const BOUNDARY = /^[A-Za-z0-9_-]{16,64}$/;
const NAME = /^[a-z][A-Za-z0-9._-]{0,63}$/;

/**
 * The envelope. `boundary` is random and new for each request; it is refused when it is malformed or occurs in the
 * text, since then somebody knew it. Fields over their limit are cut and say so; `truncated` names them. What no
 * longer fits into `total` is cut in the order of the fields, so the caller puts the most important first.
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
  // Normalisation takes characters out, which could bring the parts of a split boundary together.
  if (json.toLowerCase().includes(boundary.toLowerCase()))
    return { ok: false, reason: 'the boundary occurs in the text' };
  return {
    ok: true,
    text: `BEGIN UNTRUSTED DATA ${boundary}\n${json}\nEND UNTRUSTED DATA ${boundary}`,
    truncated,
  };
}

/** JSON on one line without `<`, `>` or `&`, so that no reader of tags finds one in it. */
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
 * Whether a quote stands word for word in one piece of evidence. Only the amount of white space may differ, since
 * line ends do not survive being quoted; case, punctuation and order may not.
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
