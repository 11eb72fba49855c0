// Constructs of text: what a user can read on the page, and what is only in its source.
import { bad, good, has, shows, style, unjudged } from '../construct.ts';

const hidden = (id: string, why: string, css: string) =>
  bad(`text-${id}`, why, `<h1>Shop</h1><p style="${css}">Mug</p>`, mug);
const seen = (id: string, why: string, css: string) =>
  good(`text-${id}`, why, `<h1>Shop</h1><p style="${css}">Mug</p>`, mug);
const mug = shows('Mug');
const TALL = '<div style="height:3000px"></div>';

export const text = [
  hidden('transparent', 'The text has opacity 0.', 'opacity:0'),
  seen('half-transparent', 'The text is pale.', 'opacity:.6'),
  hidden('off-left', 'The text lies left of the page.', 'position:absolute;left:-9999px'),
  hidden('fixed-below', 'The text is fixed below the window.', 'position:fixed;top:200vh'),
  hidden('indented-away', 'The text is indented out of sight.', 'text-indent:-9999px;overflow:hidden'),
  hidden('size-zero', 'The text has no size.', 'font-size:0'),
  hidden('clear-colour', 'The text has no colour.', 'color:transparent'),
  unjudged(
    'text-colour-of-ground',
    'White on white is not read, and where it begins to be no engine can tell.',
    '<body style="background:#fff"><p style="color:#fff">Mug</p>',
    mug,
  ),
  seen('white-on-black', 'White on black can be read.', 'color:#fff;background:#000'),
  hidden('filtered-out', 'A filter makes the text invisible.', 'filter:opacity(0)'),
  hidden('scale-zero', 'The text is shrunk to nothing.', 'transform:scale(0)'),
  hidden(
    'clipped',
    'Only readers for the blind read it.',
    'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)',
  ),
  hidden('zero-box', 'The box of the text is closed.', 'height:0;overflow:hidden'),
  seen('zero-box-overflows', 'The box is closed, but the text hangs out of it.', 'height:0'),
  hidden('gone', 'The text is not displayed.', 'display:none'),
  hidden('content-hidden', 'The content of the box is not shown.', 'content-visibility:hidden'),
  seen('upper-case', 'The style sheet makes capitals of it.', 'text-transform:uppercase'),
  seen('far-below', 'The user scrolls down.', 'margin-top:5000px'),
  bad(
    'text-covered',
    'An opaque layer covers the text.',
    '<p>Mug</p><div style="position:fixed;inset:0;background:#fff">Loading</div>',
    mug,
  ),
  good(
    'text-under-clear-layer',
    'One sees through the layer.',
    '<p>Mug</p><div style="position:fixed;inset:0;pointer-events:none"></div>',
    mug,
  ),
  good(
    'text-over-ground',
    'The coloured ground lies behind the text.',
    '<div style="position:relative"><div style="position:absolute;inset:0;background:#eee;z-index:-1"></div><p>Mug</p></div>',
    mug,
  ),
  good(
    'text-in-scroll-box',
    'The user scrolls in the box.',
    `<div style="height:100px;overflow:auto">${TALL}<p>Mug</p></div>`,
    mug,
  ),
  bad(
    'text-carousel-next',
    'The picture book shows another page of it.',
    '<div style="width:200px;overflow:hidden;position:relative;height:40px"><p>Cup</p><p style="position:absolute;top:0;left:0;transform:translateX(300px)">Mug</p></div>',
    mug,
  ),
  bad('text-hidden', 'The text is marked hidden.', '<p hidden>Mug</p>', mug),
  bad(
    'text-hidden-until-found',
    'The text shows only when it is searched for.',
    '<p hidden="until-found">Mug</p>',
    mug,
  ),
  good(
    'text-aria-hidden',
    'Readers for the blind skip it, eyes do not.',
    '<p aria-hidden="true">Mug</p>',
    mug,
  ),
  bad('text-inert', 'What is inert is switched off, and counts for nothing.', '<p inert>Mug</p>', mug),
  bad(
    'text-label-for-blind',
    'Only readers for the blind say it.',
    '<button aria-label="Mug">+</button>',
    mug,
  ),
  bad('text-title-only', 'It stands in the title of the window.', '<title>Mug</title><p>Cup</p>', mug),
  bad('text-template', 'A template is not shown.', '<p>Cup</p><template><p>Mug</p></template>', mug),
  bad(
    'text-noscript',
    'It shows only where scripts are off.',
    '<p>Cup</p><noscript><p>Mug</p></noscript>',
    mug,
  ),
  bad(
    'text-alt-of-picture',
    'The picture is there, so its text is not.',
    '<img alt="Mug" width="9" height="9" src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>">',
    mug,
  ),
  good('text-before', 'The style sheet writes it.', `${style('p::before{content:"Mug "}')}<p>for 4</p>`, mug),
  good('text-textarea', 'It stands in the field.', '<textarea>Mug</textarea>', mug),
  good('text-input', 'It stands in the field.', '<input value="Mug">', mug),
  good(
    'text-spans',
    'The words have marks of their own.',
    '<p><b>Fine</b> <i>mug</i></p>',
    shows('Fine mug'),
  ),
  good('text-no-break', 'A space that does not break is a space.', '<p>Fine&nbsp;mug</p>', shows('Fine mug')),
  good(
    'text-lines',
    'The source breaks the line, the page does not.',
    '<p>Fine\n   mug</p>',
    shows('Fine mug'),
  ),
  good(
    'text-table',
    'It stands in a table.',
    '<table><caption>Shelf</caption><tr><td>Mug</td><td>4</td></tr></table>',
    mug,
  ),
  good('text-svg', 'It is drawn as text.', '<svg width="90" height="30"><text y="20">Mug</text></svg>', mug),
  unjudged(
    'text-canvas',
    'It is painted, and pixels say nothing.',
    '<canvas id="c"></canvas><script>c.getContext("2d").fillText("Mug", 9, 9)</script>',
    mug,
  ),
  good(
    'text-fallback-of-object',
    'The object is missing, so its text is shown.',
    '<object data="/none.svg"><p>Mug</p></object>',
    mug,
  ),
  good('text-second-of-two', 'The second one is shown.', '<p hidden>Mug</p><p>Mug</p>', mug),
  good(
    'select-second-of-two',
    'The second one is shown.',
    '<b class="m" hidden>Mug</b><b class="m">Mug</b>',
    has('.m'),
  ),
  bad(
    'select-hidden',
    'The element is there and not displayed.',
    '<b class="m" style="display:none">Mug</b>',
    has('.m'),
  ),
  bad(
    'select-transparent',
    'The element is there and invisible.',
    '<b class="m" style="opacity:0">Mug</b>',
    has('.m'),
  ),
  good(
    'select-attribute',
    'The element shows that it is ready.',
    '<main data-state="ready">Mug</main>',
    has('main[data-state=ready]'),
  ),
];
