// The frame around every page of the sandbox. It must say on each page that a stand-in is speaking, and what is
// handed in as text must come out as text: `html` escapes every value that is not itself built by `html`.
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Whom a page plays, with the sign and the colour that tell its tab from the others. */
const players = {
  'Vigil’s sandbox': ['V', '#1a7f37'],
  GitHub: ['G', '#24292f'],
  PagerDuty: ['P', '#04701f'],
  Slack: ['S', '#611f69'],
  Datadog: ['D', '#7b4bd1'],
  Coder: ['C', '#0b5bd3'],
  Sanity: ['Y', '#c2381e'],
  'Skyflow Detect': ['K', '#00708c'],
  'a production web shop': ['€', '#a15c00'],
} as const satisfies Record<string, readonly [sign: string, colour: string]>;
export type Player = keyof typeof players;

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:0 auto;padding:0 1rem 3rem;color:#1d2430;overflow-wrap:anywhere}
header{display:flex;gap:.6rem;align-items:center;background:#fff4d6;border:1px solid #e6c860;padding:.4rem .8rem;margin:1rem 0;border-radius:.4rem}header b{flex:none;width:1.5rem;border-radius:.3rem;color:#fff;text-align:center}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin:1.4rem 0 .4rem}h2:first-child,h2 a{margin-top:0;color:inherit}nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;border-bottom:1px solid #d5dae2;padding-bottom:.4rem}
article>:last-child{margin-bottom:.4rem}article{border:1px solid #d5dae2;border-radius:.4rem;padding:.6rem 1rem;margin:.8rem 0}code,pre{font:13.5px/1.5 ui-monospace,monospace;background:#f4f6f9;border-radius:.3rem}code{padding:.1rem .3rem}
pre{white-space:pre-wrap;padding:.6rem .8rem}pre code{padding:0}pre span{display:inline-block;min-width:100%}summary{cursor:pointer}textarea{box-sizing:border-box;width:44rem;max-width:100%;font:inherit}.said{white-space:pre-line}
a.button,summary.button,button{font:inherit;color:inherit;background:#f4f6f9;border:1px solid #b9c1cd;border-radius:.4rem;padding:.2rem .8rem;text-decoration:none;cursor:pointer}
.primary{background:#1a7f37!important;border-color:#1a7f37!important;color:#fff!important}.danger{background:#fff!important;border-color:#b42318!important;color:#b42318!important}
.buttons{display:flex;gap:.5rem;flex-wrap:wrap;align-items:start}.buttons p{margin:.4rem 0}.buttons details[open]{order:1;flex-basis:100%}summary.button{display:inline-block;list-style:none}.only{background:#f4f6f9;padding:.3rem .6rem;border-radius:.4rem}
table{display:block;overflow-x:auto;border-collapse:collapse;overflow-wrap:break-word}td,th{text-align:left;vertical-align:top;padding:.2rem .8rem .2rem 0}wbr{display:none}th,time,.number{white-space:nowrap}.number{text-align:right}
small{color:#5a6577}.state{display:inline-block;border-radius:1rem;padding:0 .6rem;font-size:.85rem;color:#fff;background:#5a6577}.good{background:#1a7f37}.bad{background:#b42318}.done{background:#7b4bd1}.empty{color:#5a6577}.cards{display:grid;gap:0 .8rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
@media(max-width:30rem){wbr{display:inline}ul{padding-left:1.2rem}article{padding:.6rem .7rem}table{font-size:.8rem}td,th{padding-right:.4rem}td code{font-size:11.5px;padding:0}}`;

// Looks again every second, but not while somebody is about to confirm.
const LIVE = raw(`<script type="module">setInterval(async () => {
  if (document.querySelector('details[open]')) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const old = document.querySelector('main');
  if (fresh && old.innerHTML !== fresh.innerHTML) old.replaceWith(fresh);
}, 1000)</script>`);

export const icon = (player: Player): string => {
  const [sign, colour] = players[player];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/><text x="16" y="23.5" font-family="sans-serif" font-weight="bold" font-size="21" text-anchor="middle" fill="#fff">${sign}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
};
const badge = (player: Player): Html =>
  html`<b style="background:${players[player][1]}">${players[player][0]}</b>`;
export const opening = (player: Player): string =>
  player === 'Vigil’s sandbox'
    ? 'This is Vigil’s sandbox: a shop, and stand-ins for everything Vigil talks to, running on your own machine.'
    : `This is a stand-in for ${player}, running on your own machine.`;

/** A whole page; `player` is whom this stand-in plays. A live one follows what happens without being asked. */
export const page = (
  player: Player,
  title: string,
  body: Html | Html[],
  live: 'live' | 'still' = 'still',
): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · ${player}</title><link rel="icon" href="${icon(player)}"><style>${raw(style)}</style></head>
<body><header>${badge(player)}<span>${opening(player)}</span></header><h1>${title}</h1><main>${body}</main>${live === 'live' ? LIVE : ''}</body></html>`;

/** What a page shows where there is nothing yet, so that nobody takes it for broken. */
export const empty = (words: string): Html => html`<p class="empty">${words}</p>`;

/** A moment, on one line and as people read it. */
export const moment = (iso: string): Html =>
  html`<small><time datetime="${iso}">${iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time></small>`;

const looks: Readonly<Record<string, string>> = {
  open: 'good',
  success: 'good',
  resolved: 'good',
  succeeded: 'good',
  running: 'good',
  failure: 'bad',
  failed: 'bad',
  escalated: 'bad',
  triggered: 'bad',
  Alert: 'bad',
  OK: 'good',
  merged: 'done',
};
/** The state of something, in a word and in its colour. */
export const state = (word: string): Html => html`<span class="state ${looks[word] ?? ''}">${word}</span>`;
