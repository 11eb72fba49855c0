// The frame of Vigil's own pages: one calm column, readable on a phone at night, without scripts or anything from elsewhere.
// Must never need anything that the content policy of the pages forbids. The policy names exactly this style, by its hash.
import { createHash } from 'node:crypto';
import { type Html, html } from '#core/text/html';

const STYLE = `:root{color-scheme:light dark;--line:#d5dae2;--soft:#5a6577;--back:#fff;--ink:#1d2430;--code:#f4f6f9;--go:#1a7f37;--stop:#b42318}
@media(prefers-color-scheme:dark){:root{--line:#3a4250;--soft:#9aa5b5;--back:#14181f;--ink:#e6eaf0;--code:#1d232c;--go:#2ea043;--stop:#d9483b}}
*{box-sizing:border-box}body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
header{color:var(--soft);font-size:.9rem}h1{font-size:1.5rem;line-height:1.25;margin:.3rem 0 .2rem}h2{font-size:1rem;margin:1.6rem 0 .3rem}p{margin:.3rem 0}
a{color:inherit}small,.soft{color:var(--soft)}code,pre{font:13.5px/1.5 ui-monospace,monospace;background:var(--code);border-radius:.3rem}code{padding:.1rem .3rem}
pre{padding:.7rem .9rem;border:1px solid var(--line);white-space:pre-wrap;margin:.4rem 0}ul{margin:.3rem 0;padding-left:1.2rem}summary{cursor:pointer}
.decide{border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin-top:2rem}button,.button{display:inline-block;font:600 1rem/1 system-ui,sans-serif;color:#fff;background:var(--go);border:0;border-radius:.4rem;padding:.75rem 1.3rem;text-decoration:none;cursor:pointer}
.stop{background:var(--stop)}textarea{display:block;width:100%;font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:.3rem;padding:.4rem;margin:.4rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.4rem 0}dt{color:var(--soft)}dd{margin:0}`;

/** For `style-src`: allows only this style, so that no text can add another. */
export const styleHash = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A whole page as bytes to send. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Vigil</title><style>${{ markup: STYLE }}</style></head>
<body><header>Vigil</header><main><h1>${title}</h1>${body}</main></body></html>
`.markup;
}
