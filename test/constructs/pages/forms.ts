// Constructs of forms: what a browser sends, what it refuses to send, and where it sends it.
import { bad, click, enter, fill, good, type Site, sees, sends, walk } from '../construct.ts';

const form = (fields: string, more = 'action="/order" method="post"') =>
  `<form ${more}>${fields}<button id="send">Send</button></form>`;
const wants = (page: string, wanted: string): Site => ({
  '/': page,
  '/order': ({ url, body }) =>
    decodeURIComponent((body || url.search.slice(1)).replaceAll('+', ' ')) === wanted
      ? '<p>Thank you</p>'
      : '<p>Sorry</p>',
});
const any = (page: string): Site => ({ '/': page, '/order': '<p>Thank you</p>' });
const A = '[name=a]';
const good1 = (id: string, why: string, field: string, value: string, wanted = value) =>
  good(`form-${id}`, why, wants(form(field), `a=${wanted}`), sends(fill(A, value)));
const bad1 = (id: string, why: string, field: string, value: string) =>
  bad(`form-${id}`, why, any(form(field)), sends(fill(A, value)));
const input = (more: string) => `<input name="a" ${more}>`;

export const forms = [
  good1('text-replaced', 'What stood there is replaced.', input('value="cup"'), 'mug'),
  good1('email', 'The address is one.', input('type="email"'), 'a@b.example'),
  good(
    'form-email-unchecked',
    'The form wants no checks.',
    any(form(input('type="email"'), 'action="/order" novalidate')),
    sends(fill(A, 'nobody')),
  ),
  good1('number', 'The number is sent.', input('type="number"'), '12'),
  bad1(
    'number-max',
    'The browser refuses a number that is too large.',
    input('type="number" max="10"'),
    '12',
  ),
  bad('form-required', 'The browser wants the field filled.', any(form(input('required'))), sends()),
  good1('required-filled', 'The field is filled.', input('required'), 'mug'),
  good(
    'form-required-box-ticked',
    'The box is ticked.',
    wants(form('<input id="t" type="checkbox" name="a" required>'), 'a=on'),
    sends(click('#t')),
  ),
  bad1('pattern', 'The browser refuses what does not fit the pattern.', input('pattern="[0-9]{5}"'), '123'),
  good1('pattern-fits', 'It fits the pattern.', input('pattern="[0-9]{5}"'), '12345'),
  good1('max-length', 'The browser cuts what is too long.', input('maxlength="3"'), 'mugs', 'mug'),
  good(
    'form-date',
    'The date is sent.',
    wants(form(input('type="date"')), 'a=2026-12-24'),
    sends(fill(A, '2026-12-24')),
  ),
  good(
    'form-time',
    'The time is sent.',
    wants(form(input('type="time"')), 'a=18:30'),
    sends(fill(A, '18:30')),
  ),
  good(
    'form-month',
    'The month is sent.',
    wants(form(input('type="month"')), 'a=2026-12'),
    sends(fill(A, '2026-12')),
  ),
  bad(
    'form-date-too-early',
    'The browser refuses a date that is too early.',
    any(form(input('type="date" min="2027-01-01"'))),
    sends(fill(A, '2026-12-24')),
  ),
  good(
    'form-range',
    'The slider is set.',
    wants(form(input('type="range" max="100"')), 'a=70'),
    sends(fill(A, '70')),
  ),
  good(
    'form-colour',
    'The colour is set.',
    wants(form(input('type="color"')), 'a=#ff0000'),
    sends(fill(A, '#ff0000')),
  ),
  good1('textarea', 'The text is sent.', '<textarea name="a"></textarea>', 'two mugs'),
  bad(
    'form-enter-in-textarea',
    'Enter begins a new line.',
    any(form('<textarea name="a"></textarea>')),
    walk(fill(A, 'mug'), enter, sees('Thank you')),
  ),
  good(
    'form-enter',
    'Enter sends the form.',
    any(form(input(''))),
    walk(fill(A, 'mug'), enter, sees('Thank you')),
  ),
  good(
    'form-enter-without-button',
    'Enter sends a form of one field.',
    any(`<form action="/order">${input('')}</form>`),
    walk(fill(A, 'mug'), enter, sees('Thank you')),
  ),
  bad(
    'form-enter-two-fields',
    'Without a button Enter does not send a form of two fields.',
    any(`<form action="/order">${input('')}<input name="b"></form>`),
    walk(fill(A, 'mug'), enter, sees('Thank you')),
  ),
];
