// Somebody with a browser and nothing else: breaks the shop on the drive page, follows the links, approves what Vigil
// proposes, sees it healed, and starts over. On the way every page is read on a narrow screen.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chromium, launchChromium } from '#adapters/browser/chromium';
import { installedChromium } from '../../sandbox/browser.ts';
import type { Where } from '../../sandbox/where.ts';
import { crawl } from '../support/crawl.ts';
import { root } from '../support/files.ts';
import { eventually } from '../support/outside.ts';

let sandbox: ChildProcess;
let lines: Interface;
let where: Where;
let chromium: Chromium;
let page: Page;

const nextWorld = async (): Promise<Where> => {
  const [line] = (await once(lines, 'line', { signal: AbortSignal.timeout(120_000) })) as [string];
  return JSON.parse(line) as Where;
};

beforeAll(async () => {
  const program = join(root, 'sandbox/cli.ts');
  sandbox = spawn(process.execPath, [program, 'sandbox', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  lines = createInterface({ input: sandbox.stdout ?? process.stdin });
  where = await nextWorld();
  const launched = await launchChromium(await installedChromium());
  if (!launched.ok) throw new Error(launched.reason);
  chromium = launched.chromium;
  page = await chromium.browser.newPage();
  page.setDefaultTimeout(10_000);
});
afterAll(async () => {
  await chromium?.close();
  sandbox?.kill('SIGTERM');
  if (sandbox) expect((await once(sandbox, 'exit'))[0]).toBe(0);
});

/** As people read it, whatever the space between words. */
const text = async () => (await page.$eval('main', (main) => main.innerText)).replace(/\s+/g, ' ');
const click = async (selector: string) => {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
  return text();
};
/** Waits for words of the page without loading it again. */
const shows = (what: string, words: RegExp, deadlineMs?: number) =>
  eventually(what, async () => words.exec(await text())?.[0], deadlineMs);

test('a fresh world says on every page that there is nothing yet, and its tabs can be told apart', async () => {
  const { seen, faults } = await crawl(page, where.drive);
  expect(faults).toEqual([]);
  const shown = (url: string) => seen.find((one) => new URL(one.url).href === new URL(url).href)?.text;
  expect(shown(where.drive)).toContain('Nothing yet: the shop sells, and nobody was paged.');
  expect(shown(where.pagerduty.web)).toContain('Nobody was paged yet.');
  expect(shown(where.slack)).toContain('Nothing was said yet.');
  expect(shown(where.coder)).toContain('No workspace was made yet');
  expect(shown(where.datadog)).toContain('Nobody has tried to buy yet.');
  expect(shown(`${where.github.web}/issues`)).toContain('None.');
  const icons = new Map(seen.map(({ url, icon }) => [new URL(url).origin, icon]));
  expect(icons.size).toBe(7);
  expect(new Set(icons.values()).size).toBe(7);
});

test('only the page’s own buttons break anything', async () => {
  const headers = { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
  const forged = await fetch(`${where.drive}/break/flag`, { method: 'POST', headers, body: 'a=b' });
  expect(forged.status).toBe(403);
  expect(await forged.text()).toContain('presses of its own buttons only');
  const own = { origin: where.drive, 'content-type': headers['content-type'] };
  const unknown = await fetch(`${where.drive}/break/everything`, { method: 'POST', headers: own, body: '' });
  expect(unknown.status).toBe(404);
  expect(await (await fetch(`${where.shop.admin}/state`)).json()).toMatchObject({
    flags: { 'new-pricing': false },
  });
});

test('a press breaks and rings; links lead to the pull request and to a review; the healed page is resolved', async () => {
  await page.goto(where.drive);
  expect(await click('form[action="/break/workers"] button')).toMatch(
    /Order workers are exhausted.*order workers: 2 of 2 stuck/,
  );
  await shows('a pull request', /issue synthesizing pull request open The pull request is open/);
  await click('a[href*="/issues/"]');
  await eventually('the issue to name the proposal', async () => {
    await page.reload();
    return (await text()).includes('Read and approve');
  });
  // As GitHub's page shows the link, with an address of several parameters.
  expect(await click('a[href*="/confirm/"]')).toContain('Order workers are exhausted');
  await click('a.button');
  await click('button[value=sam]');
  expect(await click('button[value=approve]')).toContain('Approved by @sam');

  await page.goto(where.drive);
  await shows('the end', /PagerDuty resolved issue resolved pull request merged/);
  expect(await text()).toContain('order workers: fine');
  const { seen, faults } = await crawl(
    page,
    where.drive,
    (status, url) => status === 409 && /\/confirm\//.test(url),
  );
  expect(faults).toEqual([]);
  const paged = seen.find(({ url }) => url.startsWith(`${where.pagerduty.web}/incidents/`));
  expect(paged?.text).toMatch(
    /resolved on shop[\s\S]*alert “Order workers are exhausted”: resolved[\s\S]*note of/,
  );
}, 600_000);

test('mending by hand puts the shop right and takes the alert back', async () => {
  await page.goto(where.drive);
  expect(await click('form[action="/break/flag"] button')).toContain('flag new-pricing: on');
  const mended = await click('form[action="/mend"] button');
  expect(mended).toContain('flag new-pricing: off');
  expect(mended).toMatch(/Checkout fails after a flag change PagerDuty resolved/);
});

test('starting over: the page stays, the world is another one, and nothing of the old is left', async () => {
  const next = nextWorld();
  await page.goto(where.drive);
  expect(await click('form[action="/start-over"] button')).toContain('A fresh world is starting.');
  const fresh = await next;
  await shows('the fresh world', /Nothing yet: the shop sells/);
  expect(fresh.drive).toBe(where.drive);
  expect(fresh.github.web).not.toBe(where.github.web);
  expect(fresh.github.people).not.toEqual(where.github.people);
  await expect(fetch(`${where.app}/health`)).rejects.toThrow();
  expect((await fetch(`${fresh.app}/health`)).status).toBe(200);
});
