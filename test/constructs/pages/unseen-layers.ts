// Constructs of what lies over a text or holds it: headers, dialogs, slots, frames, lists that are drawn in part.
import { has, pair, script, shows, style } from '../construct.ts';

const TALL = '<div style="height:3000px"></div>';
const WHITE = 'background:#fff';
const p = (css: string, text = 'Mug') => `<h1>Shop</h1><p style="${css}">${text}</p>`;

export const layers = [
  ...pair(
    'header-sticky',
    [
      'The user scrolls from under the header.',
      `<header style="position:sticky;top:0;height:80px;${WHITE}">Shop</header><p>Mug</p>${TALL}`,
    ],
    [
      'The header covers the first line for ever.',
      `<header style="position:fixed;top:0;left:0;right:0;height:80px;${WHITE}">Shop</header><p>Mug</p>${TALL}`,
    ],
  ),
  ...pair(
    'footer-fixed',
    [
      'The user scrolls the line over the bar.',
      `<div style="height:calc(100vh - 60px)"></div><p>Mug</p><footer style="position:fixed;bottom:0;left:0;right:0;height:90px;${WHITE}">Bar</footer>${TALL}`,
    ],
    [
      'The bar covers the last line for ever.',
      `<body style="margin:0"><div style="height:calc(100vh - 60px)"></div><p style="margin:0">Mug</p><footer style="position:fixed;bottom:0;left:0;right:0;height:90px;${WHITE}">Bar</footer>`,
    ],
  ),
  ...pair(
    'cookies',
    [
      'The question about cookies stands below.',
      `<p>Mug</p><div style="position:fixed;bottom:0;left:0;right:0;height:60px;${WHITE}">Cookies?</div>`,
    ],
    [
      'The question about cookies fills the window.',
      `<p>Mug</p><div style="position:fixed;inset:0;${WHITE}">Cookies?</div>`,
    ],
  ),
  ...pair(
    'modal',
    ['The dialog says it.', `<dialog id="d">Mug</dialog>${script('d.showModal()')}`],
    ['The dialog was never opened.', '<dialog id="d">Mug</dialog>'],
  ),
  ...pair(
    'popover',
    ['The popover is open.', `<div id="d" popover>Mug</div>${script('d.showPopover()')}`],
    ['The popover is closed.', '<div id="d" popover>Mug</div>'],
  ),
  ...pair(
    'portal',
    [
      'The layer hangs at the end of the page.',
      script(
        `const e = document.createElement('div'); e.textContent = 'Mug'; document.body.append(e)`,
      ).replace(/^/, '<div id="root">Cup</div>'),
    ],
    [
      'The layer was made and never put anywhere.',
      script(`const e = document.createElement('div'); e.textContent = 'Mug'`).replace(
        /^/,
        '<div id="root">Cup</div>',
      ),
    ],
  ),
  ...pair(
    'fragments',
    [
      'The library splits the line into three texts.',
      `<p id="r"></p>${script(`for (const t of ['Total: ', '5', ' EUR']) { r.append(t); r.append(document.createComment('')) }`)}`,
    ],
    [
      'The library has not put the number in.',
      `<p id="r"></p>${script(`for (const t of ['Total: ', '', ' EUR']) { r.append(t); r.append(document.createComment('')) }`)}`,
    ],
    shows('Total: 5 EUR'),
  ),
  ...pair(
    'slots',
    [
      'The names of the slots fit.',
      '<x-a><template shadowrootmode="open"><b><slot name="a"></slot></b> <slot></slot></template><span slot="a">Fine</span>mug</x-a>',
    ],
    [
      'No slot has that name.',
      '<x-a><template shadowrootmode="open"><b><slot name="b"></slot></b> <slot></slot></template><span slot="a">Fine</span>mug</x-a>',
    ],
    shows('Fine mug'),
  ),
  ...pair(
    'slot-hidden-inside',
    [
      'The root shows the slot.',
      '<x-a><template shadowrootmode="open"><div><slot></slot></div></template>Mug</x-a>',
    ],
    [
      'The root hides the slot.',
      '<x-a><template shadowrootmode="open"><div style="display:none"><slot></slot></div></template>Mug</x-a>',
    ],
  ),
  ...pair(
    'defined',
    [
      'The element is defined.',
      `${style('x-b:not(:defined){visibility:hidden}')}<x-b>Mug</x-b>${script('customElements.define("x-b", class extends HTMLElement {})')}`,
    ],
    [
      'The element is never defined, and hidden until then.',
      `${style('x-b:not(:defined){visibility:hidden}')}<x-b>Mug</x-b>`,
    ],
  ),
  ...pair(
    'cloak',
    [
      'The cloak is taken off.',
      `${style('[x-cloak]{display:none}')}<p id="c" x-cloak>Mug</p>${script('c.removeAttribute("x-cloak")')}`,
    ],
    [
      'The library never came, so that the cloak stays.',
      { '/': `${style('[x-cloak]{display:none}')}<p id="c" x-cloak>Mug</p><script src="/app.js"></script>` },
    ],
  ),
  ...pair(
    'virtual-list',
    [
      'The row is among those drawn.',
      `<div style="height:90px;overflow:auto"><div style="height:9000px;position:relative"><p style="position:absolute;top:40px;margin:0">Mug</p></div></div>`,
    ],
    [
      'The row is not drawn until one scrolls there.',
      `<div id="l" style="height:90px;overflow:auto"><div style="height:9000px">Cup</div></div>${script(`l.onscroll = () => { if (l.scrollTop > 5000) l.append('Mug') }`)}`,
    ],
  ),
  ...pair(
    'frame-written',
    ['The frame holds the page.', '<iframe srcdoc="<p>Mug</p>"></iframe>'],
    ['The frame holds it hidden.', '<iframe srcdoc="<p hidden>Mug</p>"></iframe>'],
  ),
  ...pair(
    'frame-small',
    [
      'The frame is high enough.',
      '<iframe style="height:200px" srcdoc="<div style=height:90px></div><p>Mug</p>"></iframe>',
    ],
    ['The frame is closed.', '<iframe style="height:0;border:0" srcdoc="<p>Mug</p>"></iframe>'],
  ),
  ...pair(
    'picture-button',
    ['The picture is missing, and its text is shown.', '<button><img alt="Mug" src="/none.png"></button>'],
    [
      'The picture is there, and its text is not.',
      `<button><img alt="Mug" width="20" height="20" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"></button>`,
    ],
  ),
  ...pair(
    'background-of-text',
    [
      'The colours shine through the letters.',
      p('color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text'),
    ],
    ['The letters are clear on the colours.', p('color:transparent;background:linear-gradient(red,blue)')],
  ),
  ...pair(
    'dots',
    ['The field shows what it holds.', '<input value="Mug" style="-webkit-text-security:none">'],
    ['The field shows dots.', '<input value="Mug" style="-webkit-text-security:disc">'],
  ),
  ...pair(
    'print',
    ['The screen shows it.', `${style('@media print{p{display:none}}')}<p>Mug</p>`],
    ['The printer alone shows it.', `${style('p{display:none}@media print{p{display:block}}')}<p>Mug</p>`],
  ),
  ...pair(
    'mask',
    ['The mask leaves the text.', p('mask-image:linear-gradient(black,black)')],
    ['The mask takes the text away.', p('mask-image:linear-gradient(transparent,transparent)')],
  ),
  ...pair(
    'picked',
    [
      'The element is large enough.',
      '<i class="m" style="display:inline-block;width:9px;height:9px;background:red"></i>',
    ],
    ['The element has no size.', '<i class="m" style="display:inline-block;width:0;height:0"></i>'],
    has('.m'),
  ),
];
