// Constructs of the pointer, of keys and dialogs, and of leaving a page.
import {
  BUTTON,
  bad,
  buy,
  buys,
  click,
  enter,
  fill,
  good,
  OUT,
  type Site,
  script,
  sees,
  THANK,
  walk,
} from '../construct.ts';

const on = (event: string, more = '') => `<button id="buy" ${event}="${THANK}" ${more}>Buy</button>${OUT}`;
const typed = (code: string, more = '') =>
  `<input id="q" ${more}>${OUT}${script(`const q = document.getElementById('q'); ${code}`)}`;
const T = `{ ${THANK} }`;
const types = walk(fill('#q', 'mug'), enter, sees('Thank you'));
const leaves = (code: string): Site => ({
  '/': `<input id="q"><a id="go" href="/next">Go</a>${script(code)}`,
  '/next': '<p>Thank you</p>',
});
const goes = walk(fill('#q', 'mug'), click('#go'), sees('Thank you'));

export const keys = [
  ...['onmousedown', 'onpointerdown', 'onfocus', 'onmouseenter'].map((event) =>
    good(`pointer-${event.slice(2)}`, `The button follows ${event.slice(2)}.`, on(event), buys),
  ),
  ...['ondblclick', 'ontouchstart', 'onkeydown'].map((event) =>
    bad(`pointer-${event.slice(2)}`, 'A single click with the mouse does nothing.', on(event), buys),
  ),
  good(
    'pointer-trusted',
    'The page minds only real clicks.',
    `<button id="buy" onclick="if (event.isTrusted) ${T}">Buy</button>${OUT}`,
    buys,
  ),
  good(
    'pointer-activation',
    'The page does it only for a user.',
    `<button id="buy" onclick="if (navigator.userActivation.isActive) ${T}">Buy</button>${OUT}`,
    buys,
  ),
  good(
    'pointer-once',
    'One click is one order.',
    `<button id="buy" onclick="window.n = (window.n || 0) + 1; setTimeout(() => { document.getElementById('out').textContent = n + ' order' }, 200)">Buy</button>${OUT}`,
    walk(click('#buy'), sees('1 order')),
  ),
  good(
    'pointer-delegated',
    'The page listens for the button.',
    `${BUTTON}${script(`document.addEventListener('click', (e) => { if (e.target.closest('#buy')) ${T} })`)}`,
    buys,
  ),
  bad(
    'pointer-stopped',
    'Somebody above keeps the click.',
    `${buy()}${script(`addEventListener('click', (e) => e.stopImmediatePropagation(), true)`)}`,
    buys,
  ),
  bad('pointer-disabled', 'The button is disabled.', buy('disabled'), buys),
  good(
    'pointer-role',
    'A box that is said to be a button.',
    `<div id="buy" role="button" tabindex="0" onclick="${THANK}">Buy</div>${OUT}`,
    buys,
  ),
  good(
    'link-javascript',
    'The link runs a script.',
    `<a id="buy" href="javascript:void(${THANK.slice(0, -1)})">Buy</a>${OUT}`,
    buys,
  ),
  bad(
    'link-prevented',
    'The script keeps the link and does nothing.',
    leaves(`document.getElementById('go').onclick = () => false`),
    goes,
  ),
  good(
    'link-download',
    'The user keeps the file and goes on.',
    {
      '/': `<a id="get" download href="/f.txt">Get</a>${buy()}`,
      '/f.txt': { headers: { 'content-disposition': 'attachment' }, body: 'Mug' },
    },
    walk(click('#get'), click('#buy'), sees('Thank you')),
  ),
  good(
    'key-enter-down',
    'The page follows Enter.',
    typed(`q.onkeydown = (e) => { if (e.key === 'Enter') ${T} }`),
    types,
  ),
  good(
    'key-enter-code',
    'The page follows the number of the key.',
    typed(`q.onkeydown = (e) => { if (e.keyCode === 13) ${T} }`),
    types,
  ),
  good(
    'key-enter-up',
    'The page follows Enter when it is let go.',
    typed(`q.onkeyup = (e) => { if (e.code === 'Enter') ${T} }`),
    types,
  ),
  good('key-enter-change', 'The field is done with Enter.', typed(`q.onchange = () => ${T}`), types),
  good(
    'key-each',
    'The page hears each letter.',
    typed(`let n = 0; q.oninput = () => { n += 1; if (n >= 3 && q.value === 'mug') ${T} }`),
    walk(fill('#q', 'mug'), sees('Thank you')),
  ),
  bad(
    'key-refused',
    'The page refuses what is typed.',
    typed(
      `q.onkeydown = (e) => { if (e.key.length === 1) e.preventDefault() }; q.oninput = () => { if (q.value === 'mug') ${T} }`,
    ),
    walk(fill('#q', 'mug'), sees('Thank you')),
  ),
  good(
    'key-enter-focused',
    'The field is ready for Enter.',
    typed(`q.onkeydown = (e) => { if (e.key === 'Enter') ${T} }; q.focus()`, 'autofocus'),
    walk(enter, sees('Thank you')),
  ),
  good(
    'key-debounced',
    'The page waits until nothing more is typed.',
    typed(
      `let t; q.oninput = () => { clearTimeout(t); t = setTimeout(() => { if (q.value === 'mug') ${T} }, 300) }`,
    ),
    walk(fill('#q', 'mug'), sees('Thank you')),
  ),
  good(
    'dialog-alert',
    'A word of the browser, and then it goes on.',
    `<button id="buy" onclick="alert('Hello'); ${THANK}">Buy</button>${OUT}`,
    buys,
  ),
  good('dialog-alert-at-start', 'The browser says hello first.', `${buy()}${script(`alert('Hello')`)}`, buys),
  good(
    'leave-unsaved',
    'The browser asks, and the user leaves.',
    leaves(`onbeforeunload = (e) => { e.preventDefault(); return 'Unsaved' }`),
    goes,
  ),
  good(
    'leave-beacon',
    'The page counts who leaves.',
    leaves(`onpagehide = () => navigator.sendBeacon('/bye', '1')`),
    goes,
  ),
];
