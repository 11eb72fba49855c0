// Constructs of what a browser offers to scripts: observers, animations, navigation, modules, storage.
import { bad, buys, good, OUT, script, shows, style, THANK } from '../construct.ts';

const thanks = shows('Thank you');
const when = (id: string, why: string, code: string, body = '') =>
  good(`api-${id}`, why, OUT + body + script(code), thanks);
const never = (id: string, why: string, code: string, body = '') =>
  bad(`api-${id}`, why, OUT + body + script(code), thanks);
const T = `{ ${THANK} }`;
const TALL = '<div style="height:3000px"></div>';

export const platform = [
  never(
    'seen-far-below',
    'Nobody has scrolled down to it.',
    `new IntersectionObserver(([e]) => { if (e.isIntersecting) ${T} }).observe(document.getElementById('m'))`,
    `${TALL}<p id="m">Mug</p>`,
  ),
  when(
    'seen-at-once',
    'It is in sight.',
    `new IntersectionObserver(([e]) => { if (e.isIntersecting) ${T} }).observe(document.getElementById('m'))`,
    '<p id="m">Mug</p>',
  ),
  good(
    'api-seen-after-scroll',
    'The click far below brings it in sight.',
    `${OUT}${TALL}<button id="buy">Buy</button>${script(`new IntersectionObserver(([e]) => { if (e.isIntersecting) ${T} }).observe(document.getElementById('buy'))`)}`,
    buys,
  ),
  when(
    'resize-observed',
    'The box has a size.',
    `new ResizeObserver(([e]) => { if (e.contentRect.width > 50) ${T} }).observe(document.getElementById('m'))`,
    '<p id="m">Mug</p>',
  ),
  when(
    'animation-end',
    'The animation ends.',
    `document.getElementById('m').onanimationend = () => ${T}`,
    `${style('@keyframes a{to{margin:0}}')}<p id="m" style="animation:a .1s .1s">Mug</p>`,
  ),
  good(
    'api-transition-end',
    'The transition ends.',
    `${style('#buy{transition:width .1s;width:90px}#buy.on{width:200px}')}<button id="buy" onclick="this.className = 'on'" ontransitionend="${THANK}">Buy</button>${OUT}`,
    buys,
  ),
  when(
    'animate',
    'A script moves it, and it is done.',
    `document.getElementById('m').animate([{ opacity: 0 }, { opacity: 1 }], 100).finished.then(() => ${T})`,
    '<p id="m">Mug</p>',
  ),
  when('view-transition', 'The view changes.', `document.startViewTransition(() => ${T})`),
  when(
    'layout-read',
    'The box has the width that it was given.',
    `if (document.getElementById('m').offsetWidth === 120) ${T}`,
    '<p id="m" style="width:120px">Mug</p>',
  ),
  when(
    'style-read',
    'The style is read as the browser sees it.',
    `if (getComputedStyle(document.getElementById('m')).display === 'flex') ${T}`,
    `${style('p{display:flex}')}<p id="m">Mug</p>`,
  ),
  when('media-query', 'The window is wide.', `if (matchMedia('(min-width: 600px)').matches) ${T}`),
  never(
    'media-query-touch',
    'The shop is only for fingers.',
    `if (matchMedia('(pointer: coarse)').matches) ${T}`,
  ),
  when(
    'timing-read',
    'The page reads how long it took.',
    `performance.getEntriesByType('navigation')[0].startTime === 0 && (() => ${T})()`,
  ),
  when(
    'agent-gate',
    'The shop lets the usual browsers in.',
    `if (/Mozilla.*(Chrome|Firefox|Safari)/.test(navigator.userAgent)) ${T}`,
  ),
  good(
    'api-agent-gate-firewall',
    'The firewall lets the usual browsers in.',
    {
      '/': ({ headers }) =>
        /^Mozilla/.test(headers['user-agent'] ?? '') ? '<p>Thank you</p>' : { status: 403, body: 'Go away' },
    },
    thanks,
  ),
  when(
    'subtle',
    'The page makes a hash.',
    `crypto.subtle.digest('SHA-256', new Uint8Array(3)).then(() => ${T})`,
  ),
  when(
    'storage',
    'The page remembers.',
    `localStorage.setItem('a', '1'); sessionStorage.setItem('b', '1'); if (localStorage.getItem('a') + sessionStorage.b === '11') ${T}`,
  ),
  when(
    'database',
    'The page keeps a database.',
    `const r = indexedDB.open('shop', 1); r.onupgradeneeded = () => r.result.createObjectStore('cart'); r.onsuccess = () => { const t = r.result.transaction('cart', 'readwrite'); t.objectStore('cart').put('mug', 1); t.oncomplete = () => ${T} }`,
  ),
  when('written', 'The page is written while it loads.', `document.write('<p>Thank you</p>')`),
  when('module-inline', 'A module of the page runs.', '', script(THANK, 'type="module"')),
  never('nomodule', 'Only old browsers run it.', '', script(THANK, 'nomodule')),
];
