// Finds base64 that wraps text, also when it is folded into lines, and says what it holds.
// Binary data is left alone: what is not text cannot be read by the detectors either.

/** `text` is what the characters [start, end) hold. */
export type Wrapped = { text: string; start: number; end: number };

/** 1 at the character codes of both base64 alphabets. */
export const BASE64 = new Uint8Array(128);
for (const sign of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  BASE64[sign.charCodeAt(0)] = 1;
}
/** Encoders fold at 56 characters or more (PEM 64, MIME 76). */
export const FOLDED_LINE = 56;
// Encoded text shorter than this is no credential and no address.
const SHORTEST = 16;
const FOLD = /^[ \t]*\r?\n[ \t]*$/;

type Run = { start: number; end: number };

/** Every run of base64 that decodes to readable text. */
export function wrapped(text: string): Wrapped[] {
  const out: Wrapped[] = [];
  const all = runs(text);
  for (let index = 0; index < all.length; index += 1) {
    const first = all[index];
    if (!first) break;
    let last = first;
    let folded = '';
    for (let next = all[index + 1]; next && joins(text, last, next); next = all[index + 1]) {
      folded += text.slice(next.start, next.end);
      last = next;
      index += 1;
    }
    const whole = last === first ? readAt(text, first) : read(text.slice(first.start, first.end) + folded);
    if (whole !== null) out.push({ text: whole, start: first.start, end: last.end });
    else if (last === first) out.push(...readParts(text, first));
  }
  return out;
}

function joins(text: string, run: Run, next: Run): boolean {
  if (run.end - run.start < FOLDED_LINE || next.start - run.end > 80) return false;
  return FOLD.test(text.slice(run.end, next.start));
}

/** Unbroken runs of the alphabet, with their padding. A loop, since a pattern is ten times slower at this. */
function runs(text: string): Run[] {
  const out: Run[] = [];
  let start = 0;
  for (let index = 0; index <= text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128 && BASE64[code] === 1) continue;
    if (index - start >= SHORTEST) {
      let end = index;
      while (end < index + 2 && text[end] === '=') end += 1;
      out.push({ start, end });
    }
    start = index + 1;
  }
  return out;
}

/** `/`, `-` and `_` are base64 characters and separators of paths and names both: a part may be what was encoded. */
function readParts(text: string, run: Run): Wrapped[] {
  const out: Wrapped[] = [];
  let start = run.start;
  for (let index = run.start; index <= run.end; index += 1) {
    const sign = index === run.end ? '/' : text[index];
    if (sign !== '/' && sign !== '-' && sign !== '_') continue;
    const whole = start === run.start && index === run.end;
    const inner = whole || index - start < SHORTEST ? null : readAt(text, { start, end: index });
    if (inner !== null) out.push({ text: inner, start, end: index });
    start = index + 1;
  }
  return out;
}

function readAt(text: string, { start, end }: Run): string | null {
  return plausible(text, start, end) ? read(text.slice(start, end)) : null;
}

/**
 * Cheap look at the first sixteen groups: the top bit of encoded ASCII is zero, so most groups begin with A-Z or a-f.
 * Hex digits alone are no base64.
 */
function plausible(text: string, start: number, end: number): boolean {
  let plain = 0;
  let groups = 0;
  for (let at = start; at + 4 <= end && groups < 16; at += 4) {
    groups += 1;
    const code = text.charCodeAt(at);
    if (code >= 65 && code <= 102 && code !== 95) plain += 1;
  }
  return (
    plain >= groups * 0.6 && !/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(text.slice(start, Math.min(end, start + 128)))
  );
}

/** The readable text that a string encodes, or null. */
export function read(encoded: string): string | null {
  const bytes = Buffer.from(encoded, 'base64');
  const wide = bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0;
  const text = bytes.toString(wide ? 'utf16le' : 'utf8');
  // The end may be cut in the middle of a character; anywhere else a replacement character means binary.
  return /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]|\ufffd(?!$)/.test(text) ? null : text;
}
