// Constructs of pictures, fonts and drawings: what comes is shown, and what does not come is noticed.
import {
  BUTTON,
  bad,
  buy,
  buys,
  clean,
  good,
  OUT,
  type Route,
  SELL,
  type Site,
  script,
  shows,
  style,
  THANK,
  unjudged,
  withFile,
} from '../construct.ts';

const mug = shows('Mug');
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
const img = (more = '', src = '/mug.svg') => `<img src="${src}" alt="" width="9" height="9" ${more}>`;
const pictured = (picture: Route, body: string): Site => ({ '/': `<p>Mug</p>${body}`, '/mug.svg': picture });
const ONLOAD = `onload="${THANK}"`;
const thanks = shows('Thank you');
const SORRY = `onerror="document.body.textContent = 'Sorry'"`;
const FONT = `${style('@font-face{font-family:m;src:url(/m.woff2)}p{font-family:m}')}<p>Mug</p>`;
const fontThen = (then: string) =>
  `${OUT}${script(`new FontFace('m', 'url(/m.woff2)').load().then(() => { ${then} }, () => {})`)}`;

export const media = [
  good('img-clean', 'The picture is there.', pictured(SVG, img()), clean('Mug')),
  bad('img-500-clean', 'The picture answers 500.', pictured({ status: 500 }, img()), clean('Mug')),
  good('img-onload', 'The picture comes.', pictured(SVG, `${OUT}${img(ONLOAD)}`), thanks),
  bad('img-404-onload', 'The picture is not there.', { '/': `${OUT}${img(ONLOAD)}` }, thanks),
  bad(
    'img-404-replaces-page',
    'The page gives up without its picture.',
    { '/': `<p>Mug</p>${img(SORRY)}` },
    mug,
  ),
  good('img-no-error', 'The picture is there, so the page does not give up.', pictured(SVG, img(SORRY)), mug),
  good(
    'img-404-fallback',
    'Another picture takes its place.',
    pictured(SVG, `${OUT}${img(`${ONLOAD} onerror="this.src = '/mug.svg'"`, '/none.svg')}`),
    thanks,
  ),
  bad(
    'img-as-page',
    'The picture is answered with the start page.',
    pictured({ headers: { 'content-type': 'text/html' }, body: '<p>Shop</p>' }, `${OUT}${img(ONLOAD)}`),
    thanks,
  ),
  good(
    'img-data',
    'The picture is in the page.',
    `${OUT}<img alt="" src="data:image/svg+xml,${encodeURIComponent(SVG)}" ${ONLOAD}>`,
    thanks,
  ),
  good(
    'img-new-image',
    'A script waits for the picture.',
    pictured(
      SVG,
      `${OUT}${script(`const i = new Image(); i.onload = () => { ${THANK} }; i.src = '/mug.svg'`)}`,
    ),
    thanks,
  ),
  good(
    'img-width-known',
    'A script reads how wide the picture is.',
    pictured(
      SVG,
      `${OUT}${img('id="i"')}${script(`onload = () => { if (document.getElementById('i').naturalWidth === 9) ${THANK} }`)}`,
    ),
    thanks,
  ),
  good(
    'img-lazy-far',
    'A picture far below is not asked for.',
    {
      '/': `<p>Mug</p><div style="height:40000px"></div>${img('loading="lazy"')}`,
      '/mug.svg': { status: 500 },
    },
    clean('Mug'),
  ),
  good(
    'img-link',
    'The picture is a link.',
    { ...pictured(SVG, `<a id="buy" href="/next">${img()}</a>`), '/next': '<p>Thank you</p>' },
    buys,
  ),
  good(
    'img-map',
    'A part of the picture is a link.',
    {
      ...pictured(
        SVG,
        '<img src="/mug.svg" alt="" width="90" height="90" usemap="#m"><map name="m"><area id="buy" href="/next" shape="rect" coords="0,0,90,90" alt="Buy"></map>',
      ),
      '/next': '<p>Thank you</p>',
    },
    buys,
  ),
  bad(
    'img-overlay-large',
    'A picture lies over the button.',
    `${buy()}<img alt="" style="position:fixed;inset:0;width:100%;height:100%" src="data:image/svg+xml,${encodeURIComponent(SVG)}">`,
    buys,
  ),
  good(
    'svg-link',
    'A drawing is a link.',
    {
      '/': '<svg width="90" height="30"><a id="buy" href="/next"><rect width="90" height="30"/></a></svg>',
      '/next': '<p>Thank you</p>',
    },
    buys,
  ),
  good(
    'svg-button',
    'A drawing takes the click.',
    `<svg width="90" height="30"><rect id="buy" width="90" height="30" onclick="${THANK}"/></svg>${OUT}`,
    buys,
  ),
  bad(
    'svg-text-in-defs',
    'The text is only kept for later.',
    '<svg width="90" height="30"><defs><text y="20">Mug</text></defs></svg>',
    mug,
  ),
  good(
    'svg-foreign',
    'A page is in the drawing.',
    '<svg width="90" height="60"><foreignObject width="90" height="60"><p>Mug</p></foreignObject></svg>',
    mug,
  ),
  unjudged(
    'img-text',
    'It stands in a picture, and pixels say nothing.',
    `<img alt="" src="data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">Mug</text></svg>')}">`,
    mug,
  ),
  bad('font-500-clean', 'The font answers 500.', withFile('/m.woff2', { status: 500 }, FONT), clean('Mug')),
  good('font-missing-shows', 'Without its font the text has another.', { '/': FONT }, mug),
  bad('font-awaited-404', 'The page waits for a font that is not there.', fontThen(THANK), thanks),
  good(
    'font-ready',
    'The fonts are ready.',
    `${OUT}${script(`document.fonts.ready.then(() => { ${THANK} })`)}`,
    thanks,
  ),
  good(
    'canvas-drawn',
    'A script draws and reads the colour back.',
    `${OUT}<canvas id="c"></canvas>${script(`const c = document.getElementById('c').getContext('2d'); c.fillStyle = '#f00'; c.fillRect(0, 0, 9, 9); if (c.getImageData(1, 1, 1, 1).data[0] === 255) ${THANK}`)}`,
    thanks,
  ),
  bad(
    'sheet-404-onload',
    'The style sheet is not there.',
    `${OUT}<link rel="stylesheet" href="/app.css" ${ONLOAD}>`,
    thanks,
  ),
  bad(
    'sheet-dynamic-404',
    'A script waits for a style sheet that is not there.',
    `${OUT}${script(`document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/app.css', onload() { ${THANK} } }))`)}`,
    thanks,
  ),
  good(
    'preload-onload',
    'The script is fetched ahead and then used.',
    withFile(
      '/app.js',
      SELL,
      `${BUTTON}<link rel="preload" as="script" href="/app.js" onload="document.body.append(Object.assign(document.createElement('script'), { src: '/app.js' }))">`,
    ),
    buys,
  ),
];
