// Constructs of modules and of routes that a page makes by itself.
import {
  BUTTON,
  bad,
  buys,
  click,
  go,
  good,
  OUT,
  SELL,
  script,
  sees,
  shows,
  THANK,
  walk,
  withFile,
} from '../construct.ts';

const thanks = shows('Thank you');
const T = `{ ${THANK} }`;
const TALL = '<div style="height:3000px"></div>';
const route = (code: string) =>
  `<a id="go" href="/cart">Cart</a>${OUT}${script(`document.getElementById('go').onclick = (e) => { e.preventDefault(); ${code} }`)}`;
const carts = walk(click('#go'), { expect: { text: 'Thank you', url: 'cart' } });

export const modules = [
  good(
    'api-import-map',
    'The import map names the module.',
    {
      '/': `${OUT}<script type="importmap">{"imports":{"shop":"/shop.js"}}</script>${script(`import 'shop'`, 'type="module"')}`,
      '/shop.js': THANK,
    },
    thanks,
  ),
  good(
    'api-import-later',
    'The module is fetched when it is wanted.',
    withFile(
      '/shop.js',
      `export const thank = () => ${T}`,
      `<button id="buy" onclick="import('/shop.js').then((m) => m.thank())">Buy</button>${OUT}`,
    ),
    buys,
  ),
  bad(
    'api-import-later-404',
    'The module that is wanted is not there any more.',
    `<button id="buy" onclick="import('/shop.js').then((m) => m.thank())">Buy</button>${OUT}`,
    buys,
  ),
  good(
    'api-import-later-fallback',
    'The page can do without the module.',
    `<button id="buy" onclick="import('/shop.js').catch(() => ${T})">Buy</button>${OUT}`,
    buys,
  ),
  good(
    'api-import-json',
    'The module is data.',
    withFile(
      '/shop.json',
      '{"say":"Thank you"}',
      `${OUT}${script(`import shop from '/shop.json' with { type: 'json' }; document.getElementById('out').textContent = shop.say`, 'type="module"')}`,
    ),
    thanks,
  ),
  good(
    'api-top-await',
    'The module waits for its data.',
    withFile(
      '/shop.json',
      '{"say":"Thank you"}',
      `${OUT}${script(`document.getElementById('out').textContent = (await (await fetch('/shop.json')).json()).say`, 'type="module"')}`,
    ),
    thanks,
  ),
  good(
    'api-script-defer',
    'The script waits for the page.',
    withFile('/app.js', SELL, `<script defer src="/app.js"></script>${BUTTON}`),
    buys,
  ),
  good(
    'route-push',
    'The page changes its address without loading.',
    route(`history.pushState({}, '', '/cart'); ${THANK}`),
    carts,
  ),
  good(
    'route-hash',
    'The page follows its hash.',
    `<a id="go" href="#/cart">Cart</a>${OUT}${script(`onhashchange = () => { if (location.hash === '#/cart') ${T} }`)}`,
    carts,
  ),
  good(
    'route-back',
    'The page follows the way back.',
    `<button id="go" onclick="history.pushState({}, '', '/cart'); history.back()">Cart</button>${OUT}${script(`onpopstate = () => ${T}`)}`,
    walk(click('#go'), sees('Thank you')),
  ),
  good(
    'route-navigation-api',
    'The page takes navigation into its own hands.',
    `<a id="go" href="/cart">Cart</a>${OUT}${script(`navigation.addEventListener('navigate', (e) => e.intercept({ async handler() ${T} }))`)}`,
    carts,
  ),
  bad(
    'route-reload-404',
    'The address that the page made up is not served.',
    { '/': route(`history.pushState({}, '', '/cart'); ${THANK}`) },
    walk(click('#go'), sees('Thank you'), go('/cart'), sees('Thank you')),
  ),
  good(
    'api-anchor',
    'The link leads down the page.',
    `<a id="go" href="#m">More</a>${TALL}<p id="m">Thank you</p>`,
    walk(click('#go'), { expect: { text: 'Thank you', url: '#m' } }),
  ),
];
