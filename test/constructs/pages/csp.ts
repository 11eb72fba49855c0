// Constructs of Content-Security-Policy and scripts: what a policy forbids does not run, and what it allows does.
import { createHash } from 'node:crypto';
import { BUTTON, bad, buy, buys, good, SELL, script, under } from '../construct.ts';

const hash = createHash('sha256').update(SELL).digest('base64');
const APP = `${BUTTON}<script src="/app.js"></script>`;
const INLINE = BUTTON + script(SELL);

export const csp = [
  bad(
    'csp-inline-script',
    'The policy blocks the inline script, so Buy is dead.',
    under("default-src 'self'", INLINE),
    buys,
  ),
  bad(
    'csp-inline-script-meta',
    'The policy in the page blocks the inline script.',
    `<meta http-equiv="content-security-policy" content="script-src 'self'">${INLINE}`,
    buys,
  ),
  bad(
    'csp-inline-handler',
    'The policy blocks onclick, so Buy is dead.',
    under("script-src 'self'", buy()),
    buys,
  ),
  bad('csp-script-attr', 'The policy blocks onclick only.', under("script-src-attr 'none'", buy()), buys),
  good(
    'csp-script-attr-spares',
    'A script element is no attribute.',
    under("script-src-attr 'none'", INLINE),
    buys,
  ),
  good(
    'csp-external-self',
    'The script comes from where the policy allows it.',
    under("script-src 'self'", APP),
    buys,
  ),
  good(
    'csp-unsafe-inline',
    'The policy allows inline scripts.',
    under("script-src 'unsafe-inline'", INLINE),
    buys,
  ),
  good(
    'csp-nonce',
    'The nonce is the right one.',
    under("script-src 'nonce-a1'", BUTTON + script(SELL, 'nonce="a1"')),
    buys,
  ),
  bad(
    'csp-nonce-stale',
    'A cached page carries an old nonce.',
    under("script-src 'nonce-a2'", BUTTON + script(SELL, 'nonce="a1"')),
    buys,
  ),
  good('csp-hash', 'The hash is that of the script.', under(`script-src 'sha256-${hash}'`, INLINE), buys),
  bad(
    'csp-hash-stale',
    'The script was changed and its hash was not.',
    under(`script-src 'sha256-${hash}'`, BUTTON + script(`${SELL} `)),
    buys,
  ),
  bad(
    'csp-external-elsewhere',
    'The script comes from a place the policy does not name.',
    under("script-src 'self'", `${BUTTON}<script src="{{OTHER}}/app.js"></script>`),
    buys,
  ),
  good(
    'csp-external-named',
    'The policy names the other origin.',
    under('script-src {{OTHER}}', `${BUTTON}<script src="{{OTHER}}/app.js"></script>`),
    buys,
  ),
  bad(
    'csp-strict-dynamic',
    'With strict-dynamic a script without nonce is blocked.',
    under("script-src 'self' 'strict-dynamic' 'nonce-a1'", APP),
    buys,
  ),
  good(
    'csp-strict-dynamic-child',
    'A trusted script may load others.',
    under(
      "script-src 'strict-dynamic' 'nonce-a1'",
      BUTTON +
        script(
          `document.body.append(Object.assign(document.createElement('script'), { src: '/app.js' }));`,
          'nonce="a1"',
        ),
    ),
    buys,
  ),
];
