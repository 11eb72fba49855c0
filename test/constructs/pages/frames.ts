// Constructs of frames and tabs: what stands in them can be read and used, and what keeps them out keeps users out.
import {
  bad,
  buy,
  buys,
  clean,
  click,
  good,
  OUT,
  type Route,
  type Site,
  script,
  sees,
  shows,
  THANK,
  walk,
} from '../construct.ts';

const mug = shows('Mug');
const frame = (more = '') => `<p>Shop</p><iframe src="/f" width="400" height="200" ${more}></iframe>`;
const framed = (inner: Route, more = ''): Site => ({ '/': frame(more), '/f': inner });
const P = '<p>Mug</p>';
const tab = (page: string, next: Route = '<p>Thank you</p>'): Site => ({ '/': page, '/next': next });
const goes = walk(click('#go'), sees('Thank you'));

export const frames = [
  good('frame-text', 'The text stands in the frame.', framed(P), mug),
  bad('frame-500', 'The frame shows an error.', framed({ status: 500, body: '<p>Sorry</p>' }), mug),
  bad('frame-500-clean', 'The frame answers 500.', framed({ status: 500, body: 'Sorry' }), clean('Shop')),
  bad('frame-undisplayed', 'The frame is not displayed.', framed(P, 'style="display:none"'), mug),
  bad('frame-transparent', 'The frame is invisible.', framed(P, 'style="opacity:0"'), mug),
  bad(
    'frame-covered',
    'A layer lies over the frame.',
    { '/': `${frame()}<div style="position:fixed;inset:0;background:#fff"></div>`, '/f': P },
    mug,
  ),
  bad(
    'frame-denied',
    'The frame may not be framed.',
    framed({ headers: { 'x-frame-options': 'DENY' }, body: P }),
    mug,
  ),
  good(
    'frame-same-origin',
    'The frame may be framed by the shop.',
    framed({ headers: { 'x-frame-options': 'SAMEORIGIN' }, body: P }),
    mug,
  ),
  good(
    'frame-elsewhere',
    'The frame is of another origin.',
    { '/': '<iframe src="{{OTHER}}/f"></iframe>', '/f': P },
    mug,
  ),
  good('frame-source', 'The page holds the text of the frame.', '<iframe srcdoc="<p>Mug</p>"></iframe>', mug),
  good(
    'frame-written',
    'A script writes the frame.',
    `<iframe id="f"></iframe>${script(`const d = document.getElementById('f').contentDocument; d.open(); d.write('<p>Mug</p>'); d.close()`)}`,
    mug,
  ),
  good(
    'frame-nested',
    'A frame in a frame.',
    { '/': frame(), '/f': '<iframe src="/g"></iframe>', '/g': P },
    mug,
  ),
  good('frame-click', 'The button stands in the frame.', framed(buy()), buys),
  bad('frame-sandbox', 'The sandbox forbids scripts.', framed(buy(), 'sandbox'), buys),
  good(
    'frame-sandbox-scripts',
    'The sandbox allows scripts.',
    framed(buy(), 'sandbox="allow-scripts"'),
    buys,
  ),
  good('frame-sandbox-text', 'The sandbox lets the text be read.', framed(P, 'sandbox'), mug),
  good(
    'frame-tells-page',
    'The frame tells the page that it is paid.',
    {
      '/': `${OUT}${script(`addEventListener('message', () => { ${THANK} })`)}${frame()}`,
      '/f': script(`parent.postMessage('paid', '*')`),
    },
    shows('Thank you'),
  ),
  good(
    'frame-link-leads-page',
    'The link in the frame leads the whole page.',
    { ...framed('<a id="go" target="_top" href="/next">Go</a>'), '/next': '<p>Thank you</p>' },
    goes,
  ),
  good(
    'frame-named',
    'The link opens in the frame.',
    {
      '/': '<a id="go" target="f" href="/next">Go</a><iframe name="f"></iframe>',
      '/next': '<p>Thank you</p>',
    },
    goes,
  ),
  good('frame-lazy-near', 'The frame is fetched when it is near.', framed(P, 'loading="lazy"'), mug),
  good(
    'frame-hangs-shop-sells',
    'A frame that never comes keeps nobody from buying.',
    { '/': buy() + frame(), '/f': { how: 'hangs' } },
    buys,
  ),
  good(
    'object-page',
    'The page shows another one in it.',
    { '/': '<object data="/f" type="text/html" width="300" height="100"></object>', '/f': P },
    mug,
  ),
  good('tab-link', 'The link opens a new tab.', tab('<a id="go" target="_blank" href="/next">Go</a>'), goes),
  good(
    'tab-link-noopener',
    'The link opens a tab that knows nothing of the first.',
    tab('<a id="go" target="_blank" rel="noopener noreferrer" href="/next">Go</a>'),
    goes,
  ),
  good(
    'tab-base',
    'All links open new tabs.',
    tab('<base target="_blank"><a id="go" href="/next">Go</a>'),
    goes,
  ),
  good(
    'tab-by-script',
    'The script opens a new tab.',
    tab(`<button id="go" onclick="window.open('/next')">Go</button>`),
    goes,
  ),
  good(
    'tab-form',
    'The answer to the form opens in a new tab.',
    tab('<form action="/next" target="_blank"><button id="go">Go</button></form>'),
    goes,
  ),
  bad(
    'tab-500',
    'The new tab shows an error.',
    tab('<a id="go" target="_blank" href="/next">Go</a>', { status: 500, body: '<p>Thank you</p>' }),
    goes,
  ),
  good(
    'tab-tells-page',
    'The new tab tells the first one that it is paid.',
    tab(
      `<button id="go" onclick="window.open('/next')">Go</button>${OUT}${script(`addEventListener('message', () => { ${THANK} })`)}`,
      script(`opener.postMessage('paid', '*'); window.close()`),
    ),
    goes,
  ),
];
