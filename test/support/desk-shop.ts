// A small shop on loopback with a vigil.yml that names it, and `vigil verify` at a desk in front of it. Must never outlive its test.
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../../app/cli/command.ts';
import { installedChromium } from '../../sandbox/browser.ts';
import { root } from './files.ts';
import { vigil } from './vigil.ts';

const SHELF = '<!doctype html><h1>Shelf</h1><button id="buy">Buy</button><p id="out"></p>';
const SELL = `<script>document.getElementById('buy').onclick = () => { document.getElementById('out').textContent = 'Thank you'; };</script>`;
/** What a page throws that would like to steer a terminal and a page. */
const HOSTILE = `<!doctype html><h1>Shelf</h1><script>throw new Error('<img src=x onerror=alert(1)>\\u001b[31m ada@example.com has password=hunter2hunter2')</script>`;
type Answer = { status?: number; policy?: string; body: string };
const pages: Readonly<Record<string, Answer>> = {
  '/': { body: SHELF + SELL },
  '/closed': { status: 503, body: 'closed' },
  '/dead': { body: SHELF },
  '/policy': { policy: "script-src 'none'", body: SHELF + SELL },
  '/covered': { body: `${SHELF}${SELL}<div style="position:fixed;inset:0;background:#fff">Loading</div>` },
  '/hostile': { body: HOSTILE },
};

/** Checks as verify.yml has them. */
export const shelf = "{ id: shelf, kind: page, url: '{SHOP_URL}/', expect: { text: [Shelf] } }";
export const api = (path: string) => `{ id: api, kind: http, url: '{SHOP_URL}${path}' }`;
export const buys = (path: string) =>
  `{ id: buy, kind: journey, start: '{SHOP_URL}${path}', timeout_s: 4, steps: [{ click: '#buy' }, { expect: { text: Thank you } }] }`;
/** Twelve at once, who buy by it. */
export const rush = (path: string, more = '') =>
  `{ id: rush, kind: swarm, start: '{SHOP_URL}${path}', timeout_s: 4, sessions: 12, at_once: 3, engine: chromium, steps: [{ click: '#buy' }, { expect: { text: Thank you } }]${more} }`;
const quick = 'red: { need: 1, of: 1, over_s: 0 }, green: { need: 1, of: 1, over_s: 0 }';
/** The first check is the symptom, and one look decides. */
export const planOf = (...checks: string[]) => {
  const id = /id: (\w+)/.exec(checks[0] ?? '')?.[1];
  const rows = checks.map((check) => `  - ${check}\n`).join('');
  return `v: 1\nchecks:\n${rows}symptom: { checks: [${id}], ${quick} }\n`;
};

export async function deskShop() {
  const chromiumPath = await installedChromium();
  const asked: string[] = [];
  let turns = 0;
  // `/hangs` is never answered; `/turns` is well every other time.
  const site = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://site').pathname;
    asked.push(path);
    if (path === '/hangs') return;
    const turned: Answer = { status: turns % 2 === 0 ? 200 : 500, body: 'turned' };
    if (path === '/turns') turns += 1;
    const {
      status = 200,
      policy,
      body,
    } = path === '/turns' ? turned : (pages[path] ?? { status: 404, body: '' });
    const headers = policy ? { 'content-security-policy': policy } : {};
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const { port } = site.address() as AddressInfo;
  const dir = await mkdtemp(join(tmpdir(), 'verify-test-'));
  const settings = await readFile(join(root, '.github/vigil.yml'), 'utf8');
  await mkdir(join(dir, '.github'));
  const url = `http://127.0.0.1:${port}`;
  await writeFile(join(dir, '.github/vigil.yml'), settings.replaceAll('http://127.0.0.1:4600', url));
  const run = (args: readonly string[], more: Partial<Shell> = {}, browser: object = { chromiumPath }) => {
    const config = { colour: false, token: null, server: 'https://github.com', browser };
    return vigil(dir, ['verify', ...args], null, '', { config, ...more });
  };
  return {
    ...{ dir, port, site, asked, chromiumPath, run },
    /** Writes a plan, and looks by it. */
    async verify(text: string, args: readonly string[] = [], more: Partial<Shell> = {}) {
      await writeFile(join(dir, 'verify.yml'), text);
      return run(['verify.yml', '--service', 'shop', ...args], more);
    },
    async close() {
      site.closeAllConnections();
      site.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
