// Constructs of style sheets: from files and elements, what they hide is hidden and what they show is shown.
import {
  bad,
  buy,
  buys,
  fill,
  good,
  sees,
  sends,
  sheet,
  shows,
  style,
  styled,
  walk,
  withFile,
} from '../construct.ts';

const mug = shows('Mug');
const P = '<p class="m">Mug</p>';
const HIDE = '.m{display:none}';
const BUY = `<div class="m">${buy()}</div>`;

export const styles = [
  bad('css-file-hides-text', 'The style sheet hides the text.', styled(HIDE, P), mug),
  good('css-file-spares-text', 'The style sheet hides something else.', styled('.n{display:none}', P), mug),
  bad('css-file-hides-button', 'The style sheet hides the button.', styled(HIDE, BUY), buys),
  good('css-file-spares-button', 'The style sheet colours the button.', styled('.m{color:red}', BUY), buys),
  bad(
    'css-file-hides-field',
    'The style sheet hides the field.',
    styled(
      HIDE,
      `<form action="/order"><div class="m"><input name="a" required></div><button id="send">Send</button></form>`,
    ),
    sends(fill('input', 'x')),
  ),
  bad(
    'css-file-no-pointer',
    'The style sheet takes the clicks away.',
    styled('.m{pointer-events:none}', BUY),
    buys,
  ),
  bad(
    'css-file-beats-inline',
    'What is important beats the element.',
    styled('.m{display:none!important}', '<p class="m" style="display:block">Mug</p>'),
    mug,
  ),
  good(
    'css-inline-beats-file',
    'The element beats the style sheet.',
    styled(HIDE, '<p class="m" style="display:block">Mug</p>'),
    mug,
  ),
  good(
    'css-file-shows',
    'The style sheet shows what is hidden without it.',
    styled('.m{display:block}', '<p class="m" hidden>Mug</p>'),
    mug,
  ),
  bad(
    'css-file-500',
    'The style sheet that shows the text answers 500.',
    withFile('/app.css', { status: 500, body: '.m{display:block}' }, `${sheet()}<p class="m" hidden>Mug</p>`),
    mug,
  ),
  bad(
    'css-file-elsewhere',
    'The style sheet of another origin hides the text.',
    withFile('/app.css', HIDE, sheet('{{OTHER}}/app.css') + P),
    mug,
  ),
  good(
    'css-file-print',
    'The style sheet is for paper.',
    withFile('/app.css', HIDE, `<link rel="stylesheet" href="/app.css" media="print">${P}`),
    mug,
  ),
  good(
    'css-file-alternate',
    'The style sheet is one to choose.',
    withFile('/app.css', HIDE, `<link rel="alternate stylesheet" title="b" href="/app.css">${P}`),
    mug,
  ),
  good(
    'css-file-disabled',
    'The style sheet is off.',
    withFile('/app.css', HIDE, `<link rel="stylesheet" disabled href="/app.css">${P}`),
    mug,
  ),
  bad(
    'css-file-by-script',
    'A script brings the style sheet.',
    withFile(
      '/app.css',
      HIDE,
      `${P}<p id="r"></p><script>document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/app.css', onload() { document.getElementById('r').textContent = 'Ready'; } }))</script>`,
    ),
    walk(sees('Ready'), sees('Mug')),
  ),
  bad(
    'css-import',
    'An imported style sheet hides the button.',
    withFile('/app.css', HIDE, style('@import "/app.css";') + BUY),
    buys,
  ),
  bad(
    'css-adopted',
    'A style sheet made by script hides the button.',
    `${BUY}<script>const s = new CSSStyleSheet(); s.replaceSync('.m{display:none}'); document.adoptedStyleSheets = [s]</script>`,
    buys,
  ),
];
