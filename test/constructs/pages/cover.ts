// Constructs of layout: what is out of sight, covered or out of reach cannot be clicked, and what only looks so can.
import { bad, buy, buys, click, good, OUT, sees, style, styled, THANK, walk } from '../construct.ts';

const at = (css: string) => buy(`style="${css}"`);
const inside = (css: string, more = '') => `<div style="${css}" ${more}>${buy()}</div>`;
const over = (css: string, text = '') =>
  `${buy()}<div id="over" style="position:fixed;inset:0;${css}">${text}</div>`;
const TALL = '<div style="height:3000px"></div>';
const away = (id: string, why: string, css: string) => bad(`click-${id}`, why, at(css), buys);
const near = (id: string, why: string, css: string) => good(`click-${id}`, why, at(css), buys);

export const cover = [
  away('off-left', 'The button lies left of the page.', 'position:absolute;left:-9999px'),
  away('off-top', 'The button lies above the page.', 'position:absolute;top:-9999px'),
  away('fixed-below', 'The button is fixed below the window.', 'position:fixed;top:200vh'),
  near('fixed-corner', 'The button is fixed in a corner.', 'position:fixed;right:9px;bottom:9px'),
  away('scale-zero', 'The button is shrunk to nothing.', 'transform:scale(0)'),
  near('rotated', 'The button is askew.', 'transform:rotate(4deg)'),
  away('transparent', 'Nobody sees the button.', 'opacity:0'),
  near('half-transparent', 'The button is pale.', 'opacity:.5'),
  away('filtered-out', 'A filter makes the button invisible.', 'filter:opacity(0)'),
  away('clipped-path', 'The button is clipped away.', 'clip-path:inset(100%)'),
  away('no-pointer', 'The button takes no clicks.', 'pointer-events:none'),
  near('far-below', 'The user scrolls down.', 'margin-top:4000px'),
  good(
    'click-far-below-header',
    'The user scrolls on until the header does not cover it.',
    `<div style="position:fixed;top:0;width:100%;height:90px;background:#eee">Shop</div>${TALL}${buy()}${TALL}`,
    buys,
  ),
  bad('click-zero-box', 'The box of the button is closed.', inside('height:0;overflow:hidden'), buys),
  bad(
    'click-cut-off',
    'The button lies beyond the edge of a box that cannot be scrolled.',
    inside('height:60px;overflow:clip;padding-top:300px;box-sizing:border-box'),
    buys,
  ),
  good(
    'click-in-scroll-box',
    'The user scrolls in the box.',
    `<div style="height:100px;overflow:auto">${TALL}${buy()}</div>`,
    buys,
  ),
  bad(
    'click-content-hidden',
    'The content of the box is not shown.',
    inside('content-visibility:hidden'),
    buys,
  ),
  good(
    'click-content-auto',
    'The content of the box is shown when it is near.',
    inside('content-visibility:auto'),
    buys,
  ),
  bad('click-parent-transparent', 'The box and all in it is invisible.', inside('opacity:0'), buys),
  good(
    'click-child-pointer',
    'The box takes no clicks, its button does.',
    `<div style="pointer-events:none">${at('pointer-events:auto')}</div>`,
    buys,
  ),
  good(
    'click-child-visible',
    'The box is invisible, its button is not.',
    `<div style="visibility:hidden"><button id="buy" style="visibility:visible" onclick="${THANK}">Buy</button></div>${OUT}`,
    buys,
  ),
  good('click-wrapped-contents', 'The wrapper has no box, the button has.', inside('display:contents'), buys),
  bad('click-parent-gone', 'The box is not displayed.', inside('display:none'), buys),
  bad('click-inert', 'The button is inert.', buy('inert'), buys),
  bad('click-inert-parent', 'The page behind the menu is inert.', inside('', 'inert'), buys),
  good(
    'click-inert-sibling',
    'Only the menu is inert.',
    `<nav inert><a href="/">Home</a></nav>${buy()}`,
    buys,
  ),
  bad(
    'click-behind-modal',
    'A modal dialog keeps everything else away.',
    `${buy()}<dialog id="d">Hello</dialog><script>d.showModal()</script>`,
    buys,
  ),
  good(
    'click-in-modal',
    'The button is in the dialog.',
    `<dialog id="d">${buy()}</dialog><script>d.showModal()</script>`,
    buys,
  ),
  good(
    'click-after-modal',
    'The user closes the dialog first.',
    `${buy()}<dialog id="d"><button id="close" onclick="d.close()">Close</button></dialog><script>d.showModal()</script>`,
    walk(click('#close'), click('#buy'), sees('Thank you')),
  ),
  bad('click-overlay', 'A layer lies over the page.', over('background:#fff', 'Loading'), buys),
  bad(
    'click-overlay-transparent',
    'A layer with opacity 0 takes the click.',
    over('opacity:0;background:#000'),
    buys,
  ),
  bad(
    'click-overlay-style',
    'A layer from a style element lies over the page.',
    `${style('.over{position:fixed;inset:0;z-index:9}')}${buy()}<div class="over"></div>`,
    buys,
  ),
  bad(
    'click-overlay-file',
    'A layer from a style sheet lies over the page.',
    styled('.over{position:fixed;inset:0;z-index:9}', `${buy()}<div class="over"></div>`),
    buys,
  ),
  good('click-overlay-no-pointer', 'The layer lets clicks through.', over('pointer-events:none'), buys),
  good('click-overlay-gone', 'The layer is not displayed.', over('display:none'), buys),
  good('click-overlay-behind', 'The layer lies behind the page.', over('z-index:-1'), buys),
  good(
    'click-overlay-ends',
    'The layer goes away by itself.',
    `${over('background:#fff', 'Loading')}<script>setTimeout(() => over.remove(), 500)</script>`,
    buys,
  ),
  bad(
    'click-overlay-frame',
    'A frame lies over the page.',
    `${buy()}<iframe src="about:blank" style="position:fixed;inset:0;width:100%;height:100%;border:0"></iframe>`,
    buys,
  ),
  bad(
    'click-overlay-pseudo',
    'A layer made of ::after lies over the card.',
    `${style('.card{position:relative}.card::after{content:"";position:absolute;inset:0}')}<div class="card">${buy()}</div>`,
    buys,
  ),
  bad(
    'click-stretched-link',
    'The whole card is a link, also where the button is.',
    `${style('.card{position:relative}#more::after{content:"";position:absolute;inset:0}')}<div class="card"><a id="more" href="#more">More</a>${buy()}</div>`,
    buys,
  ),
  good(
    'click-stretched-button',
    'The whole card is the button.',
    `${style('.card{position:relative}#buy::after{content:"";position:absolute;inset:0}')}<div class="card">Mug ${buy()}</div>`,
    buys,
  ),
  bad(
    'click-under-sibling',
    'Another button lies on top.',
    `<div style="position:relative">${at('position:absolute;left:0;top:0')}<button style="position:absolute;left:0;top:0;width:200px;height:60px">Ad</button></div>`,
    buys,
  ),
  good(
    'click-over-sibling',
    'The button lies on top.',
    `<div style="position:relative;height:90px">${at('position:absolute;left:0;top:0;z-index:2').replace(OUT, '')}<button style="position:absolute;left:0;top:0;width:200px;height:60px">Ad</button></div>${OUT}`,
    buys,
  ),
  bad(
    'click-cookie-banner',
    'The cookie banner covers the fixed button and cannot be closed.',
    `${at('position:fixed;bottom:9px')}<div style="position:fixed;bottom:0;left:0;right:0;height:90px;background:#eee">Cookies</div>`,
    buys,
  ),
  good(
    'click-cookie-banner-closed',
    'The user accepts the cookies first.',
    `${at('position:fixed;bottom:9px')}<div id="c" style="position:fixed;bottom:0;left:0;right:0;height:90px;background:#eee"><button id="ok" onclick="c.remove()">OK</button></div>`,
    walk(click('#ok'), click('#buy'), sees('Thank you')),
  ),
  good(
    'click-scroll-event',
    'The page notices that the user scrolled.',
    `${TALL}<button id="buy">Buy</button><p id="out"></p><script>addEventListener('scroll', () => { out.textContent = 'Thank you'; })</script>`,
    buys,
  ),
];
