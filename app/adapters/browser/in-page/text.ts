// Looks for a text among what a person can read on a page, as JavaScript that runs inside it. Needs what `seen.ts` defines.
// It must never find what is there and not to be read, and never glue two words together that stand in different boxes.

/** `words(text)` is null when the text can be read, and otherwise says why not. */
export const TEXT = `
const plain = (text) => text.replace(/[\\u00ad\\u200b-\\u200d\\u2060\\ufeff]/g, '').replace(/\\s+/g, ' ').toLowerCase();
const bare = (text) => plain(text).replace(/ /g, '');
const SILENT = ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'TITLE', 'DATALIST', 'OPTION', 'OPTGROUP', 'DESC', 'DEFS', 'SYMBOL', 'CLIPPATH', 'MASK', 'PATTERN', 'MARKER', 'METADATA'];

/** What an element shows by itself, without any text inside it. */
const shows = (e) => {
  if (e.tagName === 'INPUT')
    return /^(hidden|password|checkbox|radio|file|image|range|color)$/.test(e.type) ? '' : e.value || e.placeholder || (e.type === 'submit' ? 'Submit' : '');
  if (e.tagName === 'TEXTAREA') return e.value || e.placeholder;
  if (e.tagName === 'SELECT') return [...(e.size > 1 || e.multiple ? e.options : e.selectedOptions || [])].map((one) => one.text).join(' ');
  // It is written where the picture would be.
  return e.tagName === 'IMG' && e.complete && e.naturalWidth === 0 ? e.alt || '' : '';
};
const quoted = (e, which) => {
  const { content, display, visibility } = getComputedStyle(e, which);
  const said = /^"((?:[^"\\\\]|\\\\.)*)"/.exec(content || '');
  return said && display !== 'none' && visibility !== 'hidden' ? said[1].replace(/\\\\(.)/g, '$1') : '';
};

/** Everything a page says, in reading order: text nodes, and elements that show something by themselves. */
function* spoken(node, generated) {
  if (node.nodeType === 3) { if (node.data !== '') yield { node, text: node.data }; return; }
  if (node.nodeType !== 1 && node.nodeType !== 9 && node.nodeType !== 11) return;
  if (node.nodeType === 1) {
    if (SILENT.includes(node.tagName.toUpperCase())) return;
    if (node.tagName === 'BR') { yield { node, text: ' ', apart: true }; return; }
    const own = shows(node);
    if (own) yield { node, text: own, apart: true };
    if (node.tagName === 'TEXTAREA' || node.tagName === 'SELECT') return;
    if (generated) { const said = quoted(node, '::before'); if (said) yield { node, text: said, whole: true }; }
  }
  const slotted = node.tagName === 'SLOT' && node.assignedNodes ? node.assignedNodes() : [];
  for (const child of node.shadowRoot ? node.shadowRoot.childNodes : slotted.length ? slotted : node.childNodes) yield* spoken(child, generated);
  if (generated && node.nodeType === 1) { const said = quoted(node, '::after'); if (said) yield { node, text: said, whole: true }; }
}

const blocks = new Map();
const blockOf = (node) => {
  const e = node.nodeType === 1 ? node : node.parentElement || (node.parentNode && node.parentNode.host);
  if (!e) return null;
  if (!blocks.has(e)) blocks.set(e, /^(inline|contents|ruby)/.test(getComputedStyle(e).display) && up(e) ? blockOf(up(e)) : e);
  return blocks.get(e);
};

/** Whether this piece can be read, from one letter to another. Null: it can. */
const legible = ({ node, whole }, from, to) => {
  const e = node.nodeType === 1 ? node : node.parentElement || (node.parentNode && node.parentNode.host);
  if (!e) return 'it is hidden';
  const why = e.tagName === 'DETAILS' && !e.open ? 'it is hidden' : hidden(e);
  if (why) return why;
  const style = getComputedStyle(e);
  if (style.contentVisibility === 'hidden') return 'it is hidden';
  const ink = style.webkitTextFillColor || style.color;
  if (node.nodeType === 3 && alphaOf(ink) < 0.1 && style.textShadow === 'none' && style.backgroundClip !== 'text' && style.webkitBackgroundClip !== 'text') return 'it is transparent';
  if (!LAYOUT) return null;
  const range = () => {
    if (node.nodeType !== 3) return boxes(e.getClientRects());
    const one = document.createRange();
    one.setStart(node, from);
    one.setEnd(node, to);
    return boxes(one.getClientRects()).filter(({ height }) => height >= 3);
  };
  if (range().length === 0) return node.nodeType === 3 && node.data.slice(from, to).trim() === '' ? null : 'it has no size';
  return readable(e, () => middle(range()));
};

/** The pieces as one text, as they stand beside each other; for each letter of it, its piece and its place there. */
const joined = (pieces) => {
  let [all, last, began] = ['', null, false];
  const letters = [];
  for (const piece of pieces) {
    const block = blockOf(piece.node);
    if (began && (last !== block || piece.apart) && !all.endsWith(' ')) { all += ' '; letters.push(null); }
    [last, began] = [piece.apart ? null : block, true];
    for (let at = 0; at < piece.text.length; at += 1) {
      const letter = plain(piece.text[at]);
      if (letter === ' ' && all.endsWith(' ')) continue;
      for (const one of letter) { all += one; letters.push({ piece, at }); }
    }
  }
  return { all, letters };
};

/** Whether the text stands in these pieces and can be read there. Null: it can. */
const among = (pieces, want) => {
  const { all, letters } = joined(pieces);
  let reason = 'missing';
  for (let from = all.indexOf(want); from >= 0; from = all.indexOf(want, from + 1)) {
    const parts = new Map();
    for (const one of letters.slice(from, from + want.length)) {
      if (!one) continue;
      const part = parts.get(one.piece) || { from: one.at, to: one.at + 1 };
      parts.set(one.piece, { from: Math.min(part.from, one.at), to: Math.max(part.to, one.at + 1) });
    }
    let why = null;
    for (const [piece, part] of parts) if (!why) why = legible(piece, part.from, part.to);
    if (!why) return null;
    reason = why;
  }
  return reason;
};

const MOST = 200; // of a thousand hidden copies, the first ones tell enough
const words = (wanted) => {
  const [want, wantBare] = [plain(wanted), bare(wanted)];
  if (document.getElementsByTagName('parsererror').length > 0) return 'the page cannot be read by a browser';
  let reason = 'missing';
  for (const generated of [false, true]) {
    const pieces = [...spoken(document.body || document.documentElement, generated)];
    let text = '';
    const ends = pieces.map((piece) => (text += bare(piece.text)).length);
    let tries = 0;
    for (let at = text.indexOf(wantBare); at >= 0 && tries < MOST; at = text.indexOf(wantBare, at + 1), tries += 1) {
      let [low, high] = [0, ends.length - 1];
      while (low < high) { const mid = (low + high) >> 1; if (ends[mid] > at) high = mid; else low = mid + 1; }
      let last = low;
      while (ends[last] < at + wantBare.length) last += 1;
      const said = among(pieces.slice(low, last + 1), want);
      if (!said) return null;
      if (said !== 'missing') reason = said;
    }
    if (reason !== 'missing') return reason;
  }
  return reason;
};
`;
