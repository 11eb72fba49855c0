// The page that a customer's browser is given; front/app.js fills it. It must hold no script and no style of its own: the policy
// that goes with it forbids both.
import { html } from 'hono/html';
import { type Html, icon, opening } from '../page.ts';

const SHOP = 'a production web shop';

export const shopPage = (
  title: string,
  body: Html = html`<script type="module" src="/assets/app.js"></script>`,
) =>
  html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · ${SHOP}</title><link rel="icon" href="${icon(SHOP)}"><link rel="stylesheet" href="/assets/shop.css"></head>
<body><header>${opening(SHOP)}</header><h1>${title}</h1><nav><a href="/">All products</a> <a href="/cart">Cart</a></nav><main></main>${body}</body></html>`;

export const sorry = () =>
  shopPage(
    'Something went wrong',
    html`<p id="error">We could not take your order. Nothing was charged, please try again later.</p>`,
  );

export const nothing = () => shopPage('Not found', html`<p>We do not sell that.</p>`);
