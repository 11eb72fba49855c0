// Constructs of Content-Security-Policy and what a page loads and sends: requests, forms, frames, pictures, styles.
import {
  BUTTON,
  bad,
  buys,
  good,
  OUT,
  SELL,
  script,
  sends,
  shows,
  style,
  THANK,
  under,
} from '../construct.ts';

const INLINE = BUTTON + script(SELL);
const AFTER_FETCH = `${OUT}${script(`fetch('/stock').then(() => { ${THANK} });`)}`;
const FORM = '<form action="/order" method="post"><button id="send">Send</button></form>';
const order = { '/order': '<p>Thank you</p>' };
const FRAME = `${OUT}${script(`addEventListener('message', () => { ${THANK} });`)}<iframe src="/pay"></iframe>`;
const pay = { '/pay': script(`parent.postMessage('paid', '*');`) };
const PICTURE = `${OUT}<img src="/mug.svg" alt="" onload="${THANK}">`;
const mug = { '/mug.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' };
const BASE = `<base href="/shop/">${BUTTON}<script src="app.js"></script>`;
const thanks = shows('Thank you');

export const cspLoads = [
  bad(
    'csp-connect-none',
    'The policy blocks the request for the stock.',
    under("connect-src 'none'", AFTER_FETCH, { '/stock': '1' }),
    thanks,
  ),
  good(
    'csp-connect-self',
    'The policy allows requests to the shop.',
    under("connect-src 'self'", AFTER_FETCH, { '/stock': '1' }),
    thanks,
  ),
  bad(
    'csp-eval',
    'The policy blocks code made of text.',
    under("script-src 'unsafe-inline'", BUTTON + script(`new Function(${JSON.stringify(SELL)})();`)),
    buys,
  ),
  good(
    'csp-unsafe-eval',
    'The policy allows code made of text.',
    under(
      "script-src 'unsafe-inline' 'unsafe-eval'",
      BUTTON + script(`new Function(${JSON.stringify(SELL)})();`),
    ),
    buys,
  ),
  bad(
    'csp-form-action-none',
    'The policy forbids to send the form.',
    under("form-action 'none'", FORM, order),
    sends(),
  ),
  good(
    'csp-form-action-self',
    'The form goes to the shop itself.',
    under("form-action 'self'", FORM, order),
    sends(),
  ),
  bad(
    'csp-frame-none',
    'The frame of the payment is blocked.',
    under("frame-src 'none'", FRAME, pay),
    thanks,
  ),
  good(
    'csp-frame-self',
    'The frame of the payment is allowed.',
    under("frame-src 'self'", FRAME, pay),
    thanks,
  ),
  bad('csp-img-none', 'The picture is blocked.', under("img-src 'none'", PICTURE, mug), thanks),
  good('csp-img-self', 'The picture is allowed.', under("img-src 'self'", PICTURE, mug), thanks),
  bad(
    'csp-style-blocked',
    'The style that would show the text is blocked.',
    under("style-src 'self'", `${style('.on{display:block}')}<p hidden class="on">Thank you</p>`),
    thanks,
  ),
  good(
    'csp-style-allowed',
    'The style shows the text.',
    under("style-src 'unsafe-inline'", `${style('.on{display:block}')}<p hidden class="on">Thank you</p>`),
    thanks,
  ),
  bad('csp-sandbox', 'A sandboxed page runs no scripts.', under('sandbox', INLINE), buys),
  good('csp-sandbox-scripts', 'The sandbox allows scripts.', under('sandbox allow-scripts', INLINE), buys),
  bad(
    'csp-base-none',
    'The policy ignores the base, so the script is not found.',
    under("base-uri 'none'", BASE, { '/app.js': '', '/shop/app.js': SELL }),
    buys,
  ),
  good(
    'csp-base-self',
    'The base counts, so the script is found.',
    under("base-uri 'self'", BASE, { '/app.js': '', '/shop/app.js': SELL }),
    buys,
  ),
  good(
    'csp-report-only',
    'A policy that only reports blocks nothing.',
    { '/': { headers: { 'content-security-policy-report-only': "script-src 'self'" }, body: INLINE } },
    buys,
  ),
  bad(
    'csp-two-policies',
    'Of two policies both count.',
    under(["script-src 'unsafe-inline'", "script-src 'self'"], INLINE),
    buys,
  ),
  good('csp-frame-ancestors', 'Nobody frames this page.', under("frame-ancestors 'none'", INLINE), buys),
  bad(
    'csp-trusted-types',
    'Plain text may not become markup.',
    under(
      "require-trusted-types-for 'script'",
      `${OUT}${script(`document.getElementById('out').innerHTML = '<b>Thank you</b>';`)}`,
    ),
    thanks,
  ),
  bad(
    'csp-worker-none',
    'The worker is blocked.',
    under("worker-src 'none'", `${OUT}${script(`new Worker('/w.js').onmessage = () => { ${THANK} };`)}`, {
      '/w.js': 'postMessage(1)',
    }),
    thanks,
  ),
];
