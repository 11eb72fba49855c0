// Constructs of one line of text: what its pieces are in the source, and what a person reads of them. Each that can be read has one
// beside it that cannot.
import { bad, good, shows } from '../construct.ts';

const ABC = (piece: string) => `<h1>Shop</h1><p>A${piece}C</p>`;
/** A line of three pieces of which the middle one is not drawn: the rest is one text, and all three are none. */
const dropped = (id: string, why: string, piece: string) => [
  good(`line-${id}`, why, ABC(piece), shows('AC')),
  bad(`line-${id}-whole`, `${why.slice(0, -1)}, so nobody reads it.`, ABC(piece), shows('ABC')),
];
const line = (id: string, why: string, body: string, text: string) =>
  good(`line-${id}`, why, body, shows(text));
const none = (id: string, why: string, body: string, text: string) =>
  bad(`line-${id}`, why, body, shows(text));
const SR =
  'position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;clip:rect(0,0,0,0);white-space:nowrap;border:0';

const LONG = 'all that you ever wanted to know of mugs '.repeat(4).trim();

export const lines = [
  ...dropped('hidden', 'The piece is marked hidden.', '<span hidden>B</span>'),
  ...dropped('undisplayed', 'The piece is not displayed.', '<span style="display:none">B</span>'),
  ...dropped('invisible', 'The piece is invisible.', '<span style="visibility:hidden">B</span>'),
  ...dropped('for-blind', 'Only readers for the blind read the piece.', `<span style="${SR}">B</span>`),
  ...dropped(
    'for-blind-path',
    'A path clips the piece away.',
    '<span style="position:absolute;clip-path:inset(50%)">B</span>',
  ),
  ...dropped(
    'off-left',
    'The piece lies left of the page.',
    '<span style="position:absolute;left:-9999px">B</span>',
  ),
  ...dropped('size-zero', 'The piece has no size.', '<span style="font-size:0">B</span>'),
  ...dropped('transparent', 'The piece is transparent.', '<span style="opacity:0">B</span>'),
  ...dropped('template', 'The piece is in a template.', '<template>B</template>'),
  ...dropped('script', 'The piece is a script.', '<script>var B</script>'),
  ...dropped(
    'canvas',
    'The piece is for browsers without canvas.',
    '<canvas width="1" height="1">B</canvas>',
  ),
  ...dropped('video', 'The piece is for browsers without films.', '<video width="1" height="1">B</video>'),
  line('comment', 'A comment is no text.', ABC('<!-- -->B<!-- -->'), 'ABC'),
  none('comment-words', 'What the comment says is not read.', ABC('<!--B-->'), 'ABC'),
  line('zero-width', 'The space has no width.', ABC('B&#8203;'), 'ABC'),
  line('joiner', 'The word joiner is not seen.', ABC('&#8288;B&#65279;'), 'ABC'),
  line('break-may', 'The word may break there.', ABC('B<wbr>'), 'ABC'),
  line('marks-of-direction', 'Marks of direction are not seen.', ABC('&rlm;B&lrm;'), 'ABC'),
  line('isolates', 'Isolates are not seen.', ABC('\u2068B\u2069'), 'ABC'),
  line('nested', 'The pieces lie in each other.', '<p><b>M<i>u<u>g</u></i></b></p>', 'Mug'),
  line(
    'wrapped',
    'The line goes over two rows.',
    '<p style="width:60px">Fine big <b>brown</b> mugs</p>',
    'Fine big brown mugs',
  ),
  line('break', 'The line is broken between two words.', '<p>Fine<br>mug</p>', 'Fine mug'),
  none('break-glued', 'The line is broken in the middle.', '<p>Mu<br>g</p>', 'Mug'),
  line(
    'inline-block',
    'The pieces stand beside each other.',
    `<p><span style="display:inline-block">Mu</span><span style="display:inline-block">g</span></p>`,
    'Mug',
  ),
  none(
    'inline-block-apart',
    'A gap is between the pieces.',
    `<p><span style="display:inline-block">Mu</span><span style="display:inline-block;margin-left:3em">g</span></p>`,
    'Mug',
  ),
  line(
    'inline-block-words',
    'The gap is between two words.',
    `<p><span style="display:inline-block">Fine</span><span style="display:inline-block;margin-left:3em">mug</span></p>`,
    'Fine mug',
  ),
  line(
    'flex',
    'The boxes stand close beside each other.',
    '<p style="display:flex"><span>$</span><span>12</span><span>.99</span></p>',
    '$12.99',
  ),
  line(
    'flex-gap',
    'The boxes stand apart like words.',
    '<p style="display:flex;gap:1em"><span>Fine</span><span>mug</span></p>',
    'Fine mug',
  ),
  none(
    'flex-gap-glued',
    'The boxes stand apart.',
    '<p style="display:flex;gap:2em"><span>Mu</span><span>g</span></p>',
    'Mug',
  ),
  none(
    'flex-column',
    'The boxes stand below each other.',
    '<p style="display:flex;flex-direction:column"><span>Mu</span><span>g</span></p>',
    'Mug',
  ),
  line(
    'grid',
    'The cells stand close beside each other.',
    '<p style="display:inline-grid;grid-auto-flow:column"><span>12</span><span>.99</span></p>',
    '12.99',
  ),
  line('margin', 'The gap is a margin.', '<p>Total<b style="margin-left:1em">5</b></p>', 'Total 5'),
  line('padding', 'The gap is a padding.', '<p><b style="padding-right:1em">Total</b>5</p>', 'Total 5'),
  line(
    'cells',
    'The cells of a row are words.',
    '<table><tr><td>Total</td><td>5</td></tr></table>',
    'Total 5',
  ),
  line('price', 'The cents stand high.', '<p>$12<sup>99</sup></p>', '$1299'),
  line(
    'price-twice',
    'The price is said to the blind at once and drawn in pieces.',
    `<p><span style="${SR}">$12.99</span><span aria-hidden="true"><span>$</span><span>12<span>.</span></span><span>99</span></span></p>`,
    '$12.99',
  ),
  none(
    'price-blind',
    'The price is only said to the blind.',
    `<p><span style="${SR}">$12.99</span><span>Sold</span></p>`,
    '$12.99',
  ),
  line('currency', 'The space before the sign is narrow.', '<p>1\u202f234,50\u00a0€</p>', '1 234,50 €'),
  line(
    'capitals',
    'The style sheet makes capitals.',
    '<p style="text-transform:uppercase">Stra\u00dfe</p>',
    'STRASSE',
  ),
  line(
    'capital-words',
    'The style sheet begins words with capitals.',
    '<p style="text-transform:capitalize">fine mug</p>',
    'Fine Mug',
  ),
  line('composed', 'The accent is a letter of its own in the source.', '<p>Cafe\u0301</p>', 'Caf\u00e9'),
  line('decomposed', 'The accent is a letter of its own in the plan.', '<p>Caf\u00e9</p>', 'Cafe\u0301'),
  none('without-accent', 'A letter with an accent is another one.', '<p>Caf\u00e9</p>', 'Cafe'),
  none('without-accent-apart', 'A letter with an accent is another one.', '<p>Cafe\u0301 bar</p>', 'Cafe'),
  line('ligature', 'Two letters are drawn as one.', '<p>\ufb01ne mug</p>', 'fine mug'),
  line('emoji', 'The sign of the heart is one of pictures.', '<p>Mug \u2764\ufe0f</p>', 'Mug \u2764'),
  line('pre', 'The spaces are kept.', '<pre>Fine   mug\n  here</pre>', 'Fine mug here'),
  line(
    'letters-many',
    'Each letter of a long line is a piece of its own.',
    `<p>${[...LONG].map((one) => `<span>${one}</span>`).join('')}</p>`,
    LONG,
  ),
  line(
    'far',
    'Between two pieces is a list that nobody sees.',
    `<p>A<span hidden>${'<i>B</i>'.repeat(40)}</span>C</p>`,
    'AC',
  ),
];
