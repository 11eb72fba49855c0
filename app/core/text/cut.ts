// The one place that makes text shorter. A reader never sees half a character, half an escape or an open fence.
// Must never be given text that was escaped already: what is cut is words, and what stands between them is made afterwards.

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** No character that people write is longer than this. What is, was made to make a cut lose everything before it. */
const LONGEST = 64;

/**
 * The text's beginning, at most `most` UTF-16 units long, made of whole characters as readers see them: flags, accents and
 * emoji of several parts stay whole (https://unicode.org/reports/tr29/).
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  if (most <= 0) return '';
  const index = graphemes.segment(text.slice(0, most + LONGEST)).containing(most)?.index ?? most;
  if (most - index <= LONGEST) return text.slice(0, index);
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

/** As cut(), with a sign at the end when something is missing. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${cut(text, most - 1).trimEnd()}…` : text;
}

/**
 * What `make` gives for the longest text that still fits into `limit` afterwards. `make` is told how long its text may be before
 * it is escaped, and is asked again with less until what it gives is short enough.
 */
export function fitted(most: number, limit: number, make: (most: number) => string): string {
  let allowed = most;
  let made = make(allowed);
  while (made.length > limit && allowed > 0) {
    allowed = Math.min(allowed - 1, Math.floor((allowed * limit) / made.length));
    made = make(allowed);
  }
  return made;
}
