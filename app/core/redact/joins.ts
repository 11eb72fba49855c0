// Which lines belong to the next one: folded base64, and a sensitive name whose value follows. Asked for every line of
// every text, so the cheap looks come first.
import { STRONG, WEAK } from './assignments.ts';
import { BASE64, FOLDED_LINE } from './base64.ts';

const DANGLING = new RegExp(
  `(?:${STRONG}|${WEAK})s?\\\\{0,3}["']?[ \\t]*(?:(?:[:=]|=>)[ \\t]*(?:[|>][-+]?\\d?|\\\\)?|,)?[ \\t\\r]*$`,
  'i',
);
// The last three letters of those names.
const ENDINGS = new Set(
  'ord ort swd pwd ase ode ass uth key ret ken ing cvv cvc ial rer jwt ion sid nid otp ure sig eys ens als ets'.split(
    ' ',
  ),
);
const TAIL = 96;

/** Whether the line [start, end) of the text, without its line end, joins the next one. */
export function joinsNext(text: string, start: number, end: number): boolean {
  let last = end;
  while (last > start && last > end - 12 && !isLetter(text.charCodeAt(last - 1))) last -= 1;
  if (last - start >= 3 && ENDINGS.has(text.slice(last - 3, last).toLowerCase())) {
    if (DANGLING.test(text.slice(Math.max(start, end - TAIL), end))) return true;
  }
  return endsFolded(text, start, end);
}

function endsFolded(text: string, start: number, end: number): boolean {
  let from = end;
  while (from > start && /[ \t\r]/.test(text[from - 1] ?? '')) from -= 1;
  if (from - start < FOLDED_LINE) return false;
  for (let index = from - 1; index >= from - FOLDED_LINE; index -= 1) {
    const code = text.charCodeAt(index);
    if (code >= 128 || BASE64[code] !== 1) return false;
  }
  return true;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
