// What a page says to people, a line for each block, as JavaScript that runs inside it. Needs what `seen.ts` and `text.ts` define.
// It must never tell what somebody typed into a field, and never scroll or touch the page: it is read after a look, beside it.

/** `said(most)`: what styles do not hide, at most so many characters, and then no half word. What lies under an overlay is among it. */
export const SAID = `
const TYPED = (e) => e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && !/^(submit|button|reset)$/.test(e.type);
const said = (most) => {
  let [all, last, tries] = ['', null, 0];
  for (const piece of spoken(document.body || document.documentElement, false)) {
    if (all.length > most || (tries += 1) > 5000) break;
    if (piece.node.nodeType === 1 && TYPED(piece.node)) continue;
    const text = piece.text.replace(/\\s+/g, ' ');
    const block = blockOf(piece.node);
    if (text.trim() === '') {
      if (block === last && all !== '' && !/\\s$/.test(all)) all += ' ';
      if (piece.apart) last = null;
      continue;
    }
    if (legible(piece, 0, piece.text.length)) continue;
    if (all !== '' && (block !== last || piece.apart)) all = all.trimEnd() + (block === last ? ' ' : '\\n');
    all += all === '' || all.endsWith('\\n') ? text.trimStart() : text;
    last = block;
  }
  all = all.trim();
  return all.length > most ? all.slice(0, most).replace(/\\S*$/, '').trimEnd() : all;
};
`;
