// Looks for a text among what a person can read on a page, as JavaScript that runs inside it. Needs what `seen.ts` and `text.ts` define.
// It must never read over a piece that a person sees, and never glue two words together that stand apart.

/** `words(text)` is null when the text can be read, and otherwise says why not. */
export const WORDS = `
// Letters alone: what nobody sees is left out, and a letter with its accent is two, as it may stand in the source.
const UNSEEN = /[\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufe00-\\ufe0f\\ufeff]/g;
const PRINTED = /^[\\x20-\\x7e]*$/; // most of what there is, and soon done with
const plain = (text) => PRINTED.test(text) ? text.toLowerCase().replace(/ {2,}/g, ' ') : text.normalize('NFD').replace(UNSEEN, '').replace(/[\\ufb00-\\ufb06]/g, (two) => two.normalize('NFKD'))
  .replace(/\\s+/g, ' ').toLowerCase().replace(/\\u03c2/g, '\\u03c3').replace(/\\u00df/g, 'ss');
const bare = (text) => plain(text).replace(/ /g, '');
const isMark = (letter) => /^\\p{M}/u.test(letter);

/** Nothing, a space, or either of them: what a person sees between the ends of two pieces. */
const NONE = 0, EITHER = 1, SPACE = 2;
const isSpaced = (node) => {
  const e = elementOf(node);
  const { marginLeft, marginRight, paddingLeft, paddingRight } = getComputedStyle(e);
  return [marginLeft, marginRight, paddingLeft, paddingRight].some((one) => parseFloat(one) > 0) || up(e) && /flex|grid/.test(getComputedStyle(up(e)).display);
};
const between = (a, b, skipped) => {
  if (a.apart || b.apart) return SPACE;
  const same = blockOf(a.node) === blockOf(b.node);
  if (a.whole || b.whole) return same ? EITHER : SPACE;
  const lies = same ? NONE : SPACE;
  if (!LAYOUT) return skipped || isSpaced(a.node) || isSpaced(b.node) ? EITHER : lies;
  const [one, two] = [boxesOf(a, a.text.trimEnd().length - 1, a.text.trimEnd().length).pop(), boxesOf(b, 0, b.text.length)[0]];
  if (!one || !two) return skipped ? EITHER : lies;
  const level = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > Math.min(one.height, two.height) * 0.3;
  if (!level) return skipped && same ? EITHER : lies;
  const gap = Math.max(two.left - one.right, one.left - two.right) / Math.min(one.height, two.height);
  if (gap < 0.1) return same && !skipped ? NONE : EITHER;
  return gap < 0.4 || skipped ? EITHER : SPACE;
};

/** A space that the page lays out nowhere, between two boxes. */
const isNowhere = ({ node, text }) => {
  if (node.nodeType !== 3 || text.trim() !== '') return false;
  if (/^(inline-)?(flex|grid)$/.test(getComputedStyle(up(node)).display)) return true;
  if (!LAYOUT) return false;
  const range = document.createRange();
  range.selectNodeContents(node);
  return range.getClientRects().length === 0;
};

/** The letters of a chain, each with its piece and its place there, and what stands between. */
const lettersOf = (chain) => {
  const letters = [];
  let [last, skipped, blank] = [null, false, false];
  const space = (how) => {
    if (how === NONE || letters.length === 0) return;
    const end = letters[letters.length - 1];
    if (end.letter !== ' ') letters.push({ letter: ' ', optional: how === EITHER });
    else if (how === SPACE) end.optional = false;
  };
  for (const { piece, skip } of chain) {
    if (skip) { skipped = true; continue; }
    if (piece.apart && piece.text === ' ') { space(SPACE); last = null; continue; }
    if (isNowhere(piece)) { skipped = true; continue; }
    if (last) space(between(last, piece, skipped));
    [last, skipped] = [piece.text.trim() === '' ? null : piece, false];
    for (let at = 0; at < piece.text.length; at += 1)
      for (const letter of plain(piece.text[at])) {
        if (letter === ' ') space(SPACE);
        else letters.push({ letter, piece, at });
      }
  }
  return letters;
};

/** Whether the text stands in these letters at this place: those of it, or null. */
const matched = (letters, from, want) => {
  const taken = [];
  let at = from;
  for (const letter of want) {
    while (letters[at] && letters[at].optional && letter !== ' ') at += 1;
    if (!letters[at] || letters[at].letter !== letter) return null;
    taken.push(letters[at]);
    at += 1;
  }
  return letters[at] && isMark(letters[at].letter) ? null : taken;
};

/** Whether the text stands in this chain of pieces and can be read there. Null: it can. */
const among = (chain, want) => {
  const letters = lettersOf(chain);
  let reason = 'missing';
  for (let from = 0; from < letters.length; from += 1) {
    const taken = matched(letters, from, want);
    if (!taken) continue;
    const parts = new Map();
    for (const { piece, at } of taken) {
      if (!piece) continue;
      const part = parts.get(piece) || { from: at, to: at + 1 };
      parts.set(piece, { from: Math.min(part.from, at), to: Math.max(part.to, at + 1) });
    }
    let why = null;
    for (const [piece, part] of parts) if (!why) why = legible(piece, part.from, part.to);
    if (!why) return null;
    reason = why;
  }
  return reason;
};

/** Lies where it takes no place among the others, or may. It is asked first, because it is cheap. */
const isAside = ({ node }) => {
  const block = blockOf(up(elementOf(node)) || node);
  for (let n = elementOf(node); n && n !== block; n = up(n)) {
    const { position, clipPath } = getComputedStyle(n);
    if (/absolute|fixed/.test(position) || (clipPath && clipPath !== 'none')) return true;
  }
  return false;
};
/** Takes no place among the others, so that the eye goes on from the piece before it to the one after it. */
const isAway = (piece) => {
  if (unstyled(piece) !== null) return true;
  if (!LAYOUT) return false;
  if (boxesOf(piece, 0, piece.text.length).length === 0) return true;
  return isAside(piece) && /cut off|off the screen/.test(legible(piece, 0, piece.text.length) || '');
};

/** All chains of pieces that go on from here and hold the rest of the text. Those that nobody sees are read over. */
const FARTHEST = 60; // pieces that a line may have, beside one for each letter and one between
const fits = (text, rest) => text !== '' && (text.startsWith(rest) || rest.startsWith(text));
/** Whether anything comes that could go on: asked before it is found out what a person sees, which takes longer. */
const goesOn = (texts, from, rest) => {
  for (let at = from; at < Math.min(from + FARTHEST, texts.length); at += 1) if (fits(texts[at], rest)) return true;
  return false;
};
function* onward(pieces, texts, at, rest, left) {
  if (rest === '') { yield []; return; }
  if (at >= pieces.length || left === 0) return;
  const [piece, text] = [pieces[at], texts[at]];
  if (text === '' || fits(text, rest))
    for (const more of onward(pieces, texts, at + 1, rest.slice(text.length), left - 1)) yield [{ piece }, ...more];
  if (text !== '' && goesOn(texts, at + 1, rest) && isAway(piece))
    for (const more of onward(pieces, texts, at + 1, rest, left - 1)) yield [{ piece, skip: true }, ...more];
}
function* chains(pieces, texts, want) {
  const ends = new Map(); // by their last letter, the beginnings of the text that may stand at the end of a piece
  for (let most = want.length - 1; most > 0; most -= 1) ends.set(want[most - 1], [...(ends.get(want[most - 1]) || []), want.slice(0, most)]);
  for (let at = 0; at < pieces.length; at += 1) {
    const text = texts[at];
    if (text.includes(want)) yield [{ piece: pieces[at] }];
    for (const begin of ends.get(text[text.length - 1]) || [])
      if (text.endsWith(begin))
        for (const more of onward(pieces, texts, at + 1, want.slice(begin.length), FARTHEST + 2 * want.length)) yield [{ piece: pieces[at] }, ...more];
  }
}

const MOST = 200; // of a thousand hidden copies, the first ones tell enough
const words = (wanted) => {
  const [want, wantBare] = [plain(wanted), bare(wanted)];
  if (document.getElementsByTagName('parsererror').length > 0) return 'the page cannot be read by a browser';
  let reason = 'missing';
  for (const generated of [false, true]) {
    const pieces = [...spoken(document.body || document.documentElement, generated)];
    const texts = pieces.map(({ text }) => bare(text));
    let tries = 0;
    for (const chain of chains(pieces, texts, wantBare)) {
      if ((tries += 1) > MOST) break;
      const said = among(chain, want);
      if (!said) return null;
      if (said !== 'missing' && reason === 'missing') reason = said;
    }
  }
  return reason;
};
`;
