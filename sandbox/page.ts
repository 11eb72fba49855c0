// The frame around every page of the sandbox. It must say on each page that a stand-in is speaking, and what is
// handed in as text must come out as text: `html` escapes every value that is not itself built by `html`.
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:0 auto;padding:0 1rem 3rem;color:#1d2430;overflow-wrap:anywhere}
header{background:#fff4d6;border:1px solid #e6c860;padding:.4rem .8rem;margin:1rem 0;border-radius:.4rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem;margin:1.4rem 0 .4rem}h2:first-child,h2 a{margin-top:0;color:inherit}nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;border-bottom:1px solid #d5dae2;padding-bottom:.4rem}
article{border:1px solid #d5dae2;border-radius:.4rem;padding:.6rem 1rem;margin:.8rem 0}code,pre{font:13.5px/1.5 ui-monospace,monospace;background:#f4f6f9;border-radius:.3rem}code{padding:.1rem .3rem}
pre{white-space:pre-wrap;padding:.6rem .8rem}pre code{padding:0}pre span{display:inline-block;min-width:100%}summary{cursor:pointer}textarea{max-width:100%;font:inherit}article tr:first-child td{font-weight:600}.said{white-space:pre-line}
a.button,summary.button,button{font:inherit;color:inherit;background:#f4f6f9;border:1px solid #b9c1cd;border-radius:.4rem;padding:.2rem .8rem;text-decoration:none;cursor:pointer}
.primary{background:#1a7f37!important;border-color:#1a7f37!important;color:#fff!important}.danger{background:#fff!important;border-color:#b42318!important;color:#b42318!important}
.buttons{display:flex;gap:.5rem;flex-wrap:wrap;align-items:start}.buttons p{margin:.4rem 0}.buttons details[open]{order:1;flex-basis:100%}summary.button{display:inline-block;list-style:none}.only{background:#f4f6f9;padding:.3rem .6rem;border-radius:.4rem}
table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem .2rem 0}small{color:#5a6577}`;

/** A whole page; `vendor` names whom this stand-in plays. */
export const page = (vendor: string, title: string, body: Html | Html[]): Html => html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style></head>
<body><header>This is a stand-in for ${vendor}, running on your own machine.</header><h1>${title}</h1>${body}</body></html>`;
