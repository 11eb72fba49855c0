// Constructs of time: what comes late, what never comes, what hangs and what is heavy.
import {
  BUTTON,
  bad,
  buy,
  buys,
  click,
  good,
  OUT,
  type Route,
  SELL,
  type Site,
  script,
  sees,
  sheet,
  shows,
  style,
  THANK,
  walk,
  withFile,
} from '../construct.ts';

const mug = shows('Mug');
const P = '<p>Mug</p>';
const hangs: Route = { how: 'hangs' };
const late = (ms: number, body = P): Route => ({ late_ms: ms, body });
const after = (ms: number) =>
  `<p id="p">Wait</p>${script(`setTimeout(() => { document.getElementById('p').textContent = 'Mug' }, ${ms})`)}`;
const app = (answer: Route, tag: string): Site => ({ '/': tag, '/app.js': answer });
const GO = '<a id="go" href="/next">Go</a>';
const goes = walk(click('#go'), sees('Thank you'));

export const lateOnes = [
  good('late-text', 'The text comes a moment later.', after(400), mug),
  good('late-text-second', 'The text comes after a second.', after(1200), mug),
  good(
    'late-toast',
    'The thanks go away again.',
    `<button id="buy" onclick="${THANK} setTimeout(() => { document.getElementById('out').textContent = '' }, 1500)">Buy</button>${OUT}`,
    buys,
  ),
  good(
    'late-enabled',
    'The button is enabled a moment later.',
    `${buy('disabled')}${script(`setTimeout(() => { document.getElementById('buy').disabled = false }, 500)`)}`,
    buys,
  ),
  bad(
    'late-never-enabled',
    'The button is never enabled.',
    `${buy('disabled')}${script('setInterval(() => {}, 50)')}`,
    buys,
  ),
  good(
    'late-button',
    'The button comes a moment later.',
    `<div id="b"></div>${OUT}${script(`setTimeout(() => { document.getElementById('b').innerHTML = '<button id="buy">Buy</button>'; document.getElementById('buy').onclick = () => { ${THANK} } }, 500)`)}`,
    buys,
  ),
  good('late-page', 'The page takes a moment.', { '/': late(700) }, mug),
  good(
    'late-sheet',
    'The style sheet takes a moment.',
    withFile(
      '/app.css',
      { late_ms: 500, body: '.m{display:block}' },
      `${sheet()}<p hidden class="m">Mug</p>`,
    ),
    mug,
  ),
  good(
    'late-script',
    'The script takes a moment.',
    app({ late_ms: 500, body: SELL }, `${BUTTON}<script src="/app.js"></script>`),
    buys,
  ),
  good(
    'late-next',
    'The next page takes a moment.',
    { '/': GO, '/next': late(700, '<p>Thank you</p>') },
    goes,
  ),
  bad('hang-page', 'The page never comes.', { '/': hangs }, mug),
  bad('hang-next', 'The next page never comes.', { '/': GO, '/next': hangs }, goes),
  bad(
    'hang-script-head',
    'The page waits for its script and stays white.',
    app(hangs, `<script src="/app.js"></script>${P}`),
    mug,
  ),
  bad(
    'hang-script-end',
    'The script that sells never comes.',
    app(hangs, `${BUTTON}<script src="/app.js"></script>`),
    buys,
  ),
  bad(
    'hang-module',
    'The module that sells never comes.',
    app(hangs, `${BUTTON}<script type="module" src="/app.js"></script>`),
    buys,
  ),
  bad(
    'hang-import',
    'The module that is wanted never comes.',
    app(hangs, `<button id="buy" onclick="import('/app.js').then(() => { ${THANK} })">Buy</button>${OUT}`),
    buys,
  ),
  good(
    'hang-tracker',
    'What counts visitors never comes, and the shop sells.',
    { '/': `${buy()}<script async src="/count.js"></script>`, '/count.js': hangs },
    buys,
  ),
  good(
    'hang-image',
    'A picture never comes, and the shop sells.',
    { '/': `${buy()}<img alt="" src="/mug.png">`, '/mug.png': hangs },
    buys,
  ),
  good(
    'hang-image-endless',
    'A picture never ends, and the shop sells.',
    { '/': `${buy()}<img alt="" src="/mug.png">`, '/mug.png': { how: 'endless', body: 'GIF89a' } },
    buys,
  ),
  good(
    'hang-image-next',
    'A picture of the next page never comes.',
    { '/': GO, '/next': '<p>Thank you</p><img alt="" src="/mug.png">', '/mug.png': hangs },
    goes,
  ),
  good(
    'hang-font',
    'The font never comes, and the text has another.',
    {
      '/': `${style('@font-face{font-family:m;src:url(/m.woff2);font-display:swap}p{font-family:m}')}${P}`,
      '/m.woff2': hangs,
    },
    mug,
  ),
  good(
    'hang-preload',
    'What was fetched ahead never comes.',
    { '/': `<link rel="preload" as="image" href="/mug.png">${buy()}`, '/mug.png': hangs },
    buys,
  ),
  bad(
    'hang-sheet',
    'The page waits for its style sheet and stays white.',
    withFile('/app.css', hangs, sheet() + P),
    mug,
  ),
  bad(
    'hang-sheet-import',
    'The page waits for an imported style sheet and stays white.',
    withFile('/app.css', hangs, style('@import "/app.css";') + P),
    mug,
  ),
  good(
    'hang-sheet-print',
    'The style sheet for paper keeps nobody waiting.',
    withFile('/app.css', hangs, `<link rel="stylesheet" media="print" href="/app.css">${buy()}`),
    buys,
  ),
  good(
    'heavy-half-second',
    'The page is busy for a moment.',
    `${script('const t = Date.now(); while (Date.now() - t < 400);')}${P}`,
    mug,
  ),
  good(
    'heavy-elements',
    'The page has 5000 elements.',
    `<div id="d"></div>${script(`document.getElementById('d').innerHTML = '<i>.</i>'.repeat(5000)`)}${P}`,
    mug,
  ),
  good('heavy-nesting', 'The page is nested 300 deep.', `${'<div>'.repeat(300)}${P}`, mug),
  good(
    'heavy-requests',
    'The page makes 60 requests.',
    withFile(
      '/stock',
      '7',
      `${OUT}${script(`Promise.all(Array.from({ length: 60 }, (_, i) => fetch('/stock?' + i))).then(() => { ${THANK} })`)}`,
    ),
    shows('Thank you'),
  ),
];
