// Constructs of answers: statuses and redirects of documents, and what a user sees behind them.
import {
  at,
  bad,
  click,
  go,
  good,
  type Route,
  type Site,
  script,
  sees,
  sends,
  shows,
  walk,
} from '../construct.ts';

const GO = '<a id="go" href="/next">Go</a>';
const next = (answer: Route): Site => ({ '/': GO, '/next': answer, '/last': '<p>Thank you</p>' });
const goes = walk(click('#go'), sees('Thank you'));
const answered = (status: number) => ({ status, body: '<p>Thank you</p>' });
const sent = (status: number, location = '/last') => ({ status, headers: { location } });
const mug = shows('Mug');

export const status = [
  ...[403, 404, 500, 503].map((code) =>
    bad(
      `status-${code}-thanks`,
      `The page behind the link answers ${code}, whatever it says.`,
      next(answered(code)),
      goes,
    ),
  ),
  bad(
    'status-goto-500',
    'The order page answers 500.',
    next(answered(500)),
    walk(go('/next'), sees('Thank you')),
  ),
  bad(
    'status-goto-404',
    'The order page is not there.',
    next(answered(404)),
    walk(go('/next'), sees('Thank you')),
  ),
  bad(
    'status-start-500',
    'The shop itself answers 500.',
    { '/': { status: 500, body: GO }, '/next': '<p>Thank you</p>' },
    goes,
  ),
  bad(
    'status-form-500',
    'The order is answered with 500.',
    {
      '/': '<form method="post" action="/next"><button id="send">Send</button></form>',
      '/next': answered(500),
    },
    sends(),
  ),
  bad(
    'status-redirect-to-500',
    'The redirect leads to a page of 500.',
    { ...next(sent(302)), '/last': answered(500) },
    goes,
  ),
  bad('status-page-404', 'The page is not there.', { '/': { status: 404, body: 'Mug' } }, mug),
  good(
    'status-404-asked-for',
    'A missing page is what was asked for.',
    { '/': { status: 404, body: 'Nothing here' } },
    { ...shows('Nothing here'), expect: { status: 404, text: ['Nothing here'] } },
  ),
  good(
    'status-404-asked-for-in-journey',
    'A missing page is what was asked for.',
    next(answered(404)),
    walk(click('#go'), { expect: { status: 404, text: 'Thank you' } }),
  ),
  bad('status-404-did-not-come', 'The page should be gone and is there.', '<p>Nothing here</p>', {
    ...shows('Nothing here'),
    expect: { status: 404 },
  }),
  good('status-201', 'Created is well.', next(answered(201)), goes),
  bad(
    'status-soft-404',
    'The page says that it is missing, with 200.',
    next('<p>This page does not exist.</p>'),
    goes,
  ),
  bad('status-204', 'The answer is empty, so the user stays where they are.', next({ status: 204 }), goes),
  ...[302, 307, 308].map((code) =>
    good(`status-${code}`, 'The redirect leads to the page.', next(sent(code)), goes),
  ),
  good(
    'status-redirect-chain',
    'Three redirects lead to the page.',
    { ...next(sent(302, '/a')), '/a': sent(301, '/b'), '/b': sent(303) },
    goes,
  ),
  bad('status-redirect-loop', 'The redirects lead in circles.', next(sent(302, '/next')), goes),
  bad(
    'status-redirect-to-error',
    'The redirect leads to a page of regret.',
    { ...next(sent(302, '/sorry')), '/sorry': '<p>Sorry</p>' },
    goes,
  ),
  bad(
    'status-redirect-to-login',
    'The user is asked to log in again.',
    { ...next(sent(302, '/login')), '/login': '<p>Log in</p>' },
    walk(click('#go'), at('/next')),
  ),
  good(
    'status-redirect-elsewhere',
    'The redirect leads to another origin.',
    next(sent(302, '{{OTHER}}/last')),
    goes,
  ),
  good(
    'status-meta-refresh',
    'The page leads on by itself.',
    next('<meta http-equiv="refresh" content="0;url=/last">'),
    goes,
  ),
  good(
    'status-refresh-header',
    'The page leads on by itself.',
    next({ headers: { refresh: '0;url=/last' }, body: 'Wait' }),
    goes,
  ),
  good('status-script-redirect', 'A script leads on.', next(script(`location.replace('/last')`)), goes),
  bad(
    'status-meta-refresh-error',
    'The page leads on to a page of 500.',
    { ...next('<meta http-equiv="refresh" content="0;url=/last">'), '/last': answered(500) },
    goes,
  ),
];
