// Finds what a step acts on, as JavaScript that runs inside a page: the first match that a person can reach. Needs what `seen.ts` defines.
// It must never act on what a person could not: a hidden list, an option that is greyed out, a field under a layer.

/** The functions that steps ask for. Each takes a selector of plain CSS and looks into open shadow roots too. */
export const TARGETS = `
function* roots(root) {
  yield root;
  for (const e of root.querySelectorAll('*')) if (e.shadowRoot) yield* roots(e.shadowRoot);
}
function* matches(selector) {
  for (const root of roots(document)) yield* root.querySelectorAll(selector);
}
const off = (e) => e.matches(':disabled') ? 'it is disabled' : null;

/** The first match that does; else why the first one does not. */
const first = (selector, judge) => {
  let why = 'missing';
  for (const e of matches(selector)) {
    const said = judge(e);
    if (!said.why) return { e, ...said };
    if (why === 'missing') why = said.why;
  }
  return { why };
};

const target = (selector) => first(selector, (e) => {
  const why = off(e);
  if (why) return { why };
  const at = reach(e);
  if (!at.why || !/^(checkbox|radio|file)$/.test(e.type)) return at;
  // A box of its own design is drawn by its label.
  for (const label of e.labels || []) { const by = reach(label); if (!by.why) return by; }
  return at;
});
const pointOf = (selector) => { const { e, ...said } = target(selector); return said; };
/** The same for what can be ticked, and whether it is. */
const stateOf = (selector) => {
  const { e, ...said } = target(selector);
  if (said.why) return said;
  const own = e.tagName === 'LABEL' && e.control ? e.control : e;
  return { ...said, on: 'checked' in own ? own.checked : own.getAttribute('aria-checked') === 'true' };
};

const NEVER_SEEN = ['HTML', 'HEAD', 'META', 'LINK', 'TITLE', 'BASE', 'STYLE', 'SCRIPT', 'TEMPLATE'];
/** Null when a person sees one. What is no thing to see need only be there. */
const sees = (e) => {
  if (NEVER_SEEN.includes(e.tagName)) return null;
  if (e.tagName === 'OPTION') return e.closest('select') ? sees(e.closest('select')) : 'it is hidden';
  const why = hidden(e);
  const labels = [...(e.labels || [])];
  if (why) return labels.some((label) => !hidden(label)) && e.type !== 'hidden' ? null : why;
  const rects = () => {
    const own = boxes(e.getClientRects());
    if (own.length > 0) return own;
    const range = document.createRange();
    range.selectNodeContents(e);
    return getComputedStyle(e).display === 'contents' ? boxes(range.getClientRects()) : [];
  };
  if (rects().length === 0) return 'it has no size';
  return readable(e, () => middle(rects()), true);
};
const presence = (selector) => {
  const said = first(selector, (e) => { const why = sees(e); return why ? { why } : {}; });
  return said.why || null;
};
const countOf = (selector) => { let n = 0; for (const e of matches(selector)) if (!sees(e)) n += 1; return n; };
const attributeOf = (selector, name) => {
  const { e, why } = first(selector, (one) => { const said = sees(one); return said ? { why: said } : {}; });
  return why ? { why } : { value: name === 'value' && 'value' in e ? String(e.value) : name === 'checked' && 'checked' in e ? (e.checked ? '' : null) : e.getAttribute(name) };
};
/** What a person reads there; of a field, what it holds. */
const textOf = (selector) => {
  const { e, why } = first(selector, (one) => { const said = sees(one); return said ? { why: said } : {}; });
  if (why) return { why };
  if (e.type === 'password') return { why: 'it is a password' };
  return { value: String(/^(INPUT|TEXTAREA|SELECT)$/.test(e.tagName) ? e.value : e.innerText ?? e.textContent) };
};

const tell = (e, ...names) => { for (const name of names) e.dispatchEvent(new Event(name, { bubbles: true, composed: true })); };
const put = (e, value) => {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value');
  if (own && own.set) own.set.call(e, value); else e.value = value;
};
const PICKED = /^(date|time|month|week|datetime-local|range|color)$/;

/** Makes a field ready for keys. \`done\`: it was filled, as its picker would. */
const field = (selector, value) => {
  const { e, why } = first(selector, (one) => off(one) ? { why: off(one) } : reach(one));
  if (why) return { why };
  const editable = e.isContentEditable;
  if (!editable && !/^(INPUT|TEXTAREA)$/.test(e.tagName)) return { why: 'it is no field' };
  e.focus();
  if (e.readOnly) return { readOnly: true };
  if (PICKED.test(e.type)) {
    put(e, value);
    if (e.value !== value && !(e.type === 'color' && e.value === value.toLowerCase())) { tell(e, 'input', 'change'); return { why: 'it does not take ' + JSON.stringify(value) }; }
    tell(e, 'input', 'change');
    return { done: true };
  }
  if (editable) { const all = getSelection(); all.selectAllChildren(e); return { editable: true, empty: e.textContent === '' }; }
  put(e, '');
  tell(e, 'input');
  return {};
};

/** Gives a field a file, as from the window of a person's machine. */
const attach = (selector, name, content) => {
  const { e, why } = target(selector);
  if (why) return { why };
  const own = e.tagName === 'LABEL' && e.control ? e.control : e;
  if (own.type !== 'file') return { why: 'it takes no file' };
  const chosen = new DataTransfer();
  chosen.items.add(new File([content], name));
  own.files = chosen.files;
  tell(own, 'input', 'change');
  return {};
};

/** Chooses an option as a person does from the list. */
const choose = (selector, value) => {
  const { e, why } = first(selector, (one) => off(one) ? { why: off(one) } : reach(one));
  if (why) return { why };
  const option = [...(e.options || [])].find((one) => one.value === value);
  if (!option) return { why: 'it has no option ' + JSON.stringify(value) };
  if (option.disabled || (option.parentElement && option.parentElement.disabled) || option.hidden) return { why: 'its option ' + JSON.stringify(value) + ' is disabled' };
  if (!e.multiple && option.selected) return {};
  option.selected = true;
  tell(e, 'input', 'change');
  return {};
};
`;
