// Constructs that are whole shops: from the shelf over the cart to the thanks, each broken in one place, and well beside it.
import { bad, click, fill, good, type Site, script, sees, walk } from '../construct.ts';

const CSS =
  '.d-none{display:none!important}.cart{border:1px solid}.cover{position:fixed;inset:0;background:#fff}.alert{padding:9px}';
const LINK = '<link rel="stylesheet" href="/shop.css">';
const APP = `const out = document.getElementById('thanks'); document.getElementById('order').addEventListener('submit', async (e) => { e.preventDefault(); const r = await fetch('/api/orders', { method: 'POST', body: new URLSearchParams(new FormData(e.target)) }); const { name } = await r.json(); out.textContent = 'Thank you, ' + name; out.classList.remove('d-none'); });`;
const shelf = `${LINK}<h1>Shelf</h1><a id="mug" href="/mug">Mug</a>`;
const product = (more = '', foot = '<script src="/shop.js"></script>') =>
  `${LINK}<h1>Mug</h1><form id="order"><input id="name" name="name" required><button id="send">Buy</button></form><p id="thanks" class="d-none"></p>${more}${foot}`;
const shop = (changed: Site = {}): Site => ({
  '/': shelf,
  '/mug': product(),
  '/shop.css': CSS,
  '/shop.js': APP,
  '/api/orders': ({ body }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: new URLSearchParams(body).get('name') }),
  }),
  ...changed,
});
const ordered = walk(click('#mug'), fill('#name', 'Ada'), click('#send'), sees('Thank you, Ada'));
const policy = (value: string) => ({ headers: { 'content-security-policy': value }, body: product() });
const cover = (code: string) => product(`<div id="cover" class="cover">Loading</div>${script(code)}`);
const toast = (more: string) => product('', `<div class="alert ${more}" id="done">Thank you, Ada</div>`);

export const shops = [
  good('shop-well', 'The shop sells.', shop(), ordered),
  bad(
    'shop-policy',
    'The new policy blocks the script of the shop.',
    shop({ '/mug': policy("script-src 'none'") }),
    ordered,
  ),
  good(
    'shop-policy-right',
    'The policy knows the script of the shop.',
    shop({ '/mug': policy("default-src 'self'") }),
    ordered,
  ),
  bad(
    'shop-policy-connect',
    'The new policy blocks the order.',
    shop({ '/mug': policy("default-src 'self'; connect-src https://api.shop.example") }),
    ordered,
  ),
  bad(
    'shop-loading',
    'The layer "Loading" never goes away.',
    shop({ '/mug': cover('window.never = true') }),
    ordered,
  ),
  good(
    'shop-loaded',
    'The layer "Loading" goes away.',
    shop({ '/mug': cover(`setTimeout(() => document.getElementById('cover').remove(), 1500)`) }),
    ordered,
  ),
  bad(
    'shop-thanks-hidden',
    'The thanks stay hidden by the style sheet.',
    shop({ '/shop.js': APP.replace(`out.classList.remove('d-none');`, '') }),
    ordered,
  ),
  bad(
    'shop-thanks-beforehand',
    'The thanks are in the page and hidden, and the button does nothing.',
    shop({ '/mug': toast('d-none') }),
    ordered,
  ),
  bad(
    'shop-sheet-hangs',
    'The style sheet never comes, so the page stays white.',
    shop({ '/shop.css': { how: 'hangs' } }),
    ordered,
  ),
  good(
    'shop-sheet-slow',
    'The style sheet takes a moment.',
    shop({ '/shop.css': { late_ms: 300, body: CSS } }),
    ordered,
  ),
  bad(
    'shop-dead-button',
    'The script throws before it listens to the button.',
    shop({ '/shop.js': `window.config.currency; ${APP}` }),
    ordered,
  ),
  bad(
    'shop-script-as-page',
    'The script is answered with the start page.',
    shop({
      '/mug': product('', '<script type="module" src="/shop.js"></script>'),
      '/shop.js': { headers: { 'content-type': 'text/html' }, body: shelf },
    }),
    ordered,
  ),
  bad(
    'shop-integrity',
    'The script was built anew and its hash was not.',
    shop({
      '/mug': product(
        '',
        '<script src="/shop.js" integrity="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="></script>',
      ),
    }),
    ordered,
  ),
  bad(
    'shop-api-500',
    'Orders are answered with 500.',
    shop({ '/api/orders': { status: 500, body: 'no' } }),
    ordered,
  ),
  bad(
    'shop-product-404',
    'The mug is gone from the shelf.',
    shop({ '/mug': { status: 404, body: product() } }),
    ordered,
  ),
  bad(
    'shop-consent',
    'The question about cookies cannot be answered.',
    shop({
      '/mug': product(
        '<dialog id="c">Cookies?</dialog>',
        `<script src="/shop.js"></script>${script(`document.getElementById('c').showModal()`)}`,
      ),
    }),
    ordered,
  ),
  bad(
    'shop-form-disabled',
    'The form is disabled until a script comes that does not.',
    shop({
      '/mug': product()
        .replace('<input', '<fieldset disabled><input')
        .replace('</form>', '</fieldset></form>'),
    }),
    ordered,
  ),
];
