// The shop in a customer's browser: shows what its API knows, and lets nobody touch the page while something is under way. It
// must never know a price, a name or an order number by itself.
import { h, render } from 'preact';

const [, section = '', id = ''] = location.pathname.split('/');
const now = { wait: 'Opening the shop', products: [], cart: null, checkout: null, order: null, quantity: 1 };
const euros = (cents) => `${(cents / 100).toFixed(2)} €`;

function show(change) {
  Object.assign(now, change);
  const layer =
    now.wait && h('div', { id: 'wait', role: 'status' }, h('p', null, `${now.wait}, please wait …`));
  render([body(), layer], document.querySelector('main'));
}

async function ask(path, order) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(path, order && { method: 'POST', headers, body: JSON.stringify(order) });
  if (answer.ok && !answer.redirected) return answer.json();
  return leave(answer.redirected ? answer.url : '/sorry');
}

/** Nothing comes after it: the layer stays until the next page is there. */
function leave(address) {
  location.assign(address);
  return new Promise(() => {});
}

// Whoever wrote this forgot that what is waited for may never come: then the layer stays.
async function during(wait, work) {
  show({ wait });
  await work();
  show({ wait: null });
}

const submits = (wait, work) => (event) => {
  event.preventDefault();
  during(wait, () => work(Object.fromEntries(new FormData(event.target))));
};
const field = (words, props) => h('label', null, `${words} `, h('input', { required: true, ...props }));

const add = submits('Filling your cart', async ({ quantity }) => {
  await ask('/api/cart', { id, quantity: Number(quantity) });
  await leave('/cart');
});
const signIn = submits('Signing in', async (customer) => {
  show({ cart: await ask('/api/session', customer) });
  await prepare();
});
const order = submits('Ordering', async () => show({ order: await ask('/api/checkout', {}) }));

/** The checkout is a part of its own, and the shop says where it comes from today. */
async function prepare() {
  if (now.cart.customer && now.cart.lines.length > 0) show(await import(now.cart.checkout));
}

function body() {
  if (now.order)
    return h(
      'p',
      null,
      `Thank you, ${now.order.name}. Your order number is `,
      h('strong', { id: 'order' }, now.order.order),
      `, you pay ${euros(now.order.total)} on delivery.`,
    );
  if (section === 'cart') return now.cart && cart(now.cart);
  if (section === 'products') return now.products.filter((one) => one.id === id).map(product);
  return now.products.map(({ id, name, cents }) =>
    h('article', { class: 'product' }, h('a', { href: `/products/${id}` }, name), ` ${euros(cents)}`),
  );
}

function product({ about, cents }) {
  const counts = (event) => show({ quantity: Number(event.target.value) });
  return [
    h('p', null, about),
    h('p', { id: 'price' }, euros(cents)),
    h(
      'form',
      { id: 'add', onSubmit: add },
      field('Quantity', {
        name: 'quantity',
        type: 'number',
        min: 1,
        max: 99,
        value: now.quantity,
        onInput: counts,
      }),
      h('output', null, euros(cents * now.quantity)),
      h('button', null, 'Add to cart'),
    ),
  ];
}

function cart({ lines, customer }) {
  if (lines.length === 0) return h('p', null, 'Your cart is empty.');
  const checkout = now.checkout && h(now.checkout, { h, customer, order });
  const signing = h(
    'form',
    { id: 'sign-in', onSubmit: signIn },
    field('Name', { name: 'name' }),
    field('E-mail', { name: 'email', type: 'email' }),
    h('button', null, 'Sign in'),
  );
  return [
    h(
      'ul',
      null,
      lines.map(({ name, quantity }) => h('li', null, `${quantity} × ${name}`)),
    ),
    customer ? checkout : signing,
  ];
}

await during(now.wait, async () => {
  if (section === 'cart') show({ cart: await ask('/api/cart') });
  else show({ products: await ask('/api/products') });
  if (section === 'cart') await prepare();
});
