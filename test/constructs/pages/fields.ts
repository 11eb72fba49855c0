// Constructs of fields that cannot be written into, are written by scripts, or are none of a form.
import {
  bad,
  click,
  enter,
  fill,
  good,
  OUT,
  type Site,
  script,
  sees,
  sends,
  THANK,
  walk,
} from '../construct.ts';

const form = (fields: string, more = 'action="/order" method="post"') =>
  `<form ${more}>${fields}<button id="send">Send</button></form>`;
const wants = (page: string, wanted: string): Site => ({
  '/': page,
  '/order': ({ url, body }) =>
    decodeURIComponent(body || url.search.slice(1)) === wanted ? '<p>Thank you</p>' : '<p>Sorry</p>',
});
const any = (page: string): Site => ({ '/': page, '/order': '<p>Thank you</p>' });
const A = '[name=a]';
const input = (more: string) => `<input name="a" ${more}>`;

export const fields = [
  bad(
    'form-readonly-filled',
    'The user cannot change the field.',
    wants(form(input('value="cup" readonly')), 'a=mug'),
    sends(fill(A, 'mug')),
  ),
  good(
    'form-readonly-kept',
    'The field that cannot be changed is sent as it is.',
    wants(form(`<input name="p" value="4" readonly>${input('')}`), 'p=4&a=mug'),
    sends(fill(A, 'mug')),
  ),
  bad(
    'form-disabled-field',
    'The user cannot write into the field.',
    any(form(input('disabled'))),
    sends(fill(A, 'mug')),
  ),
  bad(
    'form-hidden-field',
    'There is nothing to write into.',
    any(form(input('type="hidden"'))),
    sends(fill(A, 'mug')),
  ),
  bad(
    'form-transparent-field',
    'Nobody sees the field.',
    any(form(input('style="opacity:0"'))),
    sends(fill(A, 'mug')),
  ),
  bad(
    'form-covered-field',
    'A layer lies over the field.',
    any(`${form(input(''))}<div style="position:fixed;inset:0;background:#fff"></div>`),
    walk(fill(A, 'mug'), enter, sees('Thank you')),
  ),
  bad(
    'form-fieldset-disabled',
    'The whole group is disabled.',
    any(form(`<fieldset disabled>${input('')}</fieldset>`)),
    sends(fill(A, 'mug')),
  ),
  bad(
    'form-fieldset-disabled-button',
    'The whole group is disabled, and the button is in it.',
    any(`<form action="/order"><fieldset disabled><button id="send">Send</button></fieldset></form>`),
    sends(),
  ),
  good(
    'form-fieldset-legend',
    'What is in the legend is not disabled.',
    any(
      `<form action="/order"><fieldset disabled><legend><button id="send">Send</button></legend></fieldset></form>`,
    ),
    sends(),
  ),
  good(
    'form-second-field-shown',
    'The first field of the name is hidden, the second is not.',
    wants(
      form(`<input class="f" name="a" style="display:none" disabled><input class="f" name="a">`),
      'a=mug',
    ),
    sends(fill('.f', 'mug')),
  ),
  good(
    'form-controlled',
    'The script keeps the field and its own word the same.',
    wants(
      `${form(input(''))}${script(`let v = ''; const a = document.querySelector('[name=a]'); a.oninput = () => { v = a.value; a.value = v.toLowerCase() }`)}`,
      'a=mug',
    ),
    sends(fill(A, 'MUG')),
  ),
  good(
    'form-masked',
    'The script writes spaces between the digits.',
    wants(
      `${form(input(''))}${script(`const a = document.querySelector('[name=a]'); a.oninput = () => { a.value = a.value.replace(/\\D/g, '').replace(/(..)(?=.)/g, '$1-') }`)}`,
      'a=12-34',
    ),
    sends(fill(A, '1234')),
  ),
  good(
    'form-change-event',
    'The page notices the change when the field is left.',
    `<input name="a"><button id="send" disabled onclick="${THANK}">Send</button>${OUT}${script(`document.querySelector('[name=a]').oninput = () => { document.getElementById('send').disabled = false }`)}`,
    sends(fill(A, 'mug')),
  ),
  good(
    'form-editable',
    'The user writes into the page.',
    `<div id="e" contenteditable style="min-height:20px">Cup</div><button id="send" onclick="if (document.getElementById('e').textContent.trim() === 'mug') { ${THANK} }">Send</button>${OUT}`,
    sends(fill('#e', 'mug')),
  ),
  good(
    'form-suggestions',
    'The user takes what is suggested.',
    `<input id="q"><ul id="s"></ul>${OUT}${script(`document.getElementById('q').oninput = () => { setTimeout(() => { document.getElementById('s').innerHTML = '<li id="hit">Mug</li>'; document.getElementById('hit').onclick = () => { ${THANK} } }, 200) }`)}`,
    walk(fill('#q', 'mu'), click('#hit'), sees('Thank you')),
  ),
];
