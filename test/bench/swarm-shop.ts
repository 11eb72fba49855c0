// A small shop in a process of its own for the benchmark of swarms: an external style sheet, a script, a fetch and a cookie. Prints
// its address. It must never keep anything of a visitor: two hundred visit it at once.
import { createServer } from 'node:http';

const head = (title: string) =>
  `<!doctype html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/shop.css"></head>`;
const home = `${head('Shop')}<body><h1>Tea</h1><p id="stock">Looking …</p><form action="/basket" method="post"><button id="buy" disabled>Buy</button></form>
<script src="/shop.js"></script></body></html>`;
const basket = `${head('Basket')}<body><h1>Basket</h1><form action="/orders" method="post"><input id="name" name="name" required><button id="pay">Pay</button></form></body></html>`;
const files: Readonly<Record<string, { type: string; text: string }>> = {
  '/': { type: 'text/html; charset=utf-8', text: home },
  '/basket': { type: 'text/html; charset=utf-8', text: basket },
  '/shop.css': {
    type: 'text/css',
    text: 'body { font: 16px sans-serif } .gone { display: none } button { padding: 8px }',
  },
  '/stock': { type: 'application/json', text: '{"stock":7}' },
  '/shop.js': {
    type: 'text/javascript',
    text: `fetch('/stock').then((answer) => answer.json()).then(({ stock }) => {
  document.querySelector('#stock').textContent = stock + ' left';
  document.querySelector('#buy').disabled = false;
});`,
  },
};

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://shop').pathname;
  let said = '';
  request.on('data', (part) => {
    said += part;
  });
  request.on('end', () => {
    const bought = request.headers.cookie?.includes('basket=tea') === true;
    if (request.method === 'POST' && path === '/basket')
      return response.writeHead(303, { location: '/basket', 'set-cookie': 'basket=tea; Path=/' }).end();
    if (request.method === 'POST' && path === '/orders' && bought) {
      const name = (new URLSearchParams(said).get('name') ?? '').replaceAll(/[^a-z ]/gi, '');
      const page = `${head('Thanks')}<body><h1>Thank you, ${name}</h1></body></html>`;
      return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    }
    const file = files[path];
    if (file === undefined || (path === '/basket' && !bought)) return response.writeHead(404).end('not here');
    return response.writeHead(200, { 'content-type': file.type }).end(file.text);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}\n`);
});
// Ends with whoever started it.
process.stdin.on('end', () => process.exit(0)).resume();
