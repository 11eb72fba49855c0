// Other readings of the same text: what it says once invisible characters, compatibility forms, JSON escapes, URL
// encoding and base64 are taken away. A secret that can be read in any of them is a secret in the text.
// Nothing here decides what is secret.
import { INVISIBLE, TERMINAL } from '#core/text/untrusted';
import { linesWith, type Mapped, type Piece, rewrite } from './mapped.ts';
import { hits } from './matching.ts';

const ODD = new RegExp(`${TERMINAL.source}|[^\\x00-\\x7f]`, 'g');
const ODD_PARTS = new RegExp(`(${TERMINAL.source}|${INVISIBLE.source})|([^\\x00-\\x7f])`, 'gu');
const ESCAPES =
  /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([nrtbf"'\\/]))|((?:%[0-9a-fA-F]{2})+)|&(?:quot|apos|amp|lt|gt|#\d{1,6}|#x[0-9a-fA-F]{1,5});/g;
const SIMPLE: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: ' ', f: ' ' };
const ENTITIES: Record<string, string> = { quot: '"', apos: "'", amp: '&', lt: '<', gt: '>' };

/**
 * The lines with non-ASCII or terminal sequences as a reader sees them: NFKC character by character, invisible ones
 * gone, any dash a hyphen, any decimal digit an ASCII one. Null when there are none.
 */
export function asSeen(text: string): Mapped | null {
  const lines = linesWith(text, ODD);
  if (lines.length === 0) return null;
  const pieces: Piece[] = [];
  for (const [start, end] of lines) {
    for (const hit of hits(ODD_PARTS, text.slice(start, end))) {
      const at = start + hit.index;
      const seen = hit[2] === undefined ? '' : fold(hit[2]);
      if (seen !== hit[0]) pieces.push({ text: seen, start: at, end: at + hit[0].length });
    }
  }
  return pieces.length === 0 ? null : rewrite(text, pieces, lines);
}

function fold(character: string): string {
  if (/\p{Pd}|\u2212/u.test(character)) return '-';
  if (/\p{Zs}/u.test(character)) return ' ';
  const form = character.normalize('NFKC');
  return /^\p{Nd}$/u.test(form) ? digit(form) : form;
}

/** Unicode keeps every set of decimal digits in ten consecutive code points, zero first. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  // The mathematical digits follow one another without a gap, five sets of ten.
  return String(code >= 0x1d7ce && code <= 0x1d7ff ? (code - 0x1d7ce) % 10 : code - zero);
}

/** The lines with JSON, URL or HTML escapes, one layer of them taken away. Null when there are none. */
export function unescaped(text: string): Mapped | null {
  const lines = linesWith(text, ESCAPES);
  if (lines.length === 0) return null;
  const pieces: Piece[] = [];
  for (const [start, end] of lines) {
    for (const hit of hits(ESCAPES, text.slice(start, end))) {
      const at = start + hit.index;
      if (hit[4]) pieces.push(...percentDecoded(hit[4], at));
      else pieces.push({ text: plainForm(hit), start: at, end: at + hit[0].length });
    }
  }
  return rewrite(text, pieces, lines);
}

/** One piece a character, so that a range can end between two of them; bytes that are no UTF-8 read as Latin-1. */
function percentDecoded(run: string, at: number): Piece[] {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  const utf8 = bytes.toString('utf8');
  const characters = [...(utf8.includes('\ufffd') ? bytes.toString('latin1') : utf8)];
  const encoding = utf8.includes('\ufffd') ? 'latin1' : 'utf8';
  let start = at;
  return characters.map((text) => {
    const end = start + 3 * Buffer.byteLength(text, encoding);
    const piece = { text, start, end };
    start = end;
    return piece;
  });
}

function plainForm(hit: RegExpExecArray): string {
  const [whole, unicode, hex, simple] = hit;
  if (unicode ?? hex) return String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16));
  if (simple) return SIMPLE[simple] ?? simple;
  const name = whole.slice(1, -1);
  const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return ENTITIES[name] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : '');
}
