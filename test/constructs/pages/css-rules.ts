// Constructs of rules in a style sheet: each way to say what is shown and what is not.
import { bad, buy, buys, click, good, sees, shows, style, styled, walk } from '../construct.ts';

const mug = shows('Mug');
const P = '<p class="m">Mug</p>';
const inPage = (id: string, truth: 'bad' | 'good', why: string, css: string, body = P) =>
  (truth === 'bad' ? bad : good)(`css-${id}`, why, style(css) + body, mug);
const BOOTSTRAP =
  '.d-none{display:none!important}.tab-pane{display:none}.tab-pane.active{display:block}.modal{display:none}.modal.show{display:block}';

export const cssRules = [
  inPage(
    'nesting',
    'bad',
    'A nested rule hides the text.',
    '.box{.m{display:none}}',
    `<div class="box">${P}</div>`,
  ),
  inPage(
    'nesting-spares',
    'good',
    'A nested rule is for another box.',
    '.cup{.m{display:none}}',
    `<div class="box">${P}</div>`,
  ),
  inPage(
    'supports',
    'bad',
    'The browser supports what the rule asks.',
    '@supports (display:grid){.m{display:none}}',
  ),
  inPage(
    'supports-not',
    'good',
    'The browser does not support what the rule asks.',
    '@supports (display:shelf){.m{display:none}}',
  ),
  inPage('variable', 'bad', 'A variable hides the text.', ':root{--x:none}.m{display:var(--x)}'),
  inPage(
    'layer-beaten',
    'good',
    'A rule outside beats that of the layer.',
    '.m{display:block}@layer base{.m.m{display:none}}',
  ),
  inPage('narrow', 'good', 'The rule is for telephones.', '@media (max-width:500px){.m{display:none}}'),
  inPage('wide', 'bad', 'The rule is for large windows.', '@media (min-width:500px){.m{display:none}}'),
  inPage(
    'state-open',
    'good',
    'The rule hides what is closed, and this is open.',
    '[data-state=closed]{display:none}',
    '<p data-state="open">Mug</p>',
  ),
  inPage(
    'faded-out',
    'bad',
    'The text has faded out and stays away.',
    '.m{opacity:0;animation:out .01s}@keyframes out{from{opacity:1}}',
  ),
  inPage('fades-in', 'good', 'The text fades in.', '.m{animation:in .4s both}@keyframes in{from{opacity:0}}'),
  inPage(
    'guard',
    'bad',
    'The page is invisible until a script shows it, which is missing.',
    'html{visibility:hidden}',
    `${P}<script src="/none.js"></script>`,
  ),
  inPage(
    'guard-lifted',
    'good',
    'The page is invisible until a script shows it.',
    'html{visibility:hidden}',
    `${P}<script>document.documentElement.style.visibility = 'visible'</script>`,
  ),
  bad('bootstrap-d-none', 'The thanks carry d-none.', styled(BOOTSTRAP, '<p class="d-none">Mug</p>'), mug),
  good(
    'bootstrap-d-none-removed',
    'A script takes d-none away.',
    styled(
      BOOTSTRAP,
      `<p class="d-none">Mug</p><script>document.querySelector('p').classList.remove('d-none')</script>`,
    ),
    mug,
  ),
  bad(
    'bootstrap-tab',
    'The text is on another tab.',
    styled(BOOTSTRAP, '<div class="tab-pane active">Cup</div><div class="tab-pane">Mug</div>'),
    mug,
  ),
  good(
    'bootstrap-tab-active',
    'The text is on this tab.',
    styled(BOOTSTRAP, '<div class="tab-pane active">Mug</div><div class="tab-pane">Cup</div>'),
    mug,
  ),
  bad(
    'bootstrap-modal',
    'The button is in a dialog that is not open.',
    styled(BOOTSTRAP, `<div class="modal">${buy()}</div>`),
    buys,
  ),
  good(
    'bootstrap-modal-open',
    'The user opens the dialog.',
    styled(
      BOOTSTRAP,
      `<button id="open" onclick="document.querySelector('.modal').classList.add('show')">Open</button><div class="modal">${buy()}</div>`,
    ),
    walk(click('#open'), click('#buy'), sees('Thank you')),
  ),
];
