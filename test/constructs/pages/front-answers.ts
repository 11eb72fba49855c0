// Constructs of what a front end makes of answers: data, releases, policies, numbers; and of views that change.
import {
  bad,
  buy,
  buys,
  choose,
  click,
  fill,
  good,
  has,
  script,
  sees,
  sends,
  shows,
  style,
  walk,
} from '../construct.ts';

const mug = shows('Mug');
const JSON_TYPE = { 'content-type': 'application/json' };
const later = (ms: number, code: string) => script(`setTimeout(() => { ${code} }, ${ms})`);
const go = click('#go');
const GO = '<a id="go" href="/next">Go</a>';
const visits = walk(go, sees('Mug'));

export const frontAnswers = [
  good(
    'front-polled',
    'The state is asked for until it is ready.',
    {
      '/': `<p id="o">Wait</p>${script(`const t = setInterval(async () => { const r = await fetch('/state?n=' + (window.n = (window.n || 0) + 1)); if ((await r.json()).ready) { clearInterval(t); o.textContent = 'Mug' } }, 150)`)}`,
      '/state': ({ url }) => ({
        headers: JSON_TYPE,
        body: JSON.stringify({ ready: Number(url.searchParams.get('n')) > 2 }),
      }),
    },
    mug,
  ),
  bad(
    'front-polled-never',
    'The state is asked for and never ready.',
    {
      '/': `<p id="o">Wait</p>${script(`setInterval(async () => { if ((await (await fetch('/state')).json()).ready) o.textContent = 'Mug' }, 150)`)}`,
      '/state': { headers: JSON_TYPE, body: '{"ready":false}' },
    },
    mug,
  ),
  bad(
    'front-error-answer',
    'The interface answers 200 with an error in it.',
    {
      '/': `<p id="o">Wait</p>${script(`fetch('/api').then((r) => r.json()).then(({ name, error }) => { o.textContent = error ? 'Something went wrong' : name })`)}`,
      '/api': { headers: JSON_TYPE, body: '{"error":"db"}' },
    },
    mug,
  ),
  bad(
    'front-boundary',
    'The library shows its page of errors in place of the shop.',
    `<div id="root">Mug</div>${script(`try { undefined.x } catch { root.textContent = 'Something went wrong' }`)}`,
    mug,
  ),
  bad(
    'front-white',
    'The library takes all off the page when it throws.',
    `<div id="root">Mug</div>${later(0, `root.replaceChildren(); throw new Error('boom')`)}`,
    walk({ wait: 0.3 }, sees('Mug')),
  ),
  bad(
    'front-json-page',
    'The page is the data.',
    { '/': { headers: JSON_TYPE, body: '{"error":"Mug is not found"}', status: 404 } },
    mug,
  ),
  bad(
    'front-login',
    'Who is not known is led to the login.',
    { '/': { status: 302, headers: { location: '/login' } }, '/login': '<h1>Log in</h1>' },
    mug,
  ),
  bad(
    'front-maintenance',
    'All is answered with 503 and the old page.',
    { '/': { status: 503, headers: { 'retry-after': '60' }, body: '<p>Mug</p>' } },
    mug,
  ),
  good(
    'front-cached',
    'The file is asked for again, and has not changed.',
    {
      '/': `${GO}<script src="/app.js"></script>`,
      '/next': '<p id="o"></p><script src="/app.js"></script>',
      '/app.js': ({ headers }) =>
        headers['if-none-match'] === '"1"'
          ? { status: 304, headers: { etag: '"1"' } }
          : {
              headers: { etag: '"1"', 'cache-control': 'no-cache' },
              body: `if (window.o) o.textContent = 'Mug'`,
            },
    },
    visits,
  ),
  bad(
    'front-download',
    'The link saves a file in place of a page.',
    {
      '/': GO,
      '/next': { headers: { 'content-disposition': 'attachment; filename=mug.html' }, body: '<p>Mug</p>' },
    },
    visits,
  ),
  good(
    'front-refreshed',
    'The page leads on by itself.',
    { '/': '<meta http-equiv="refresh" content="0;url=/next"><p>Wait</p>', '/next': '<p>Mug</p>' },
    mug,
  ),
  bad(
    'front-refreshed-back',
    'The page leads on to itself and is never the other one.',
    { '/': '<meta http-equiv="refresh" content="1;url=/"><p>Wait</p>' },
    mug,
  ),
  bad(
    'front-title',
    'The script writes it into the title alone.',
    script(`document.title = 'Mug'`).replace(/^/, '<p>Cup</p>'),
    mug,
  ),
  good(
    'front-number',
    'The number is written as the land does.',
    `<p id="o"></p>${script(`o.textContent = new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5)`)}`,
    shows('1.234,50 €'),
  ),
  good(
    'front-number-french',
    'The number has narrow spaces.',
    `<p id="o"></p>${script(`o.textContent = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' }).format(1234.5)`)}`,
    shows('1 234,50 €'),
  ),
  good(
    'front-nonce',
    'The script has the right nonce.',
    {
      '/': {
        headers: { 'content-security-policy': "script-src 'nonce-a1'" },
        body: `<p id="o"></p><script nonce="a1">o.textContent = 'Mug'</script>`,
      },
    },
    mug,
  ),
  bad(
    'front-nonce-old',
    'The page is cached, and its nonce is old.',
    {
      '/': {
        headers: { 'content-security-policy': "script-src 'nonce-b2'" },
        body: `<p id="o"></p><script nonce="a1">o.textContent = 'Mug'</script>`,
      },
    },
    mug,
  ),
  good(
    'front-import-map',
    'The map knows the module.',
    {
      '/': `<p id="o"></p><script type="importmap">{"imports":{"shop":"/shop.js"}}</script><script type="module">import { name } from 'shop'; o.textContent = name</script>`,
      '/shop.js': `export const name = 'Mug'`,
    },
    mug,
  ),
  bad(
    'front-import-map-old',
    'The map leads to a file of the last release.',
    {
      '/': `<p id="o"></p><script type="importmap">{"imports":{"shop":"/shop.1.js"}}</script><script type="module">import { name } from 'shop'; o.textContent = name</script>`,
      '/shop.js': `export const name = 'Mug'`,
    },
    mug,
  ),
  bad(
    'front-chunk',
    'The part of the last release is gone.',
    {
      '/': `<a id="go" href="#">Go</a><p id="o"></p>${script(`go.onclick = () => import('/chunk.1.js').then(({ name }) => { o.textContent = name })`)}`,
      '/chunk.2.js': `export const name = 'Mug'`,
    },
    visits,
  ),
  good(
    'front-tabs',
    'The second tab of the view shows it.',
    `<button role="tab" id="go" onclick="a.hidden = true; b.hidden = false">Two</button><div id="a">Cup</div><div id="b" hidden>Mug</div>`,
    visits,
  ),
  bad(
    'front-tabs-dead',
    'The second tab of the view does nothing.',
    `<button role="tab" id="go">Two</button><div id="a">Cup</div><div id="b" hidden>Mug</div>`,
    visits,
  ),
  good(
    'front-chosen',
    'The list changes the view.',
    `<select id="s" onchange="o.textContent = this.value === 'm' ? 'Mug' : ''"><option value="">-<option value="m">M</select><p id="o"></p>`,
    walk(choose('#s', 'm'), sees('Mug')),
  ),
  good(
    'front-covered-by-label',
    'The label swims over the field.',
    {
      '/': `<form action="/s"><div style="position:relative"><input id="n" name="n"><label for="n" style="position:absolute;inset:0">Name</label></div><button id="send">Send</button></form>`,
      '/s': ({ url }) => (url.searchParams.get('n') === 'Ada' ? '<p>Thank you</p>' : '<p>No</p>'),
    },
    sends(fill('#n', 'Ada')),
  ),
  good(
    'front-selected-state',
    'The state is told by a class.',
    `<li id="go" class="on">Mug</li>`,
    has('li.on'),
  ),
  good(
    'front-mobile-first',
    'The menu for phones is hidden, the other one is shown.',
    `${style('.phone{display:none}@media(max-width:600px){.phone{display:block}.desk{display:none}}')}<nav class="phone"><a id="go" class="g" href="/wrong">Go</a></nav><nav class="desk"><a class="g" href="#" onclick="o.textContent='Mug'">Go</a></nav><p id="o"></p>`,
    walk(click('a.g'), sees('Mug')),
  ),
  bad(
    'front-header-covers',
    'The header lies over the button and the page cannot be scrolled.',
    `<body style="margin:0;overflow:hidden"><header style="position:fixed;top:0;left:0;right:0;height:80px;background:#fff">Shop</header>${buy()}`,
    buys,
  ),
  good(
    'front-header-scrolled',
    'The user scrolls the button from under the header.',
    `<header style="position:fixed;top:0;left:0;right:0;height:80px;background:#fff">Shop</header><div style="height:1200px"></div><p id="up">Top</p>${buy()}<div style="height:1200px"></div>${later(300, `scrollTo(0, buy.getBoundingClientRect().top + scrollY - 10)`)}`,
    walk({ wait: 0.6 }, click('#buy'), sees('Thank you')),
  ),
];
