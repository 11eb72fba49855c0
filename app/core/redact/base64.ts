// Finds base64 that wraps text, also when it is folded into lines, and says what it holds.
// Binary data is left alone: what is not text cannot be read by the detectors either.

/** `text` is what the characters [start, end) hold. */
export type Wrapped = { text: string; start: number; end: number };

// Encoded text shorter than this is no credential and no address.
const SHORTEST = 16;
const FOLD = /^[ \t]*\r?\n[ \t]*$/;
// Encoders fold at 56 characters or more (PEM 64, MIME 76).
const FOLDED_LINE = 56;

/** Every run of base64 that decodes to readable text. */
export function wrapped(text: string): Wrapped[] {
  const out: Wrapped[] = [];
  let block = { text: '', start: -1, end: -1, folds: false };
  const flush = () => {
    if (block.start >= 0) out.push(...readRun(block));
  };
  for (const { start, end } of runs(text)) {
    const run = text.slice(start, end);
    const between = block.end < 0 || start - block.end > 80 ? ' ' : text.slice(block.end, start);
    if (block.folds && FOLD.test(between)) {
      block = { text: block.text + hit[0], start: block.start, end, folds: hit[0].length >= FOLDED_LINE };
      continue;
    }
    flush();
    block = { text: run, start, end, folds: run.length >= FOLDED_LINE };
  }
  flush();
  return out;
}

const ALPHABET = new Uint8Array(128);
for (const sign of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
  ALPHABET[sign.charCodeAt(0)] = 1;
}

/** Unbroken runs of the alphabet, with their padding. A loop, since a pattern is ten times slower at this. */
function* runs(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (let index = 0; index <= text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128 && ALPHABET[code] === 1) continue;
    if (index - start >= SHORTEST) {
      let end = index;
      while (end < index + 2 && text[end] === '=') end += 1;
      yield { start, end };
    }
    start = index + 1;
  }
}

function readRun(run: { text: string; start: number; end: number }): Wrapped[] {
  const whole = read(run.text);
  if (whole !== null) return [{ text: whole, start: run.start, end: run.end }];
  // `/`, `-` and `_` are base64 characters and path separators both: the parts may be what was encoded.
  if (run.text.length !== run.end - run.start || !/[/_-]/.test(run.text)) return [];
  const out: Wrapped[] = [];
  for (const part of run.text.matchAll(/[A-Za-z0-9+=]{16,}/g)) {
    const inner = read(part[0]);
    const start = run.start + part.index;
    if (inner !== null) out.push({ text: inner, start, end: start + part[0].length });
  }
  return out;
}

/** The readable text that a string encodes, or null. */
export function read(encoded: string): string | null {
  if (!plausible(encoded)) return null;
  const bytes = Buffer.from(encoded, 'base64');
  const wide = bytes.length >= 8 && bytes[1] === 0 && bytes[3] === 0 && bytes[5] === 0;
  const text = bytes.toString(wide ? 'utf16le' : 'utf8');
  // The end may be cut in the middle of a character; anywhere else a replacement character means binary.
  return /[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]|\ufffd(?!$)/.test(text) ? null : text;
}

/** Cheap look at the first groups: in encoded ASCII the top bit of each byte is zero. Hex digits alone are no base64. */
function plausible(encoded: string): boolean {
  if (/^[0-9a-f]+$|^[0-9A-F]+$/.test(encoded.slice(0, 128))) return false;
  let plain = 0;
  let groups = 0;
  for (let at = 0; at + 4 <= encoded.length && at < 64; at += 4) {
    groups += 1;
    const first = encoded.charCodeAt(at);
    if (first >= 65 && first <= 102 && first !== 95) plain += 1;
  }
  return groups > 0 && plain >= groups * 0.6;
}
