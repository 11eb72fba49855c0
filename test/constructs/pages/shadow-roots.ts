// Constructs of shadow roots, and of buttons that are several, replaced or dead.
import {
  bad,
  buys,
  click,
  fill,
  good,
  OUT,
  script,
  sees,
  shows,
  style,
  THANK,
  unjudged,
  walk,
} from '../construct.ts';

const mug = shows('Mug');
const define = (name: string, code: string, more = '') =>
  script(`customElements.define('${name}', class extends HTMLElement { ${code} }${more})`);
const rooted = (content: string, mode = 'open') =>
  `<x-mug>Cup</x-mug>${define('x-mug', `constructor() { super(); this.attachShadow({ mode: '${mode}' }).innerHTML = \`${content}\`; }`)}`;
const SHADOW_BUTTON = `<x-buy id="host"></x-buy>${OUT}${define('x-buy', `constructor() { super(); const b = document.createElement('button'); b.id = 'buy'; b.textContent = 'Buy'; b.onclick = () => { ${THANK} }; this.attachShadow({ mode: 'open' }).append(b); }`)}`;

export const shadowRoots = [
  good('shadow-text', 'The element draws into a root of its own.', rooted('<p>Mug</p>'), mug),
  good(
    'shadow-declared',
    'The page brings the root with it.',
    '<div><template shadowrootmode="open"><p>Mug</p></template></div>',
    mug,
  ),
  good(
    'shadow-slotted',
    'The text of the page is placed in the root.',
    '<div><template shadowrootmode="open"><slot></slot></template><p>Mug</p></div>',
    mug,
  ),
  bad(
    'shadow-unslotted',
    'The root has no place for the text of the page.',
    '<div><template shadowrootmode="open"><p>Cup</p></template><p>Mug</p></div>',
    mug,
  ),
  good(
    'shadow-slot-fallback',
    'Nothing is placed, so the text of the slot is shown.',
    '<div><template shadowrootmode="open"><slot>Mug</slot></template></div>',
    mug,
  ),
  bad(
    'shadow-slotted-hidden',
    'The root hides what is placed in it.',
    '<div><template shadowrootmode="open"><style>::slotted(p){display:none}</style><slot></slot></template><p>Mug</p></div>',
    mug,
  ),
  bad(
    'shadow-hidden-inside',
    'The root hides its text.',
    '<div><template shadowrootmode="open"><style>p{display:none}</style><p>Mug</p></template></div>',
    mug,
  ),
  good(
    'shadow-page-style-outside',
    'The style of the page does not reach into the root.',
    `${style('p{display:none}')}<div><template shadowrootmode="open"><p>Mug</p></template></div>`,
    mug,
  ),
  good(
    'shadow-nested',
    'A root in a root.',
    '<div><template shadowrootmode="open"><div><template shadowrootmode="open"><p>Mug</p></template></div></template></div>',
    mug,
  ),
  good('shadow-click', 'The button is in a root.', SHADOW_BUTTON, buys),
  good(
    'shadow-click-host',
    'The user clicks the element that holds the button.',
    SHADOW_BUTTON,
    walk(click('#host'), sees('Thank you')),
  ),
  good(
    'shadow-fill',
    'The field is in a root.',
    `<div id="h"><template shadowrootmode="open"><input id="q"></template></div>${OUT}${script(`const q = document.getElementById('h').shadowRoot.getElementById('q'); q.oninput = () => { if (q.value === 'mug') ${THANK} }`)}`,
    walk(fill('#q', 'mug'), sees('Thank you')),
  ),
  unjudged(
    'shadow-closed',
    'A closed root keeps everybody out, also who looks after it.',
    rooted('<p>Mug</p>', 'closed'),
    mug,
  ),
  good(
    'first-hidden-second-shown',
    'The user clicks the button that is shown.',
    `<button class="b" hidden>Buy</button><button class="b" onclick="${THANK}">Buy</button>${OUT}`,
    walk(click('.b'), sees('Thank you')),
  ),
  good(
    'button-replaced',
    'The button is drawn anew all the time.',
    `<div id="box"></div>${OUT}${script(`setInterval(() => { document.getElementById('box').innerHTML = '<button id="buy" onclick="window.sold()">Buy</button>' }, 30); window.sold = () => { ${THANK} }`)}`,
    buys,
  ),
];
