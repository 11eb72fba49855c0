// The files of the shop's pages, and what a browser is told it may load. Everything comes from the shop itself; there is nothing inline.
// It must never serve a file that is not named here.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const SCRIPT = 'text/javascript; charset=utf-8';
const own = (name: string) => fileURLToPath(new URL(`front/${name}`, import.meta.url));
const files = [
  { name: 'app.js', path: own('app.js'), type: SCRIPT },
  { name: 'checkout.js', path: own('checkout.js'), type: SCRIPT },
  { name: 'shop.css', path: own('shop.css'), type: 'text/css; charset=utf-8' },
  { name: 'preact.js', path: fileURLToPath(import.meta.resolve('preact')), type: SCRIPT },
];

export const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "connect-src 'self'", 'img-src data:'],
  ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", 'report-uri /api/reports'],
].join('; ');

/** The files as every browser may have them: the asset host lies on another origin. */
export function openAssets(): Hono {
  const assets = new Hono();
  for (const { name, path, type } of files)
    assets.get(`/assets/${name}`, async () => {
      const headers = { 'content-type': type, 'access-control-allow-origin': '*' };
      // As a bundler would: a browser knows no packages.
      const text = (await readFile(path, 'utf8')).replace("from 'preact'", "from '/assets/preact.js'");
      return new Response(text, {
        headers: { ...headers, 'x-content-type-options': 'nosniff' },
      });
    });
  return assets;
}
