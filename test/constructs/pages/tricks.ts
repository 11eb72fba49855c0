// Constructs that lie between the other classes: what moves, what comes back, and covers that are no boxes.
import {
  BUTTON,
  bad,
  buy,
  buys,
  choose,
  click,
  good,
  OUT,
  SELL,
  script,
  sees,
  shows,
  style,
  styled,
  THANK,
  walk,
} from '../construct.ts';

const mug = shows('Mug');
const T = `{ ${THANK} }`;

export const tricks = [
  good(
    'moves-in',
    'The button slides in and then stands still.',
    styled('#buy{position:relative;animation:in .8s}@keyframes in{from{left:600px}}', buy()),
    buys,
  ),
  bad(
    'moves-for-ever',
    'The button flees from the pointer.',
    `${buy('style="position:absolute"')}${script(`setInterval(() => { const b = document.getElementById('buy'); b.style.left = (Math.random() * 900) + 'px'; b.style.top = (60 + Math.random() * 500) + 'px' }, 5)`)}`,
    buys,
  ),
  good(
    'history-after-error',
    'The user goes back from the error page.',
    {
      '/': '<p>Mug</p><a id="go" href="/broken">Go</a>',
      '/broken': {
        status: 500,
        body: '<p>Sorry</p><button id="back" onclick="history.back()">Back</button>',
      },
    },
    walk(click('#go'), { expect: { status: 500 } }, click('#back'), sees('Mug')),
  ),
  bad(
    'history-to-error',
    'The way back leads to the error page.',
    {
      '/': { status: 503, body: '<p>Mug</p><a id="go" href="/next">Go</a>' },
      '/next': '<button id="back" onclick="history.back()">Back</button>',
    },
    { kind: 'journey', start: '{SITE}/next', steps: [{ goto: '{SITE}/' }, sees('Mug')] },
  ),
  bad(
    'clip-rect',
    'Only readers for the blind read it.',
    '<p style="position:absolute;clip:rect(0 0 0 0)">Mug</p>',
    mug,
  ),
  bad(
    'cover-by-shadow',
    'A layer made of shadow lies over the text.',
    '<p>Mug</p><div style="position:fixed;inset:0;box-shadow:inset 0 0 0 2000px white"></div>',
    mug,
  ),
  bad(
    'cover-without-pointer',
    'A layer that lets clicks through covers the text.',
    '<p>Mug</p><div style="position:fixed;inset:0;background:white;pointer-events:none"></div>',
    mug,
  ),
  good(
    'cover-without-pointer-clicked',
    'A clear layer that lets clicks through is in nobody’s way.',
    `${buy()}<div style="position:fixed;inset:0;pointer-events:none"></div>`,
    buys,
  ),
  good(
    'cover-clear',
    'A clear layer hides no text.',
    '<p>Mug</p><div style="position:fixed;inset:0"></div>',
    mug,
  ),
  bad(
    'cover-picture',
    'A picture covers the text.',
    `<p>Mug</p><canvas id="c" style="position:fixed;inset:0;width:100%;height:100%"></canvas>${script(`const p = c.getContext('2d'); p.fillStyle = 'teal'; p.fillRect(0, 0, c.width, c.height)`)}`,
    mug,
  ),
  good(
    'cover-picture-empty',
    'Nothing is painted on the layer yet.',
    '<p>Mug</p><canvas style="position:fixed;inset:0;width:100%;height:100%"></canvas>',
    mug,
  ),
  bad(
    'cover-drawing',
    'A drawing covers the text.',
    '<p>Mug</p><svg style="position:fixed;inset:0;width:100%;height:100%"><rect width="100%" height="100%" fill="teal"/></svg>',
    mug,
  ),
  good(
    'cover-drawing-lines',
    'The drawing has lines only.',
    '<p>Mug</p><svg style="position:fixed;inset:0;width:100%;height:100%"><rect width="100%" height="100%" fill="none" stroke="teal"/></svg>',
    mug,
  ),
  good(
    'cover-drawing-below',
    'The words are drawn on a drawn ground.',
    '<svg width="200" height="60"><rect width="200" height="60" fill="#eee"/><text x="9" y="30">Mug</text></svg>',
    mug,
  ),
  good(
    'text-in-button-child',
    'The words are in a part of the button.',
    `<button id="x"><span style="pointer-events:none">Mug</span></button>`,
    mug,
  ),
  good(
    'text-over-picture',
    'The words stand on a picture.',
    `<div style="position:relative"><canvas width="300" height="80"></canvas><p style="position:absolute;left:9px;top:0">Mug</p></div>`,
    mug,
  ),
  good(
    'text-across-elements',
    'The words are in several elements.',
    '<p><b>Mu</b><i>g</i> and <span>cup</span></p>',
    shows('Mug and cup'),
  ),
  bad('text-across-cells', 'The two words are no text.', '<div>Mu</div><div>g</div>', mug),
  good('text-soft-hyphen', 'The word may be broken there.', '<p>M&shy;ug</p>', mug),
  good(
    'text-no-break-spaces',
    'The space must not be broken.',
    '<p>Mug&nbsp;and&nbsp;cup</p>',
    shows('Mug and cup'),
  ),
  good(
    'text-negative-layer',
    'The words lie below what is clear.',
    '<div><p style="position:relative;z-index:-1">Mug</p></div>',
    mug,
  ),
  bad(
    'text-negative-under',
    'The words lie below the ground of the box.',
    '<div style="background:white;position:relative;z-index:0"><div style="background:#eee"><p style="position:relative;z-index:-1">Mug</p></div></div>',
    mug,
  ),
  good(
    'click-wrapped-link',
    'The link goes over two lines.',
    `<p style="width:90px">All that <a id="buy" href="#" onclick="${THANK}return false">you ever wanted to buy here</a></p>${OUT}`,
    buys,
  ),
  good(
    'click-svg-link',
    'The drawing is a link.',
    `<svg width="90" height="90"><a id="buy" onclick="${THANK}"><rect width="90" height="90"></rect></a></svg>${OUT}`,
    buys,
  ),
  good(
    'click-hash',
    'The link leads within the page.',
    `<a id="buy" href="#paid">Buy</a>${OUT}${script(`onhashchange = () => ${T}`)}`,
    buys,
  ),
  good(
    'click-once-only',
    'Two clicks would be two orders.',
    `<button id="buy">Buy</button>${OUT}${script(`let n = 0; document.getElementById('buy').onclick = () => { n += 1; setTimeout(() => { document.getElementById('out').textContent = n === 1 ? 'Thank you' : 'Twice' }, 300) }`)}`,
    buys,
  ),
  good(
    'select-moves-on',
    'The list leads to the next page.',
    {
      '/': `<select id="s" onchange="location = this.value"><option value="">-<option value="/next">Next</select>`,
      '/next': '<p>Thank you</p>',
    },
    walk(choose('#s', '/next'), sees('Thank you')),
  ),
  good(
    'late-handler-module',
    'The module comes late, and with it the page is ready.',
    {
      '/': `${BUTTON}<script type="module" src="/app.js"></script>`,
      '/app.js': { body: SELL, late_ms: 600, headers: { 'content-type': 'text/javascript' } },
    },
    buys,
  ),
  good(
    'late-handler-async',
    'The script is not waited for by the page, but by people.',
    {
      '/': `${BUTTON}<script async src="/app.js"></script>`,
      '/app.js': { body: SELL, late_ms: 600, headers: { 'content-type': 'text/javascript' } },
    },
    buys,
  ),
  bad(
    'alt-of-svg',
    'The drawing is there, and its name is for the blind.',
    '<svg width="9" height="9" aria-label="Mug" role="img"></svg>',
    mug,
  ),
  bad('title-only', 'The text shows only when the pointer rests.', '<p title="Mug">Cup</p>', mug),
  bad(
    'placeholder-over-value',
    'What was typed stands in place of the hint.',
    '<input placeholder="Mug" value="Cup">',
    mug,
  ),
  good('placeholder', 'The hint of the field is read.', '<input placeholder="Mug">', mug),
  bad('password-value', 'Nobody reads a password.', '<input type="password" value="Mug">', mug),
  bad(
    'after-hover',
    'The text shows only under the pointer.',
    `${style('p{visibility:hidden}div:hover p{visibility:visible}')}<div>Cup<p>Mug</p></div>`,
    mug,
  ),
];
