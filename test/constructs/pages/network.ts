// Constructs of requests a page makes: what other origins allow, what fails and is caught, streams, sockets, workers and cookies.
import {
  BUTTON,
  bad,
  buys,
  click,
  good,
  OUT,
  type Route,
  SELL,
  type Site,
  script,
  sees,
  sends,
  shows,
  THANK,
  walk,
} from '../construct.ts';

const thanks = shows('Thank you');
const T = `{ ${THANK} }`;
const run = (code: string) => OUT + script(code);
const asked = (code: string, stock: Route = '7', more: Site = {}): Site => ({
  '/': run(code),
  '/stock': stock,
  ...more,
});
const open = (more = {}) => ({ headers: { 'access-control-allow-origin': '*', ...more }, body: '7' });
const OTHER = `fetch('{{OTHER}}/stock')`;
const OK = `.then((r) => { if (r.ok) ${T} })`;
const login = (cookie: string): Site => ({
  '/': '<form action="/login" method="post"><button id="send">Log in</button></form>',
  'POST /login': { status: 303, headers: { location: '/me', 'set-cookie': cookie } },
  '/me': ({ headers }) => (/sid=1/.test(headers.cookie ?? '') ? '<p>Thank you</p>' : '<p>Log in</p>'),
});

export const network = [
  good('fetch-ok', 'The stock comes.', asked(`fetch('/stock')${OK}`), thanks),
  bad(
    'fetch-nobody',
    'Nobody listens there.',
    asked(`fetch('http://127.0.0.1:1/').then(() => ${T})`),
    thanks,
  ),
  good(
    'fetch-nobody-caught',
    'The page can do without.',
    asked(`fetch('http://127.0.0.1:1/').catch(() => ${T})`),
    thanks,
  ),
  good(
    'fetch-slow',
    'The stock comes after a moment.',
    asked(`fetch('/stock')${OK}`, { late_ms: 700, body: '7' }),
    thanks,
  ),
  bad(
    'fetch-never',
    'The stock never comes, and the page waits for ever.',
    asked(`fetch('/stock')${OK}`, { how: 'hangs' }),
    thanks,
  ),
  good(
    'fetch-never-given-up',
    'The page gives up after a moment and does without.',
    asked(`fetch('/stock', { signal: AbortSignal.timeout(400) }).catch(() => ${T})`, { how: 'hangs' }),
    thanks,
  ),
  good(
    'fetch-retry',
    'The user tries again, and it works.',
    {
      '/': `<button id="buy" onclick="fetch('/stock' + (window.n = (window.n || 0) + 1)).then((r) => { document.getElementById('out').textContent = r.ok ? 'Thank you' : 'Try again' })">Buy</button>${OUT}`,
      '/stock1': { status: 503 },
      '/stock2': '7',
    },
    walk(click('#buy'), sees('Try again'), click('#buy'), sees('Thank you')),
  ),
  good(
    'fetch-stream',
    'The answer is read as it comes.',
    asked(`fetch('/stock').then((r) => r.body.getReader().read()).then(() => ${T})`, {
      how: 'endless',
      body: 'first ',
    }),
    thanks,
  ),
  good(
    'xhr',
    'The old way of asking.',
    asked(
      `const x = new XMLHttpRequest(); x.open('GET', '/stock'); x.onload = () => { if (x.status === 200) ${T} }; x.send()`,
    ),
    thanks,
  ),
  bad('cors-denied', 'The other origin does not allow it.', asked(`${OTHER}${OK}`), thanks),
  good('cors-allowed', 'The other origin allows it.', asked(`${OTHER}${OK}`, open()), thanks),
  bad(
    'cors-preflight-denied',
    'The other origin does not allow this method.',
    {
      ...asked(`fetch('{{OTHER}}/stock', { method: 'PUT' })${OK}`, open()),
      'OPTIONS /stock': { status: 405 },
    },
    thanks,
  ),
  good(
    'cors-preflight-allowed',
    'The other origin allows this method.',
    {
      ...asked(`fetch('{{OTHER}}/stock', { method: 'PUT' })${OK}`, open()),
      'OPTIONS /stock': open({ 'access-control-allow-methods': 'PUT' }),
    },
    thanks,
  ),
  bad(
    'cors-credentials-star',
    'With cookies a star allows nothing.',
    asked(
      `fetch('{{OTHER}}/stock', { credentials: 'include' })${OK}`,
      open({ 'access-control-allow-credentials': 'true' }),
    ),
    thanks,
  ),
  bad(
    'cors-module',
    'A module of another origin needs its consent.',
    { '/': `${BUTTON}<script type="module" src="{{OTHER}}/app.js"></script>`, '/app.js': SELL },
    buys,
  ),
  good(
    'events',
    'The server sends events.',
    asked(`new EventSource('/stock').onmessage = () => ${T}`, {
      how: 'endless',
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: 7\n\n',
    }),
    thanks,
  ),
  good(
    'socket',
    'The socket opens and says something.',
    asked(`new WebSocket(location.origin.replace('http', 'ws') + '/stock').onmessage = () => ${T}`, {
      how: 'socket',
      body: 'hello',
    }),
    thanks,
  ),
  good(
    'worker',
    'A worker does the work.',
    asked(`new Worker('/w.js').onmessage = () => ${T}`, '', { '/w.js': 'postMessage(1)' }),
    thanks,
  ),
  good(
    'worker-blob',
    'The page makes its own worker.',
    run(`new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))).onmessage = () => ${T}`),
    thanks,
  ),
  good(
    'service-worker',
    'A service worker is installed.',
    asked(
      `navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => ${T})`,
      '',
      { '/sw.js': '' },
    ),
    thanks,
  ),
  bad(
    'service-worker-broken',
    'The service worker answers with its own regret.',
    {
      '/': run(
        `navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => { if (!navigator.serviceWorker.controller) location.reload(); else fetch('/stock').then((r) => r.text()).then((t) => { document.getElementById('out').textContent = t }) })`,
      ),
      '/sw.js': `oninstall = () => skipWaiting(); onactivate = (e) => e.waitUntil(clients.claim()); onfetch = (e) => { if (e.request.url.endsWith('/stock')) e.respondWith(new Response('Sorry')) }`,
      '/stock': 'Thank you',
    },
    thanks,
  ),
  good('cookie-login', 'The user is logged in.', login('sid=1; HttpOnly; SameSite=Lax'), sends()),
  bad(
    'cookie-other-path',
    'The cookie is for another part of the shop.',
    login('sid=1; Path=/admin'),
    sends(),
  ),
  bad(
    'cookie-http-only',
    'Scripts cannot read the cookie.',
    {
      '/': {
        headers: { 'set-cookie': 'sid=1; HttpOnly' },
        body: run(`if (document.cookie.includes('sid')) ${T}`),
      },
    },
    thanks,
  ),
];
