// What a customer sees. Plain forms; a script only where the page is nicer with one. Names come from strangers and stay text.
import { html } from 'hono/html';
import { type Html, page } from '../page.ts';
import type { Cart, Order } from './checkout.ts';
import { euros, type Product, productOf, products } from './prices.ts';

const shop = (title: string, body: Html) =>
  page(
    'a production web shop',
    title,
    html`<nav><a href="/">All products</a> <a href="/cart">Cart</a></nav>${body}`,
  );

export const home = () =>
  shop(
    'Vigil Shop',
    html`${products.map(({ id, name, cents }) => html`<article class="product"><a href="/products/${id}">${name}</a> ${euros(cents)}</article>`)}`,
  );

export const product = ({ id, name, cents, about }: Product) =>
  shop(
    name,
    html`<p>${about}</p><p id="price" data-cents="${cents}">${euros(cents)}</p><form method="post" action="/cart"><input type="hidden" name="id" value="${id}">
<label>Quantity <input name="quantity" type="number" min="1" max="99" value="1"></label> <output></output> <button>Add to cart</button></form>
<script>document.querySelector('[name=quantity]').oninput = (e) => { document.querySelector('output').textContent = (document.querySelector('#price').dataset.cents * e.target.value / 100).toFixed(2) + ' €'; }</script>`,
  );

export const cart = (lines: Cart) =>
  shop(
    'Cart',
    lines.length === 0
      ? html`<p>Your cart is empty.</p>`
      : html`<ul>${lines.map(({ id, quantity }) => html`<li>${quantity} × ${productOf(id)?.name ?? id}</li>`)}</ul>
<form method="post" action="/checkout" id="checkout"><label>Name <input name="name" required></label> <label>E-mail <input name="email" type="email" required></label>
<p>You pay on delivery.</p><button>Order now</button></form>`,
  );

export const thanks = ({ number, total, name }: Order) =>
  shop(
    'Thank you',
    html`<p>Thank you, ${name}. Your order number is <strong id="order">${number}</strong>, you pay ${euros(total)} on delivery.</p>`,
  );

export const sorry = () =>
  shop(
    'Something went wrong',
    html`<p id="error">We could not take your order. Nothing was charged, please try again later.</p>`,
  );

export const nothing = () => shop('Not found', html`<p>We do not sell that.</p>`);
