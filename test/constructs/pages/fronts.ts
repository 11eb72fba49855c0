// Constructs of what front ends do: parts that wake up late, forms of their own, routes without a load, layers, and answers that mislead.
import {
  at,
  BUTTON,
  bad,
  buy,
  buys,
  click,
  fill,
  good,
  OUT,
  SELL,
  script,
  sees,
  sends,
  shows,
  style,
  THANK,
  walk,
} from '../construct.ts';

const mug = shows('Mug');
const later = (ms: number, code: string) => script(`setTimeout(() => { ${code} }, ${ms})`);
const go = click('#go');

export const fronts = [
  good(
    'front-hydrated',
    'The script takes the button over a moment later, and it is disabled until then.',
    `${BUTTON.replace('id="buy"', 'id="buy" disabled')}${later(600, `buy.disabled = false; ${SELL}`)}`,
    buys,
  ),
  bad(
    'front-never-hydrated',
    'The script of the button never comes.',
    `${BUTTON}<script src="/app.js" defer></script>`,
    buys,
  ),
  good(
    'front-busy-ends',
    'The part is busy for a moment, under a layer.',
    `${buy()}<div id="l" style="position:fixed;inset:0;background:#fffc">…</div>${later(600, 'l.remove()')}`,
    buys,
  ),
  bad(
    'front-busy-stays',
    'The part is busy for ever, under a layer.',
    `${buy()}<div id="l" style="position:fixed;inset:0;background:#fffc">…</div>`,
    buys,
  ),
  good(
    'front-rerendered',
    'The list is drawn anew on each tick, with the same button.',
    `<div id="r"></div>${OUT}${script(`const draw = () => { r.innerHTML = '<button id="buy">Buy</button>'; ${SELL} }; draw(); setInterval(draw, 700)`)}`,
    buys,
  ),
  good(
    'front-route',
    'The link leads to another view without a load.',
    `<a id="go" href="/mug">Go</a><main id="m">Cup</main>${script(`go.onclick = (e) => { e.preventDefault(); history.pushState({}, '', '/mug'); m.textContent = 'Mug' }`)}`,
    walk(go, sees('Mug'), at('/mug')),
  ),
  bad(
    'front-route-empty',
    'The address changes, the view does not.',
    `<a id="go" href="/mug">Go</a><main id="m">Cup</main>${script(`go.onclick = (e) => { e.preventDefault(); history.pushState({}, '', '/mug') }`)}`,
    walk(go, sees('Mug')),
  ),
  good(
    'front-route-replaced',
    'The view is replaced in the history.',
    `<a id="go" href="/mug">Go</a><main id="m">Cup</main>${script(`go.onclick = (e) => { e.preventDefault(); history.replaceState({}, '', '?mug'); m.textContent = 'Mug' }`)}`,
    walk(go, sees('Mug'), at('?mug')),
  ),
  good(
    'front-formaction',
    'The button sends the form elsewhere.',
    {
      '/': '<form action="/wrong" method="post"><button id="send" formaction="/right">Send</button></form>',
      'POST /right': '<p>Thank you</p>',
    },
    sends(),
  ),
  bad(
    'front-formaction-wrong',
    'The button sends the form to where nothing is.',
    {
      '/': '<form action="/right" method="post"><button id="send" formaction="/wrong">Send</button></form>',
      'POST /right': '<p>Thank you</p>',
    },
    sends(),
  ),
  good(
    'front-label-around',
    'The field lies in its label.',
    {
      '/': '<form action="/s"><label id="l">Name <input id="n" name="n" required></label><button id="send">Send</button></form>',
      '/s': ({ url }) => (url.searchParams.get('n') === 'Ada' ? '<p>Thank you</p>' : '<p>No</p>'),
    },
    sends(fill('#n', 'Ada')),
  ),
  good(
    'front-select-own',
    'The list is made of buttons.',
    `<button id="open" onclick="l.hidden = false">Choose</button><ul id="l" role="listbox" hidden><li role="option" id="go" onclick="o.textContent = 'Mug'">It</li></ul><p id="o"></p>`,
    walk(click('#open'), go, sees('Mug')),
  ),
  bad(
    'front-select-own-closed',
    'The list of buttons does not open.',
    `<button id="open">Choose</button><ul id="l" role="listbox" hidden><li role="option" id="go" onclick="o.textContent = 'Mug'">It</li></ul><p id="o"></p>`,
    walk(click('#open'), go, sees('Mug')),
  ),
  good(
    'front-editable',
    'The text is written into a paragraph.',
    `<p id="e" contenteditable></p><p id="o"></p>${script(`e.oninput = () => { if (e.textContent === 'Ada') o.textContent = 'Mug' }`)}`,
    walk(fill('#e', 'Ada'), sees('Mug')),
  ),
  good(
    'front-modal',
    'The button opens a dialog and its button buys.',
    `<button id="open" onclick="d.showModal()">Open</button><dialog id="d">${BUTTON}</dialog>${script(SELL)}`,
    walk(click('#open'), click('#buy'), sees('Thank you')),
  ),
  bad(
    'front-modal-over',
    'The dialog lies over the button.',
    `${buy()}<dialog id="d">News</dialog>${script('d.showModal()')}`,
    buys,
  ),
  good(
    'front-inert-lifted',
    'The page is inert until the dialog is gone.',
    `<main id="m" inert>${buy()}</main>${later(500, 'm.inert = false')}`,
    buys,
  ),
  bad('front-inert', 'The page stays inert.', `<main id="m" inert>${buy()}</main>`, buys),
  good(
    'front-child-auto',
    'The layer takes no clicks, its child does.',
    `<div style="position:fixed;inset:0;pointer-events:none"><div style="pointer-events:auto">${buy()}</div></div>`,
    buys,
  ),
  good(
    'front-layer-lets',
    'The layer of snow takes no clicks.',
    `${buy()}<canvas style="position:fixed;inset:0;pointer-events:none"></canvas>`,
    buys,
  ),
  good(
    'front-picture-button',
    'The button is a picture.',
    `<button id="buy" onclick="${THANK}"><img alt="Buy" width="20" height="20" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"></button>${OUT}`,
    walk(click('img[alt=Buy]'), sees('Thank you')),
  ),
  good(
    'front-toast',
    'The thanks come and go within two seconds.',
    `<button id="buy">Buy</button><div id="t" role="status"></div>${script(`buy.onclick = () => { t.textContent = 'Thank you'; setTimeout(() => t.remove(), 1800) }`)}`,
    buys,
  ),
  good(
    'front-lazy',
    'The picture below is loaded when one comes near.',
    `<p>Mug</p><div style="height:4000px"></div><img id="i" loading="lazy" alt="" width="9" height="9" src="/i.svg">`,
    mug,
  ),
  good(
    'front-lazy-seen',
    'The end of the list asks for more when it is seen.',
    `<ul id="l"><li>Cup</li></ul><div style="height:100px"></div><i id="end">.</i>${script(`new IntersectionObserver(([one]) => { if (one.isIntersecting) l.insertAdjacentHTML('beforeend', '<li>Mug</li>') }).observe(end)`)}`,
    mug,
  ),
  good(
    'front-view-moves',
    'The text slides in from the side.',
    `${style('p{animation:in .6s}@keyframes in{from{transform:translateX(100vw)}}')}<p>Mug</p>`,
    mug,
  ),
  good(
    'front-ghost-first',
    'A copy for measuring lies off the page, the right one on it.',
    '<div style="position:absolute;left:-9999px;visibility:hidden">Mug</div><p>Mug</p>',
    mug,
  ),
];
