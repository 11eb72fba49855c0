// A small shop for checks of pages and journeys: it sells, is late, breaks, throws and hangs, each on a page of its own.

import { setTimeout } from 'node:timers/promises';
import { type Context, Hono } from 'hono';

const html = (c: Context, body: string, status: 200 | 404 | 500 = 200) =>
  c.html(`<!doctype html><title>Shop</title>${body}`, status);
export const shop = new Hono()
  .get('/', (c) =>
    html(
      c,
      `<h1 style="text-transform:uppercase">Fine   shop</h1><div id="products"><a data-product href="/product">Mug</a></div><p hidden>Sold out</p>`,
    ),
  )
  .get('/product', (c) =>
    html(
      c,
      `<form action="/orders" method="post"><input id="name" name="name" value="old text"><select id="size" name="size"><option value="s">S<option value="l">L</select><button>Buy</button></form>`,
    ),
  )
  .post('/orders', async (c) => {
    const { name, size } = await c.req.parseBody();
    return c.redirect(`/orders/7?name=${String(name)}&size=${String(size)}`);
  })
  .get('/orders/:id', (c) => html(c, `<p>Thank you, ${c.req.query('name')} (${c.req.query('size')})</p>`))
  .get('/late', (c) =>
    html(
      c,
      `<p id="p">Please wait</p><script>window.setTimeout(() => { document.getElementById('p').textContent = 'It is here' }, 300)</script>`,
    ),
  )
  .get('/broken', (c) => html(c, 'Something went wrong', 500))
  .get('/to-broken', (c) => html(c, '<a id="go" href="/broken">Go</a>'))
  .get('/throws', (c) => html(c, `<p>Shop</p><script>throw new Error('cart is undefined')</script>`))
  .get('/rejects', (c) => html(c, `<p>Shop</p><script>Promise.reject(new Error('no stock'))</script>`))
  .get('/half', (c) => html(c, `<p>Shop</p><script>fetch('/later-broken')</script>`))
  .get('/later-broken', async (c) => {
    await setTimeout(200);
    return html(c, 'sorry', 500);
  })
  .get('/dialog', (c) =>
    html(
      c,
      `<button id="b" onclick="document.getElementById('p').textContent = confirm('Sure?') ? 'yes' : 'no'; alert(1)">Ask</button><p id="p"></p>`,
    ),
  )
  .get('/covered', (c) => html(c, `<a id="go" href="/" style="display:none">Go</a>`))
  .get('/hangs', () => new Promise<Response>(() => {}));
