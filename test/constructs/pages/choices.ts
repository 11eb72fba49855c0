// Constructs of choices: selects, boxes and their labels.
import { bad, choose, click, good, OUT, type Site, script, sees, sends, THANK, walk } from '../construct.ts';

const SIZES = '<option value="s">S</option><option value="l">L</option>';
const chosen = (more = '', options = SIZES) =>
  `<form action="/order"><select name="a" ${more}>${options}</select><button id="send">Send</button></form>`;
const wants = (page: string, wanted: string): Site => ({
  '/': page,
  '/order': ({ url, body }) =>
    (body || url.search.slice(1)) === wanted ? '<p>Thank you</p>' : '<p>Sorry</p>',
});
const S = 'select';
const picks = (value = 'l') => sends(choose(S, value));
const BOX = '<input type="checkbox" id="t" name="a">';
const sent = (fields: string, more = 'action="/order"') => `<form ${more}>${fields}</form>`;
const thanks = { '/order': '<p>Thank you</p>' };
const any = (page: string): Site => ({ '/': page, ...thanks });

export const choices = [
  good('select-chosen', 'The size is sent.', wants(chosen(), 'a=l'), picks()),
  bad(
    'select-option-disabled',
    'The size is sold out.',
    wants(chosen('', '<option value="s">S</option><option value="l" disabled>L</option>'), 'a=l'),
    picks(),
  ),
  bad(
    'select-group-disabled',
    'The whole group is sold out.',
    wants(chosen('', `<option value="m">M</option><optgroup label="x" disabled>${SIZES}</optgroup>`), 'a=l'),
    picks(),
  ),
  good(
    'select-group',
    'The size is in a group.',
    wants(chosen('', `<optgroup label="x">${SIZES}</optgroup>`), 'a=l'),
    picks(),
  ),
  bad(
    'select-undisplayed',
    'There is nothing to choose from.',
    wants(chosen('style="display:none"'), 'a=l'),
    picks(),
  ),
  bad(
    'select-field-transparent',
    'Nobody sees the choice.',
    wants(chosen('style="opacity:0"'), 'a=l'),
    picks(),
  ),
  bad(
    'select-covered',
    'A layer lies over the choice.',
    wants(`${chosen()}<div style="position:fixed;inset:0;background:#fff"></div>`, 'a=l'),
    walk(choose(S, 'l'), { expect: { selector: 'select' } }),
  ),
  good('select-several', 'Several may be chosen.', wants(chosen('multiple'), 'a=l'), picks()),
  good(
    'select-late',
    'The sizes come a moment later.',
    wants(
      `${chosen('', '')}${script(`setTimeout(() => { document.querySelector('select').innerHTML = '${SIZES}' }, 400)`)}`,
      'a=l',
    ),
    picks(),
  ),
  good(
    'select-event',
    'The page follows the choice.',
    `<select onchange="document.getElementById('out').textContent = this.value + ' chosen'">${SIZES}</select>${OUT}`,
    walk(choose(S, 'l'), sees('l chosen')),
  ),
  good(
    'select-leads-on',
    'The choice leads to another page.',
    any(`<select onchange="location.href = '/order'">${SIZES}</select>`),
    walk(choose(S, 'l'), sees('Thank you')),
  ),
  bad(
    'select-500',
    'The choice leads to a page of 500.',
    {
      '/': `<select onchange="location.href = '/order'">${SIZES}</select>`,
      '/order': { status: 500, body: 'Thank you' },
    },
    walk(choose(S, 'l'), sees('Thank you')),
  ),
  good(
    'select-made-up',
    'The shop draws its own list.',
    `<select hidden>${SIZES}</select><button id="open" onclick="document.getElementById('list').hidden = false">Size</button><ul id="list" hidden><li id="l" onclick="${THANK}">L</li></ul>${OUT}`,
    walk(click('#open'), click('#l'), sees('Thank you')),
  ),
  good(
    'box-ticked',
    'The box is ticked.',
    wants(sent(`${BOX}<button id="send">Send</button>`), 'a=on'),
    sends(click('#t')),
  ),
  good(
    'box-by-label',
    'The user clicks the label.',
    wants(sent(`${BOX}<label id="l" for="t">Gift</label><button id="send">Send</button>`), 'a=on'),
    sends(click('#l')),
  ),
  good(
    'box-in-label',
    'The user clicks the label around it.',
    wants(sent(`<label id="l">${BOX}Gift wrap</label><button id="send">Send</button>`), 'a=on'),
    sends(click('#l')),
  ),
  good(
    'box-drawn-by-label',
    'The box is invisible and its label draws one.',
    wants(
      sent(
        `<input type="checkbox" id="t" name="a" style="position:absolute;opacity:0"><label id="l" for="t">Gift</label><button id="send">Send</button>`,
      ),
      'a=on',
    ),
    sends(click('#l')),
  ),
  good(
    'radio-chosen',
    'One of the two is chosen.',
    wants(
      sent(
        `<input type="radio" name="a" value="1" checked><input id="r" type="radio" name="a" value="2"><button id="send">Send</button>`,
      ),
      'a=2',
    ),
    sends(click('#r')),
  ),
  good(
    'label-focuses',
    'The label leads into the field.',
    `<label id="l" for="q">Name</label><input id="q" onfocus="${THANK}">${OUT}`,
    walk(click('#l'), sees('Thank you')),
  ),
];
