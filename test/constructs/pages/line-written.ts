// Constructs of text that is written by others than the source: style sheets, lists, fields, drawings.
import { bad, good, shows, style } from '../construct.ts';

const line = (id: string, why: string, body: string, text: string) =>
  good(`line-${id}`, why, body, shows(text));
const none = (id: string, why: string, body: string, text: string) =>
  bad(`line-${id}`, why, body, shows(text));

export const written = [
  line(
    'before',
    'The style sheet writes the begin.',
    `${style('p::before{content:"Fine "}')}<p>mug</p>`,
    'Fine mug',
  ),
  line('after', 'The style sheet writes the end.', `${style('p::after{content:"!"}')}<p>Mug</p>`, 'Mug!'),
  line(
    'before-parts',
    'The style sheet writes it in two parts.',
    `${style('p::before{content:"Fi" "ne "}')}<p>mug</p>`,
    'Fine mug',
  ),
  line(
    'before-attribute',
    'The style sheet writes what an attribute holds.',
    `${style('p::before{content:attr(data-kind) " "}')}<p data-kind="Fine">mug</p>`,
    'Fine mug',
  ),
  line(
    'before-unasked',
    'What the style sheet writes need not be asked for.',
    `${style('p::before{content:"* "}b::after{content:"*"}')}<p><b>Name</b></p>`,
    'Name',
  ),
  none(
    'before-hidden',
    'What the style sheet writes is not displayed.',
    `${style('p::before{content:"Mug";display:none}')}<p>Cup</p>`,
    'Mug',
  ),
  none(
    'before-of-hidden',
    'What is not displayed writes nothing.',
    `${style('p::before{content:"Mug"}')}<p hidden>Cup</p>`,
    'Mug',
  ),
  none(
    'before-transparent',
    'What the style sheet writes is transparent.',
    `${style('p::before{content:"Mug";opacity:0}')}<p>Cup</p>`,
    'Mug',
  ),
  none(
    'before-clear',
    'What the style sheet writes has no colour.',
    `${style('p::before{content:"Mug";color:transparent}')}<p>Cup</p>`,
    'Mug',
  ),
  line('listed', 'The list counts.', '<ol><li>Cup</li><li>Mug</li></ol>', '2. Mug'),
  line('listed-from', 'The list counts from elsewhere.', '<ol start="7"><li>Mug</li></ol>', '7. Mug'),
  none('listed-wrong', 'The list counts otherwise.', '<ol><li>Cup</li><li>Mug</li></ol>', '3. Mug'),
  none('listed-bare', 'The list does not count.', '<ol style="list-style:none"><li>Mug</li></ol>', '1. Mug'),
  line(
    'option-label',
    'The label of the option is shown.',
    '<select><option label="Mug" value="1">Cup</option></select>',
    'Mug',
  ),
  line(
    'option-chosen',
    'The option that is chosen is shown.',
    '<select><option>Cup<option selected>Mug</select>',
    'Mug',
  ),
  none('option-other', 'The option is in the closed list.', '<select><option>Cup<option>Mug</select>', 'Mug'),
  line('options-open', 'The list is open.', '<select size="3"><option>Cup<option>Mug</select>', 'Mug'),
  line('button-value', 'The field is a button.', '<input type="submit" value="Buy mug">', 'Buy mug'),
  line(
    'button-reset',
    'The button has the name that browsers give it.',
    '<form><input type="reset"></form>',
    'Reset',
  ),
  none('input-hidden', 'The field is not shown.', '<input type="hidden" value="Mug">', 'Mug'),
  none(
    'input-clear',
    'What was typed has no colour.',
    '<input value="Mug" style="color:transparent">',
    'Mug',
  ),
  line('textarea-lines', 'The text has two lines.', '<textarea rows="3">Fine\nmug</textarea>', 'Fine mug'),
  none(
    'fallback-of-meter',
    'Only old browsers show it.',
    '<meter value="1">Mug</meter><progress value="1">Mug</progress>',
    'Mug',
  ),
  none(
    'fallback-of-object',
    'The object is there, so its text is not.',
    `<object type="image/svg+xml" width="9" height="9" data="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg'/&gt;">Mug</object>`,
    'Mug',
  ),
  none(
    'fallback-of-frame',
    'The frame is there, so its text is not.',
    '<iframe width="9" height="9" srcdoc="Cup">Mug</iframe>',
    'Mug',
  ),
  line(
    'ruby',
    'The reading stands over the word.',
    '<p><ruby>Mug<rp>(</rp><rt>m\u028cg</rt><rp>)</rp></ruby> here</p>',
    'Mug',
  ),
  line('quote', 'The browser writes the quotes.', '<p>The <q>Mug</q> of all</p>', 'Mug'),
  line(
    'svg-spans',
    'The drawing has its text in pieces.',
    '<svg width="90" height="30"><text y="20">Mu<tspan>g</tspan></text></svg>',
    'Mug',
  ),
  none(
    'svg-title',
    'The drawing has a title for the pointer.',
    '<svg width="90" height="30"><title>Mug</title><rect width="9" height="9"/></svg>',
    'Mug',
  ),
  line(
    'editable',
    'The text is one that people write.',
    '<p contenteditable>Fine <b>mug</b></p>',
    'Fine mug',
  ),
  line(
    'letters',
    'Each letter is a box for its animation.',
    `<h2>${[...'Mug'].map((one) => `<span style="display:inline-block">${one}</span>`).join('')}</h2>`,
    'Mug',
  ),
  line('spaced', 'The letters are spread.', '<p style="letter-spacing:.3em">Mug here</p>', 'Mug here'),
];
