// What another service found in a text, put to use without trusting its answer: the text that comes out is ours, with its
// findings cut out. Must never accept an answer that is not exactly our text with some values replaced.
import { personalPlaceholder, placeholderPattern, secretPlaceholder } from './placeholder.ts';
import type { Span } from './span.ts';

/** One finding: what stands in the answer (`token`), what stood in our text (`value`), the vendor's name for it. */
export type Entity = { token: string; value: string; type: string };

/**
 * Where the findings lie in the text, which proves the answer: read from left to right it must be the text itself, with
 * each value replaced by its token and nothing else changed. `entities` in the order of the text. Null for any other
 * answer: cut short, reworded, a token nobody explains, a value that never stood there.
 */
export function spansOf(text: string, processed: string, entities: readonly Entity[]): Span[] | null {
  const spans: Span[] = [];
  let [read, kept] = [0, 0]; // positions in `processed` and in `text`
  for (const { token, value, type } of entities) {
    if (token === '' || value.trim() === '') return null;
    const found = nextPlace(text, processed, { token, value, read, kept });
    if (found === null) return null;
    const start = kept + (found - read);
    spans.push({ kind: labelOf(type), start, end: start + value.length, value });
    read = found + token.length;
    kept = start + value.length;
  }
  return processed.slice(read) === text.slice(kept) ? spans : null;
}

type Place = { token: string; value: string; read: number; kept: number };

/** The first place of the token before which both texts agree and at which the value stands in ours. */
function nextPlace(text: string, processed: string, { token, value, read, kept }: Place): number | null {
  for (let at = processed.indexOf(token, read); at >= 0; at = processed.indexOf(token, at + 1)) {
    const between = processed.slice(read, at);
    if (!text.startsWith(between, kept)) return null;
    if (text.startsWith(value, kept + between.length)) return at;
  }
  return null;
}

const secretTypes = new Set(['PASSWORD', 'CVV']);
const ours: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  CREDIT_CARD: 'CARD',
  NAME_GIVEN: 'NAME',
  NAME_FAMILY: 'NAME',
  NAME_MEDICAL_PROFESSIONAL: 'NAME',
  USERNAME: 'USER',
  IP_ADDRESS: 'IP',
};

/** Our label for a vendor's type; one that would not fit a placeholder becomes PERSONAL. */
function labelOf(type: string): string {
  const label = ours[type.toUpperCase()] ?? type.toUpperCase();
  return /^[A-Z]{2,12}(?:_[A-Z]{2,12}){0,3}$/.test(label) ? label : 'PERSONAL';
}

/**
 * The text with the spans taken out, in our own form, stable under `key`. Placeholders of ours inside a span stay as they
 * are; what is left of the span around them goes.
 */
export function cutOut(text: string, spans: readonly Span[], key: string): string {
  const own = [...text.matchAll(placeholderPattern())].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
  }));
  let out = '';
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    for (const piece of around({ start: Math.max(span.start, at), end: span.end }, own)) {
      if (text.slice(piece.start, piece.end).trim() === '') continue;
      out += text.slice(at, piece.start) + wordsFor(span, key);
      at = piece.end;
    }
  }
  return out + text.slice(at);
}

type Range = { start: number; end: number };

/** The parts of a range that lie outside all others. */
function around(range: Range, others: readonly Range[]): Range[] {
  const parts: Range[] = [];
  let at = range.start;
  for (const other of others) {
    if (other.end <= at || other.start >= range.end) continue;
    if (other.start > at) parts.push({ start: at, end: other.start });
    at = Math.max(at, other.end);
  }
  return at < range.end ? [...parts, { start: at, end: range.end }] : parts;
}

function wordsFor({ kind, value }: Span, key: string): string {
  if (secretTypes.has(kind)) return secretPlaceholder(kind.toLowerCase());
  return personalPlaceholder(
    key,
    kind,
    (value ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim(),
  );
}
