// Constructs of integrity and types: a file with a wrong hash or a wrong type is not used.
import { createHash } from 'node:crypto';
import { BUTTON, bad, buys, good, type Route, SELL, type Site, shows, withFile } from '../construct.ts';

const sri = (text: string, kind = 'sha384') => `${kind}-${createHash(kind).update(text).digest('base64')}`;
const APP = (more: string, src = '/app.js') => `${BUTTON}<script src="${src}" ${more}></script>`;
const app = (file: Route, more = '') => withFile('/app.js', file, APP(more));
const typed = (type: string, body: string, more = {}) => ({
  headers: { 'content-type': type, ...more },
  body,
});
const nosniff = { 'x-content-type-options': 'nosniff' };
const MODULE = 'type="module"';
const CSS = '.on{display:block}';
const sheet = (file: Route, more = ''): Site =>
  withFile('/app.css', file, `<link rel="stylesheet" href="/app.css" ${more}><p hidden class="on">Mug</p>`);
const open = { 'access-control-allow-origin': '*' };
const there = '{{OTHER}}/app.js';

export const integrity = [
  good('sri-right', 'The script is what the page expects.', app(SELL, `integrity="${sri(SELL)}"`), buys),
  bad(
    'sri-wrong',
    'The script was changed, so the browser refuses it.',
    app(SELL, `integrity="${sri('old')}"`),
    buys,
  ),
  good(
    'sri-one-of-two',
    'One of two hashes is right.',
    app(SELL, `integrity="${sri('old')} ${sri(SELL)}"`),
    buys,
  ),
  good('sri-unknown-kind', 'A hash of an unknown kind is ignored.', app(SELL, 'integrity="md9-abc"'), buys),
  bad('sri-module-wrong', 'The module was changed.', app(SELL, `${MODULE} integrity="${sri('old')}"`), buys),
  good(
    'sri-module-right',
    'The module is what the page expects.',
    app(SELL, `${MODULE} integrity="${sri(SELL)}"`),
    buys,
  ),
  bad(
    'sri-elsewhere-without-cors',
    'A hash over an origin needs its consent.',
    withFile('/app.js', SELL, APP(`integrity="${sri(SELL)}"`, there)),
    buys,
  ),
  good(
    'sri-elsewhere-with-cors',
    'The other origin consents.',
    withFile('/app.js', { headers: open, body: SELL }, APP(`crossorigin integrity="${sri(SELL)}"`, there)),
    buys,
  ),
  bad(
    'sri-sheet-wrong',
    'The style sheet was changed, so the text stays hidden.',
    sheet(CSS, `integrity="${sri('old')}"`),
    shows('Mug'),
  ),
  good(
    'sri-sheet-right',
    'The style sheet shows the text.',
    sheet(CSS, `integrity="${sri(CSS)}"`),
    shows('Mug'),
  ),
  bad(
    'sri-fetch',
    'A request wants a hash that the answer has not.',
    withFile(
      '/stock',
      '7',
      `<p id="out"></p><script>fetch('/stock', { integrity: '${sri('8')}' }).then(() => { document.getElementById('out').textContent = 'Mug'; });</script>`,
    ),
    shows('Mug'),
  ),
  bad(
    'type-module-as-page',
    'A missing chunk is answered with the start page.',
    app(typed('text/html', SELL), MODULE),
    buys,
  ),
  bad(
    'type-module-as-text',
    'A module served as plain text is refused.',
    app(typed('text/plain', SELL), MODULE),
    buys,
  ),
  good('type-module', 'A module of the right type runs.', app(SELL, MODULE), buys),
  good(
    'type-script-as-text',
    'An old script served as plain text runs.',
    app(typed('text/plain', SELL)),
    buys,
  ),
  bad(
    'type-script-as-text-nosniff',
    'With nosniff plain text is no script.',
    app(typed('text/plain', SELL, nosniff)),
    buys,
  ),
  good(
    'type-script-nosniff',
    'With nosniff a script is a script.',
    app(typed('text/javascript', SELL, nosniff)),
    buys,
  ),
  bad('type-script-as-image', 'A picture is never a script.', app(typed('image/png', SELL)), buys),
  bad(
    'type-sheet-as-text',
    'A style sheet served as plain text is not used.',
    sheet(typed('text/plain', CSS)),
    shows('Mug'),
  ),
  good(
    'type-sheet-nosniff',
    'With nosniff a style sheet is one.',
    sheet(typed('text/css', CSS, nosniff)),
    shows('Mug'),
  ),
];
