// What a page said is kept of two looks: the first that failed and the last that passed. It is what a person could read there.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { singles } from '#core/verification/checks';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { type BrowserOptions, openBrowsers } from '../sessions.ts';
import { samplePlan } from './sampler.ts';
import { look } from './sight.ts';

const PAGE = `<!doctype html><html><head><title>Shop</title><style>.no{display:none}.fog{opacity:0}.over{position:fixed;inset:0;background:#fff}</style></head>
<body><h1>Blue   shirt</h1><p>It is <b>warm</b> and&nbsp;soft.</p><p class="no">old offer</p><p class="fog">ghost</p>
<script>const secret = 'in a script';</script><div style="height:4000px"></div>
<form><label>Card <input id="card" value="4111 1111"></label><textarea>dear shop</textarea><input type="password" value="hunter2"><input type="submit" value="Buy"></form>
<ul><li>one</li><li>two<br>three</li></ul><div class="over">Loading</div>
<script>addEventListener('scroll', () => { document.body.append('scrolled'); });</script></body></html>`;
const WORDS = 'Blue shirt\nIt is warm and soft.\nCard Buy\none\ntwo\nthree\nLoading';
let visits = 0;
let worksAfter = 0;
const site = new Hono()
  .get('/shirt', (c) => c.html(PAGE))
  .get('/long', (c) => c.html(`<p>${'a word and '.repeat(5_000)}</p>`))
  .get('/one-word', (c) => c.html(`<p>start ${'x'.repeat(50_000)}</p>`))
  .get('/empty', (c) => c.html(''))
  .get('/hangs', (c) =>
    c.html('<p>Shop</p><script>onload = () => setTimeout(() => { for (;;); }, 100);</script>'),
  )
  .get('/', (c) => {
    visits += 1;
    return visits > worksAfter
      ? c.html(`<p>Shop</p><i>visit ${visits}</i>`)
      : c.html(`<p>Sorry ${visits}</p>`, 503);
  });
const server = createAdaptorServer(site);
let url = '';
let chromium: BrowserOptions;
const real = realLightpanda('the words of pages');
const lightpanda: BrowserOptions = {
  ...{ lightpandaPath: real ?? '/nonexistent', chromiumPath: null, acceptsLightpanda: true },
};
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  chromium = { chromiumPath: await installedChromium() };
});
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

function planOf(check: object) {
  const rules = { red: { need: 1, of: 3, over_s: 0.1 }, green: { need: 3, of: 3, over_s: 0.1 } };
  const symptom = { checks: ['shop'], ...rules };
  const parsed = parseVerifyPlan({ v: 1, checks: [{ id: 'shop', ...check }], symptom });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}

async function wordsAt(path: string, options: BrowserOptions, more = {}, asked = true) {
  const [check] = singles(planOf({ kind: 'page', url: `{SHOP}${path}`, timeout_s: 5, ...more }).checks);
  if (!check) throw new Error('no check');
  const browsers = openBrowsers(options);
  const { signal } = new AbortController();
  const { acceptsLightpanda } = options;
  const eyes = { browsers, origins: new Set([url]), datadog: null, signal, now: Date.now, acceptsLightpanda };
  try {
    return await look(check, asked ? { ...eyes, reads: () => true } : eyes);
  } finally {
    await browsers.close();
  }
}

test('what a person could read is told, a line for each block, and nothing that was typed', async () => {
  expect((await wordsAt('/shirt', chromium)).words).toBe(WORDS);
  expect((await wordsAt('/shirt', chromium, {}, false)).words).toBe(undefined);
});

test.skipIf(real === null)('Lightpanda tells the same words, though it knows other blocks', async () => {
  const { words = '' } = await wordsAt('/shirt', lightpanda);
  expect(words.split('\n').join(' ')).toBe(WORDS.split('\n').join(' '));
});

test('a page without end is told up to a bound, and no word is cut in two', async () => {
  const long = (await wordsAt('/long', chromium)).words ?? '';
  expect([long.length > 7_900 && long.length <= 8_000, / (a|word|and)$/.test(long)]).toEqual([true, true]);
  expect((await wordsAt('/one-word', chromium)).words).toBe('start');
  expect((await wordsAt('/empty', chromium)).words).toBe(undefined);
});

test('a page that hangs is a look without words', async () => {
  const hangs = await wordsAt('/hangs', chromium, { expect: { text: ['Thank you'] }, timeout_s: 1 });
  expect([hangs.outcome, hangs.words]).toEqual(['fail', undefined]);
});

test('of a shop that breaks, the first page is kept; of one that is well, the last', async () => {
  const plan = planOf({ kind: 'page', url: '{SHOP}/' });
  const kept = async (which: 'red' | 'green', after: number, keepsWords = true) => {
    [visits, worksAfter] = [0, after];
    const { verdict, pages } = await samplePlan({ plan, which, browser: chromium, keepsWords });
    return [verdict, pages?.map(({ check, outcome, text }) => `${check} ${outcome}: ${text}`)];
  };
  expect(await kept('red', 9)).toEqual(['red', ['shop fail: Sorry 1']]);
  expect(await kept('red', 0)).toEqual(['absent', undefined]);
  expect(await kept('green', 0)).toEqual(['confirmed', ['shop pass: Shop\nvisit 3']]);
  expect(await kept('green', 9)).toEqual(['refuted', ['shop fail: Sorry 1']]);
  expect(await kept('green', 0, false)).toEqual(['confirmed', undefined]);
});

test('of two checks, the page that is kept is of the one that was red before', async () => {
  const pages = ['home', 'shirt'].map((id) => ({
    id,
    kind: 'page',
    url: `{SHOP}/${id === 'home' ? '' : id}`,
  }));
  const rule = { need: 1, of: 1, over_s: 0.1 };
  const symptom = { checks: ['home'], red: rule, green: rule };
  const parsed = parseVerifyPlan({ v: 1, checks: pages, symptom });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  const { plan } = bound;
  [visits, worksAfter] = [0, 1];
  const red = await samplePlan({ plan, which: 'red', browser: chromium, keepsWords: true });
  const green = await samplePlan({
    ...{ plan, which: 'green', before: red.samples, browser: chromium, keepsWords: true },
  });
  expect([red, green].map(({ pages }) => pages?.map(({ check, text }) => [check, text]))).toEqual([
    [['home', 'Sorry 1']],
    [['home', 'Shop\nvisit 2']],
  ]);
});
