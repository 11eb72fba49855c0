// Constructs of sending: which button sends a form, where it goes, and what comes back.
import { bad, click, good, OUT, type Site, script, sees, sends, walk } from '../construct.ts';

const wants = (page: string, wanted: string): Site => ({
  '/': page,
  '/order': ({ url, body }) =>
    (body || url.search.slice(1)) === wanted ? '<p>Thank you</p>' : '<p>Sorry</p>',
});
const sent = (fields: string, more = 'action="/order"') => `<form ${more}>${fields}</form>`;
const thanks = { '/order': '<p>Thank you</p>' };
const any = (page: string): Site => ({ '/': page, ...thanks });

export const sending = [
  good(
    'send-post',
    'The form is posted.',
    wants(
      sent('<input name="a" value="1"><button id="send">Send</button>', 'action="/order" method="post"'),
      'a=1',
    ),
    sends(),
  ),
  good(
    'send-see-other',
    'After the order comes its page.',
    {
      '/': sent('<button id="send">Send</button>', 'action="/pay" method="post"'),
      'POST /pay': { status: 303, headers: { location: '/order' } },
      ...thanks,
    },
    sends(),
  ),
  good(
    'send-307',
    'The order is posted again elsewhere.',
    {
      '/': sent('<button id="send">Send</button>', 'action="/pay" method="post"'),
      'POST /pay': { status: 307, headers: { location: '/order' } },
      'POST /order': '<p>Thank you</p>',
    },
    sends(),
  ),
  bad(
    'send-302-loses-post',
    'A redirect of an old kind does not post again.',
    {
      '/': sent('<button id="send">Send</button>', 'action="/pay" method="post"'),
      'POST /pay': { status: 302, headers: { location: '/order' } },
      'POST /order': '<p>Thank you</p>',
      'GET /order': '<p>Sorry</p>',
    },
    sends(),
  ),
  good(
    'send-by-button-action',
    'The button sends it elsewhere.',
    any(sent('<button id="send" formaction="/order">Send</button>', 'action="/none"')),
    sends(),
  ),
  good(
    'send-by-far-button',
    'The button stands outside of the form.',
    any(`${sent('', 'id="f" action="/order"')}<button id="send" form="f">Send</button>`),
    sends(),
  ),
  bad(
    'send-by-plain-button',
    'The button is none that sends.',
    any(sent('<button type="button" id="send">Send</button>')),
    sends(),
  ),
  good(
    'send-by-image',
    'The picture sends the form.',
    any(sent('<input type="image" id="send" alt="Send" width="60" height="20">')),
    sends(),
  ),
  good(
    'send-unchecked',
    'The button wants no checks.',
    any(sent('<input name="a" required><button id="send" formnovalidate>Send</button>')),
    sends(),
  ),
  good(
    'send-multipart',
    'The form is sent in parts.',
    {
      '/': sent(
        '<input name="a" value="mug"><button id="send">Send</button>',
        'action="/order" method="post" enctype="multipart/form-data"',
      ),
      '/order': ({ body }) => (/name="a"\s+mug/.test(body) ? 'Thank you' : 'Sorry'),
    },
    sends(),
  ),
  good(
    'send-by-script',
    'The script sends the form.',
    any(
      `${sent('', 'id="f" action="/order"')}<button id="send" onclick="document.getElementById('f').requestSubmit()">Send</button>`,
    ),
    sends(),
  ),
  bad(
    'send-prevented',
    'The script keeps the form and does nothing.',
    any(sent('<button id="send">Send</button>', 'action="/order" onsubmit="return false"')),
    sends(),
  ),
  good(
    'send-once',
    'The button is disabled after the first click.',
    any(
      sent(
        '<button id="send">Send</button>',
        'action="/order" onsubmit="document.getElementById(\'send\').disabled = true"',
      ),
    ),
    sends(),
  ),
  good(
    'send-fetched',
    'The script sends what the form holds.',
    {
      '/': `${sent('<input name="a" value="1"><button id="send">Send</button>', 'id="f"')}${OUT}${script(`document.getElementById('f').onsubmit = async (e) => { e.preventDefault(); const r = await fetch('/order', { method: 'POST', body: new URLSearchParams(new FormData(e.target)) }); document.getElementById('out').textContent = await r.text() }`)}`,
      '/order': ({ body }) => (body === 'a=1' ? 'Thank you' : 'Sorry'),
    },
    sends(),
  ),
  bad(
    'send-fetched-500',
    'The script says sorry, since the order failed.',
    {
      '/': `${sent('<button id="send">Send</button>', 'id="f"')}${OUT}${script(`document.getElementById('f').onsubmit = async (e) => { e.preventDefault(); const r = await fetch('/order', { method: 'POST' }); document.getElementById('out').textContent = r.ok ? 'Thank you' : 'Sorry' }`)}`,
      '/order': { status: 500 },
    },
    sends(),
  ),
  good(
    'send-steps',
    'The form has two steps.',
    any(
      sent(
        `<div id="a"><button type="button" id="next" onclick="document.getElementById('a').hidden = true; document.getElementById('b').hidden = false">Next</button></div><div id="b" hidden><button id="send">Send</button></div>`,
      ),
    ),
    walk(click('#next'), click('#send'), sees('Thank you')),
  ),
];
