// The form of a construct: one small site, one check of it, and what a user of a current browser would say. And short words to
// write them with. Must never hold what an engine said: that is measured, and stands in contract.tsv.
import type { IncomingHttpHeaders } from 'node:http';

export type Word = 'pass' | 'fail' | 'inconclusive';
type Asked = { readonly url: URL; readonly body: string; readonly headers: IncomingHttpHeaders };
/** How an answer misbehaves: it never comes, breaks off, never ends, hangs up, or turns into a websocket that says its body. */
type How = 'hangs' | 'short' | 'endless' | 'reset' | 'socket';
export type Fixed =
  | string
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | string[]>>;
      readonly body?: string | Buffer;
      readonly late_ms?: number;
      readonly how?: How;
    };
export type Route = Fixed | ((asked: Asked) => Fixed);
/** From path (or `POST /path`) to answer. `{{SELF}}` and `{{OTHER}}` in it become this origin and another one. */
export type Site = Readonly<Record<string, Route>>;
export type Construct = {
  readonly id: string;
  readonly truth: 'pass' | 'fail' | 'not judged';
  /** From the user's view, in one sentence. */
  readonly why: string;
  readonly site: Site;
  readonly check: object;
};

type Written = string | Site;
const construct =
  (truth: Construct['truth']) =>
  (id: string, why: string, site: Written, check: object): Construct => ({
    id,
    truth,
    why,
    site: typeof site === 'string' ? { '/': site } : site,
    check,
  });
/** A user would say that it works. */
export const good = construct('pass');
/** A user would say that it does not. */
export const bad = construct('fail');
/** No engine can tell. At most five of these. */
export const unjudged = construct('not judged');

/** Page checks. */
export const shows = (...text: string[]) => ({ kind: 'page', url: '{SITE}/', expect: { text } });
export const has = (...selector: string[]) => ({ kind: 'page', url: '{SITE}/', expect: { selector } });
export const clean = (...text: string[]) => ({
  kind: 'page',
  url: '{SITE}/',
  expect: { text, no_errors: true },
});

/** Journeys and their steps. */
export const walk = (...steps: object[]) => ({ kind: 'journey', start: '{SITE}/', steps });
export const click = (selector: string) => ({ click: selector });
export const fill = (selector: string, value: string) => ({ fill: { selector, value } });
export const choose = (selector: string, value: string) => ({ select: { selector, value } });
export const enter = { press: 'Enter' };
export const sees = (text: string) => ({ expect: { text } });
export const at = (url: string) => ({ expect: { url } });
export const go = (path: string) => ({ goto: `{SITE}${path}` });
/** Clicks Buy and wants to be thanked. */
export const buys = walk(click('#buy'), sees('Thank you'));
/** Sends the form by its button and wants to be thanked. */
export const sends = (...fields: object[]) => walk(...fields, click('#send'), sees('Thank you'));

/** A script that says thank you, one that does so on a click on Buy, and the button with a place for the thanks. */
export const THANK = `document.getElementById('out').textContent = 'Thank you';`;
export const SELL = `document.getElementById('buy').onclick = () => { ${THANK} };`;
export const BUTTON = '<button id="buy">Buy</button><p id="out"></p>';
/** The button with a handler of its own; `more` are further attributes. */
export const buy = (more = '') => `<button id="buy" onclick="${THANK}" ${more}>Buy</button>${OUT}`;
export const OUT = '<p id="out"></p>';
export const script = (code: string, more = '') => `<script ${more}>${code}</script>`;
export const style = (css: string) => `<style>${css}</style>`;
export const sheet = (href = '/app.css') => `<link rel="stylesheet" href="${href}">`;
/** A page and one file of it. */
export const withFile = (path: string, file: Route, page: Route): Site => ({ '/': page, [path]: file });
/** A page whose style sheet is a file of its own. */
export const styled = (css: string, body: string): Site => withFile('/app.css', css, sheet() + body);
/** A page under a policy, with its script as a file beside it. */
export const under = (policy: string | string[], body: string, more: Site = {}): Site => ({
  '/': { headers: { 'content-security-policy': policy }, body },
  '/app.js': SELL,
  ...more,
});

/** The same page with the text seen, and not. Without a check: whether it shows `Mug`. */
export const pair = (
  id: string,
  [yes, seen]: [string, string | Site],
  [no, unseen]: [string, string | Site],
  check: object = shows('Mug'),
) => [good(`seen-${id}`, yes, seen, check), bad(`unseen-${id}`, no, unseen, check)];
