// What a person can see and reach of a page, as JavaScript that runs inside it: boxes, what covers them, what is transparent.
// It must never change the page: it scrolls as a person would, and nothing else. And it must never believe an element because it is there.

/**
 * Expects `LAYOUT`: whether this engine has positions. Lightpanda has none, so that only what style sheets say is asked there.
 * https://www.w3.org/TR/cssom-view-1/#dom-element-checkvisibility
 */
export const SEEN = `
const up = (n) => n.assignedSlot || n.parentElement || (n.parentNode && n.parentNode.host) || null;
const boxOf = (n) => { while (n && getComputedStyle(n).display === 'contents') n = up(n); return n; };
const nameOf = (e) => e.tagName.toLowerCase() + (e.id ? '#' + e.id : typeof e.className === 'string' && e.className.trim() ? '.' + e.className.trim().split(/\\s+/)[0] : '');

/** Why nobody sees it, as far as styles say. Null: they do not hide it. \`reads\`: what is too soft to be read counts as well. */
const hidden = (element, reads = false) => {
  const e = boxOf(element);
  if (!e || !e.isConnected) return 'it is hidden';
  if (e.checkVisibility && !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return 'it is hidden';
  let opacity = 1;
  for (let n = e, below = null; n; below = n, n = up(n)) {
    if (n.inert) return 'it is inert';
    if (n.shadowRoot && below && below.parentNode === n && !below.assignedSlot) return 'it is hidden';
    if (n.tagName === 'DETAILS' && !n.open && below && !(below.tagName === 'SUMMARY' && below === n.querySelector(':scope > summary'))) return 'it is hidden';
    const { opacity: own, filter, maskImage } = getComputedStyle(n);
    if (own !== '') opacity *= Number(own);
    if (/gradient/.test(maskImage || '') && coloursOf(maskImage).every((one) => alphaOf(one) < 0.1)) opacity = 0;
    const soft = reads && /blur\\(([\\d.]+)px\\)/.exec(filter || '');
    if (soft && Number(soft[1]) >= 3) return 'it is blurred';
    const filtered = /opacity\\(([\\d.]+)(%?)\\)/.exec(filter || '');
    if (filtered) opacity *= Number(filtered[1]) / (filtered[2] ? 100 : 1);
  }
  return opacity < 0.1 ? 'it is transparent' : null;
};

const alphaOf = (colour) => {
  const parts = /^(?:rgba?|color|hsla?|lab|lch|oklab|oklch)\\((.*)\\)$/.exec(colour || '');
  if (!parts) return colour === 'transparent' ? 0 : 1;
  const own = /[,/]\\s*([\\d.]+)(%?)\\s*$/.exec(parts[1].split(',').length === 3 ? '' : parts[1]);
  return own ? Number(own[1]) / (own[2] ? 100 : 1) : 1;
};
const coloursOf = (gradient) => gradient.match(/(rgba?|color|hsla?|lab|lch|oklab|oklch)\\([^)]*\\)/g) || ['black'];
const PICTURES = ['IMG', 'VIDEO', 'CANVAS', 'IFRAME', 'OBJECT', 'EMBED'];
const opaque = (style) => {
  const { backgroundColor, backgroundImage, backdropFilter, boxShadow, opacity } = style;
  if (/inset/.test(boxShadow) && /\\d{3,}px inset/.test(boxShadow)) return Number(opacity) > 0.84;
  if (backdropFilter && backdropFilter !== 'none') return true;
  if (backgroundImage !== 'none' && !/gradient/.test(backgroundImage)) return Number(opacity) > 0.5;
  const shades = backgroundImage === 'none' ? [] : coloursOf(backgroundImage);
  return Math.max(alphaOf(backgroundColor), Math.min(1, ...shades.map(alphaOf).concat(shades.length ? [] : [0]))) * Number(opacity) > 0.84;
};
/** Whether what an element draws at a place hides what lies behind it. What it adds before or after itself may lie outside its box. */
const holds = (e, { x, y }) => [...e.getClientRects()].some((r) => x >= r.left && x < r.right && y >= r.top && y < r.bottom);
/** Whether a canvas is painted at a place. One whose pixels belong to somebody else is taken for painted. */
const isPainted = (e, { x, y }) => {
  const r = e.getBoundingClientRect();
  try {
    const one = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    one.drawImage(e, Math.floor((x - r.left) * e.width / r.width), Math.floor((y - r.top) * e.height / r.height), 1, 1, 0, 0, 1, 1);
    return one.getImageData(0, 0, 1, 1).data[3] > 200;
  } catch { return true; }
};
const SHAPES = /^(rect|circle|ellipse|path|polygon|image)$/;
const paints = (e, at) => {
  const own = holds(e, at);
  const style = getComputedStyle(e);
  if (own && e.tagName === 'CANVAS' && !opaque(style)) return Number(style.opacity) > 0.5 && isPainted(e, at);
  if (own && SHAPES.test(e.tagName)) return e.tagName === 'image' || style.fill !== 'none' && alphaOf(style.fill) * Number(style.fillOpacity) * Number(style.opacity) > 0.84;
  if (own && PICTURES.includes(e.tagName)) return Number(style.opacity) > 0.5;
  if (own && opaque(style)) return true;
  return ['::before', '::after'].some((which) => {
    const part = getComputedStyle(e, which);
    return part.content !== 'none' && part.content !== 'normal' && /absolute|fixed/.test(part.position) && opaque(part);
  });
};

const boxes = (rects) => [...rects].filter(({ width, height }) => width >= 1 && height >= 1);
const middle = (rects) => { const r = rects[Math.floor((rects.length - 1) / 2)]; return { x: r.left + r.width / 2, y: r.top + r.height / 2 }; };
const within = ({ x, y }) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;

/** Scrolls what a person could scroll, until the place is in view. */
const bring = (element, place) => {
  const scrolls = (n) => /auto|scroll/.test(getComputedStyle(n).overflowY + getComputedStyle(n).overflowX);
  for (let n = element; n && n !== document.body && n !== document.documentElement; n = up(n)) {
    if (!scrolls(n)) continue;
    const [{ x, y }, r] = [place(), n.getBoundingClientRect()];
    if (x >= r.left && y >= r.top && x < r.right && y < r.bottom) continue;
    n.scrollBy({ left: x - (r.left + r.width / 2), top: y - (r.top + r.height / 2), behavior: 'instant' });
  }
  const locked = [document.documentElement, document.body].some((n) => n && /hidden|clip/.test(getComputedStyle(n).overflowY));
  const { x, y } = place();
  if (within({ x, y })) return;
  const [left, top] = [x < 0 || x >= innerWidth ? x - innerWidth / 2 : 0, locked ? 0 : y - innerHeight / 2];
  scrollBy({ left, top, behavior: 'instant' });
};
/** Scrolls on, away from what stands still at an edge of the window and covers the place there. Whether that moved anything. */
const centre = (place) => {
  const before = scrollY;
  if (![document.documentElement, document.body].some((n) => n && /hidden|clip/.test(getComputedStyle(n).overflowY)))
    scrollBy({ left: 0, top: place().y - innerHeight / 2, behavior: 'instant' });
  return scrollY !== before;
};

const deepest = ({ x, y }) => {
  let hit = document.elementFromPoint(x, y);
  while (hit && hit.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit;
};
const inside = (n, e) => { for (; n; n = up(n)) if (n === e) return true; return false; };

/** An area of a picture has no box of its own. https://html.spec.whatwg.org/#image-map-processing-model */
const ofPicture = (area) => {
  const map = area.closest('map');
  const picture = map && [...document.querySelectorAll('img[usemap]')].find((one) => one.useMap === '#' + map.name);
  const said = picture ? reach(picture, area) : { why: 'it is hidden' };
  if (said.why) return said;
  const r = picture.getBoundingClientRect();
  const n = area.coords.split(/[ ,]+/).map(Number);
  if (!/^(default|circle|circ)/.test(area.shape) && n.length < 4) return { why: 'it has no size' };
  const points = [n.filter((_, i) => i % 2 === 0), n.filter((_, i) => i % 2 === 1)];
  const mean = (list) => (Math.min(...list) + Math.max(...list)) / 2;
  const [x, y] = area.shape === 'default' ? [1, 1] : /^circ/.test(area.shape) ? n : points.map(mean);
  return { x: r.left + x, y: r.top + y };
};

/** Where a person would click it. Or why nobody can. */
const reach = (e, drawn = e) => {
  if (e.tagName === 'AREA') return ofPicture(e);
  const why = hidden(e);
  if (why) return { why };
  const rects = () => boxes(e.getClientRects());
  if (rects().length === 0) return { why: 'it has no size' };
  const place = () => middle(rects());
  if (!LAYOUT) return place();
  bring(e, place);
  const said = struck(e, drawn, place());
  return said.why && /covered/.test(said.why) && centre(place) ? struck(e, drawn, place()) : said;
};
/** What a click at this place strikes: the place, or why it is not the element. */
const struck = (e, drawn, at) => {
  if (!within(at)) return { why: 'it is off the screen' };
  const hit = deepest(at);
  if (!hit) return { why: 'it is off the screen' };
  if (inside(hit, e) || hit === drawn) return at;
  if (e.tagName === 'LABEL' && e.control && inside(hit, e.control)) return at;
  const label = hit.closest('label');
  if (label && label.control === e) return at;
  // A click on what ignores the pointer goes to the button around it.
  const around = hit.closest('button, a[href], label, summary, [role=button]');
  if (around && around !== e && inside(e, around) && !e.matches('button, a, input, select, textarea')) return at;
  return { why: 'it is covered by ' + nameOf(hit) };
};

/** Whether a box around it ends before that place. */
const cutOff = (e, { x, y }) => {
  for (let n = e; n && n !== document.documentElement; n = up(n)) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(n);
    const r = n.getBoundingClientRect();
    if (clipPath && clipPath !== 'none') return true;
    if (overflowX !== 'visible' && n !== document.body && (x < r.left || x >= r.right)) return true;
    if (overflowY !== 'visible' && n !== document.body && (y < r.top || y >= r.bottom)) return true;
  }
  return false;
};

/** Where a place inside a frame lies in the page around it. Or why nobody sees it. */
const framed = (frame, x, y) => {
  const why = hidden(frame);
  if (why) return { why };
  const place = () => { const r = frame.getBoundingClientRect(); return { x: r.left + frame.clientLeft + x, y: r.top + frame.clientTop + y }; };
  if (!LAYOUT) return place();
  bring(frame, place);
  const at = place();
  if (!within(at)) return { why: 'its frame is off the screen' };
  const hit = deepest(at);
  return hit === frame ? at : { why: 'its frame is covered by ' + (hit ? nameOf(hit) : 'something') };
};

/**
 * Whether what lies at the place of this element can be read. Null: it can. \`withParts\`: what lies inside it is a part of it, and does
 * not cover it. Everything takes the pointer while this is asked.
 */
const readable = (element, place, withParts) => {
  if (!LAYOUT) return null;
  const e = boxOf(element);
  bring(e, place);
  const said = uncovered(e, place(), withParts);
  return said && /covered/.test(said) && centre(place) ? uncovered(e, place(), withParts) : said;
};
const uncovered = (e, at, withParts) => {
  if (!within(at)) return 'it is off the screen';
  const levels = [e];
  for (let root = e.getRootNode(); root.host; root = root.host.getRootNode()) levels.unshift(root.host);
  const all = new CSSStyleSheet();
  all.replaceSync('* { pointer-events: auto !important }');
  const roots = [...new Set(levels.map((n) => n.getRootNode()))];
  const before = roots.map((root) => root.adoptedStyleSheets);
  roots.forEach((root, i) => { root.adoptedStyleSheets = [...before[i], all]; });
  try {
    for (const target of levels) {
      const root = target.getRootNode();
      let found = false;
      for (const hit of root.elementsFromPoint(at.x, at.y)) {
        if (hit.getRootNode() !== root) continue;
        if (hit === target || (withParts && target.contains(hit))) { found = true; break; }
        if (hit.matches(':modal') && !hit.contains(target)) return 'it is behind ' + nameOf(hit);
        if (paints(hit, at)) return 'it is covered by ' + nameOf(hit);
        // What stands out of its own box is nobody's place, and lies on what is around it.
        if (hit.contains(target) && !holds(target, at) && !cutOff(target, at)) { found = true; break; }
      }
      if (!found) return 'it is cut off, or behind a dialog';
    }
    return null;
  } finally {
    roots.forEach((root, i) => { root.adoptedStyleSheets = before[i]; });
  }
};
`;
