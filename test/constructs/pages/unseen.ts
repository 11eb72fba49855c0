// Constructs of what is on the page and not seen, by means that front ends have, and of what is seen beside it.
import { pair, script, shows, style } from '../construct.ts';

const WHITE = 'background:#fff';
const p = (css: string, text = 'Mug') => `<h1>Shop</h1><p style="${css}">${text}</p>`;

export const unseen = [
  ...pair(
    'visible-child',
    [
      'The box is invisible, its child is not.',
      '<div style="visibility:hidden">Cup<b style="visibility:visible">Mug</b></div>',
    ],
    ['The child is invisible as its box is.', '<div style="visibility:hidden"><b>Mug</b></div>'],
  ),
  ...pair(
    'transparent-child',
    [
      'The child has a colour of its own.',
      '<div style="color:transparent">Cup<b style="color:black">Mug</b></div>',
    ],
    [
      'What is in a transparent box is transparent.',
      '<div style="opacity:0"><b style="opacity:1">Mug</b></div>',
    ],
  ),
  ...pair(
    'clip-path',
    ['The path leaves the text.', p('clip-path:inset(0)')],
    ['The path takes the text away.', p('clip-path:circle(0)')],
  ),
  ...pair(
    'blur',
    ['The text is a little soft.', p('filter:blur(.3px)')],
    ['Who does not pay sees a blur.', p('filter:blur(9px)')],
  ),
  ...pair(
    'ellipsis',
    [
      'The line has room.',
      p('width:300px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis', 'A fine brown mug'),
    ],
    [
      'The end of the line is three dots.',
      p('width:80px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis', 'A fine brown mug'),
    ],
    shows('A fine brown mug'),
  ),
  ...pair(
    'last-word-cut',
    ['The last word is there.', p('width:300px;overflow:hidden;white-space:nowrap', 'A very fine brown mug')],
    [
      'The last word is cut off.',
      p('width:125px;overflow:hidden;white-space:nowrap', 'A very fine brown mug'),
    ],
    shows('A very fine brown mug'),
  ),
  ...pair(
    'clamp',
    [
      'Three rows are shown.',
      p(
        'width:90px;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3',
        'A very fine brown mug',
      ),
    ],
    [
      'One row is shown.',
      p(
        'width:90px;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1',
        'A very fine brown mug',
      ),
    ],
    shows('A very fine brown mug'),
  ),
  ...pair(
    'nowrap-scrolled',
    [
      'The user scrolls along the line.',
      p('width:80px;overflow:auto;white-space:nowrap', 'A very fine brown mug'),
    ],
    [
      'The line cannot be scrolled.',
      p('width:80px;overflow:clip;white-space:nowrap', 'A very fine brown mug'),
    ],
    shows('A very fine brown mug'),
  ),
  ...pair(
    'card',
    ['The card shows its face.', p('backface-visibility:hidden;transform:rotateY(0)')],
    ['The card shows its back.', p('backface-visibility:hidden;transform:rotateY(180deg)')],
  ),
  ...pair(
    'edge-on',
    ['The card is a little askew.', p('width:90px;transform:perspective(400px) rotateY(20deg)')],
    ['The card stands on its edge.', p('transform:rotateY(90deg)')],
  ),
  ...pair(
    'moved-away',
    [
      'The drawer is open.',
      '<div style="overflow:hidden;width:300px"><p style="transform:translateX(0)">Mug</p></div>',
    ],
    [
      'The drawer is closed.',
      '<div style="overflow:hidden;width:300px"><p style="transform:translateX(-100%)">Mug</p></div>',
    ],
  ),
  ...pair(
    'accordion',
    [
      'The part is unfolded.',
      '<div style="display:grid;grid-template-rows:1fr"><div style="overflow:hidden;min-height:0"><p>Mug</p></div></div>',
    ],
    [
      'The part is folded.',
      '<div style="display:grid;grid-template-rows:0fr"><div style="overflow:hidden;min-height:0"><p>Mug</p></div></div>',
    ],
  ),
  ...pair(
    'max-height',
    ['The part is unfolded.', p('max-height:99px;overflow:hidden')],
    ['The part is folded.', p('max-height:0;overflow:hidden')],
  ),
  ...pair(
    'skeleton',
    [
      'The text has come.',
      `<div id="s" style="color:transparent;background:#ddd">Loading</div>${script(`setTimeout(() => { s.style = ''; s.textContent = 'Mug' }, 300)`)}`,
    ],
    ['The grey bars stay.', '<div style="color:transparent;background:#ddd">Mug</div>'],
  ),
  ...pair(
    'fade',
    [
      'The text fades in.',
      `${style('p{animation:in .4s forwards}@keyframes in{from{opacity:0}to{opacity:1}}')}<p>Mug</p>`,
    ],
    [
      'The animation waits for a class that never comes.',
      `${style('p{opacity:0}p.in{animation:in .4s forwards}@keyframes in{to{opacity:1}}')}<p>Mug</p>`,
    ],
  ),
  ...pair(
    'fade-paused',
    [
      'The animation goes on.',
      `${style('p{animation:in .4s forwards running}@keyframes in{from{opacity:0}to{opacity:1}}')}<p>Mug</p>`,
    ],
    [
      'The animation stands still at its begin.',
      `${style('p{animation:in .4s both paused}@keyframes in{from{opacity:0}to{opacity:1}}')}<p>Mug</p>`,
    ],
  ),
  ...pair(
    'tooltip',
    ['The hint is always shown.', '<button>i<span role="tooltip">Mug</span></button>'],
    [
      'The hint waits for the pointer.',
      `${style('span{opacity:0}button:hover span{opacity:1}')}<button>i<span role="tooltip">Mug</span></button>`,
    ],
  ),
  ...pair(
    'busy',
    ['The part is marked busy, and can be read.', '<div aria-busy="true">Mug</div>'],
    [
      'The part is busy, and a wheel turns over it.',
      `<div aria-busy="true" style="position:relative">Mug<div style="position:absolute;inset:0;${WHITE}">…</div></div>`,
    ],
  ),
];
