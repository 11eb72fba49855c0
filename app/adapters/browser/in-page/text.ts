// The pieces of text on a page, in reading order, and whether a person can read one of them, as JavaScript that runs inside it. Needs what
// `seen.ts` defines. It must never find what is there and not to be read.

export const TEXT = `
const SILENT = ['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'TITLE', 'DATALIST', 'OPTION', 'OPTGROUP', 'DESC', 'DEFS', 'SYMBOL', 'CLIPPATH', 'MASK', 'PATTERN', 'MARKER', 'METADATA', 'VIDEO', 'AUDIO', 'CANVAS', 'IFRAME', 'METER', 'PROGRESS', 'RP', 'NOEMBED', 'NOFRAMES'];
const NAMED = { submit: 'Submit', reset: 'Reset' };

/** What an element shows by itself, without any text inside it. */
const shows = (e) => {
  if (e.tagName === 'INPUT')
    return /^(hidden|password|checkbox|radio|file|image|range|color)$/.test(e.type) ? '' : e.value || e.placeholder || (e.hasAttribute('value') ? '' : NAMED[e.type] || '');
  if (e.tagName === 'TEXTAREA') return e.value || e.placeholder;
  if (e.tagName === 'SELECT') return [...(e.size > 1 || e.multiple ? e.options : e.selectedOptions || [])].map((one) => one.label || one.text).join(' ');
  // It is written where the picture would be.
  return e.tagName === 'IMG' && e.complete && e.naturalWidth === 0 ? e.alt || '' : '';
};

/** What style sheets write before or after an element. */
const quoted = (e, which) => {
  const style = getComputedStyle(e, which);
  const { content, display, visibility, opacity, color, fontSize } = style;
  if (!content || !/["(]/.test(content) || display === 'none' || visibility === 'hidden') return '';
  if (Number(opacity) < 0.1 || alphaOf(color) < 0.1 || parseFloat(fontSize) < 3) return '';
  let text = '';
  // Behind a slash stands what is for the blind.
  for (const [all, said, name] of content.matchAll(/"((?:[^"\\\\]|\\\\.)*)"|attr\\(([\\w-]+)\\)|\\//g)) {
    if (all === '/') break;
    text += name ? e.getAttribute(name) || '' : said.replace(/\\\\(.)/g, '$1');
  }
  return text;
};

/** The number that a list writes before its line. https://html.spec.whatwg.org/#ordinal-value */
const numbers = new Map();
const counted = (e) => {
  const list = e.parentElement;
  if (e.tagName !== 'LI' || !list || list.tagName !== 'OL') return '';
  const { display, listStyleType } = getComputedStyle(e);
  if (LAYOUT ? display !== 'list-item' || listStyleType !== 'decimal' : display === 'none' || !/^(decimal)?$/.test(listStyleType || '')) return '';
  if (!numbers.has(list)) {
    const lines = [...list.children].filter((one) => one.tagName === 'LI');
    let n = list.reversed && !list.hasAttribute('start') ? lines.length : list.start;
    numbers.set(list, new Map(lines.map((one) => {
      if (one.hasAttribute('value')) n = one.value;
      const own = n;
      n += list.reversed ? -1 : 1;
      return [one, own];
    })));
  }
  return numbers.get(list).get(e) + '. ';
};

/**
 * Everything a page says, in reading order: text nodes, and elements that show something by themselves. \`apart\`: it is never a part of the
 * word beside it. \`whole\`: its letters have no places. \`typed\`: a field shows it.
 */
function* spoken(node, generated) {
  if (node.nodeType === 3) { if (node.data !== '') yield { node, text: node.data }; return; }
  if (node.nodeType !== 1 && node.nodeType !== 9 && node.nodeType !== 11) return;
  if (node.nodeType === 1) {
    if (SILENT.includes(node.tagName.toUpperCase())) return;
    if (node.tagName === 'BR') { yield { node, text: ' ', apart: true }; return; }
    const own = shows(node);
    if (own) yield { node, text: own, apart: true, typed: true };
    if (node.tagName === 'TEXTAREA' || node.tagName === 'SELECT') return;
    if (generated) for (const said of [counted(node), quoted(node, '::before')]) if (said) yield { node, text: said, whole: true };
  }
  const slotted = node.tagName === 'SLOT' && node.assignedNodes ? node.assignedNodes() : [];
  for (const child of node.shadowRoot ? node.shadowRoot.childNodes : slotted.length ? slotted : node.childNodes) yield* spoken(child, generated);
  if (generated && node.nodeType === 1) { const said = quoted(node, '::after'); if (said) yield { node, text: said, whole: true }; }
}

const elementOf = (node) => node.nodeType === 1 ? node : up(node);
const blocks = new Map();
const blockOf = (node) => {
  const e = elementOf(node);
  if (!e) return null;
  if (!blocks.has(e)) blocks.set(e, /^(inline|contents|ruby)/.test(getComputedStyle(e).display) && up(e) ? blockOf(up(e)) : e);
  return blocks.get(e);
};

const isForBlind = ({ position, clip, clipPath, left }) =>
  /^inset\\((50|100)%/.test(clipPath || '') || /absolute|fixed/.test(position) && (/^rect\\([01]/.test(clip || '') || parseFloat(left) < -999);

/** Why nobody reads this piece, as far as styles say. Null: they do not hide it. */
const unstyled = ({ node, typed }) => {
  const e = elementOf(node);
  if (!e) return 'it is hidden';
  const why = e.tagName === 'DETAILS' && !e.open ? 'it is hidden' : hidden(e, true);
  if (why) return why;
  const style = getComputedStyle(e);
  if (style.contentVisibility === 'hidden') return 'it is hidden';
  if (parseFloat(style.fontSize) < 3) return 'it has no size';
  if (/^(disc|circle|square)$/.test(style.webkitTextSecurity || '')) return 'it is drawn as dots';
  const ink = style.webkitTextFillColor || style.color;
  // Where nothing is laid out, the usual ways to write for the blind alone.
  if (!LAYOUT) for (let n = e; n && n !== document.body; n = up(n)) if (isForBlind(getComputedStyle(n))) return 'it is cut off';
  const drawn = style.textShadow !== 'none' || style.backgroundClip === 'text' || style.webkitBackgroundClip === 'text';
  return (node.nodeType === 3 || typed) && alphaOf(ink) < 0.1 && !drawn ? 'it is transparent' : null;
};

/** The boxes of some letters of a piece, without those that nobody sees. */
const boxesOf = ({ node }, from, to) => {
  if (node.nodeType !== 3) return boxes(node.getClientRects());
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return boxes(range.getClientRects()).filter(({ height }) => height >= 3);
};

/** Whether this piece can be read, from one letter to another. Null: it can. A line that is cut off at its end cannot. */
const legible = (piece, from, to) => {
  const why = unstyled(piece);
  if (why || !LAYOUT) return why;
  const { node, text } = piece;
  if (boxesOf(piece, from, to).length === 0) return node.nodeType === 3 && text.slice(from, to).trim() === '' ? null : 'it has no size';
  const places = [() => middle(boxesOf(piece, from, to))];
  if (node.nodeType === 3 && to - from > 2)
    for (const at of [from, to - 1]) if (boxesOf(piece, at, at + 1).length > 0) places.push(() => middle(boxesOf(piece, at, at + 1)));
  for (const place of places) { const said = readable(elementOf(node), place); if (said) return said; }
  return null;
};
`;
