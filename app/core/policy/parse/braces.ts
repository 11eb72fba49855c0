// Brace expansion, which bash performs on the raw text before anything else: `{a,b}` is two words, `{1..3}` three.
// It must never guess: text that quotes, escapes or substitutes inside braces is not expanded here.

/** More words than this are a way to fill memory, not a way to write a script. */
const most = 1000;

/** The alternatives of one braces text such as `{a,b{c,d}}` or `{1..9..2}`; null when they are not plain text. */
export function alternatives(braces: string): string[] | null {
  const inner = braces.slice(1, -1);
  if (/[$`'"\\<>]/.test(inner)) return null;
  const sequence = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(inner);
  if (sequence) return range(sequence[1] ?? '', sequence[2] ?? '', sequence[3]);
  const words = split(inner).flatMap((part) => {
    const open = part.indexOf('{');
    const close = open < 0 ? -1 : matching(part, open);
    if (close < 0) return [part];
    const nested = alternatives(part.slice(open, close + 1));
    // One nested group is enough for any honest script; more in one alternative is reported as not plain.
    if (nested === null || part.indexOf('{', close) >= 0) return [null];
    return nested.map((text) => part.slice(0, open) + text + part.slice(close + 1));
  });
  return words.includes(null) || words.length > most ? null : (words as string[]);
}

function range(first: string, last: string, step: string | undefined): string[] | null {
  const numeric = /\d/.test(first) && /\d/.test(last);
  if (!numeric && (/\d/.test(first) || /\d/.test(last))) return null;
  if (!numeric && /[a-z]/.test(first) !== /[a-z]/.test(last)) return null;
  const from = numeric ? Number(first) : first.charCodeAt(0);
  const to = numeric ? Number(last) : last.charCodeAt(0);
  const by = Math.abs(Number(step ?? 1)) || 1;
  if (Math.abs(to - from) / by >= most) return null;
  const digits = (text: string) => text.replace('-', '').length;
  const padded = numeric && /^-?0\d/m.test(`${first}\n${last}`) ? Math.max(digits(first), digits(last)) : 0;
  const out: string[] = [];
  for (let n = from; from <= to ? n <= to : n >= to; n += from <= to ? by : -by) {
    out.push(numeric ? String(n).padStart(padded, '0') : String.fromCharCode(n));
  }
  return out;
}

function split(inner: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const char of inner) {
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function matching(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}
