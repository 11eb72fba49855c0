// Walks over every page that links lead to, as a reader with a narrow telephone, and says what is wrong with each.
// It must press nothing: only links are followed.
import type { Page } from 'puppeteer-core';

export type Seen = { url: string; title: string; icon: string | null; text: string };
export type Crawled = { seen: Seen[]; faults: string[] };

/** Pages of one kind (the same address but for its numbers and ids) are alike, so a few of each are enough. */
const OF_A_KIND = 3;
const kindOf = (url: string): string => {
  const { host, pathname } = new URL(url);
  return host + pathname.replace(/(?<=\/)(?=[^/]*\d)[^/]+|(?<=\/blob\/).+/g, '*');
};

/** Follows links on this machine from where it begins. `fine` are statuses besides 200 that an address may answer. */
export async function crawl(
  page: Page,
  from: string,
  fine: (status: number, url: string) => boolean = () => false,
): Promise<Crawled> {
  const crawled: Crawled = { seen: [], faults: [] };
  const waiting = [from];
  const known = new Set<string>();
  const kinds = new Map<string, number>();
  await page.setViewport({ width: 390, height: 800 });
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const url = next.split('#')[0] ?? next;
    const kind = kindOf(url);
    const before = kinds.get(kind) ?? 0;
    if (known.has(url) || before >= OF_A_KIND) continue;
    known.add(url);
    kinds.set(kind, before + 1);
    const answer = await page.goto(url, { waitUntil: 'load', timeout: 15_000 });
    const status = answer?.status() ?? 0;
    const { links, faults, ...seen } = await look(page);
    if (status !== 200 && !fine(status, url)) faults.unshift(`answers ${status}`);
    crawled.faults.push(...faults.map((fault) => `${url}: ${fault}`));
    crawled.seen.push({ url, ...seen });
    if (status === 200) waiting.push(...links.filter((link) => /^http:\/\/127\.0\.0\.1[:/]/.test(link)));
  }
  return crawled;
}

const SHOW_TEXT = 4; // NodeFilter.SHOW_TEXT, which only the browser knows

/** What a reader sees; runs in the page. */
function look(page: Page): Promise<Omit<Seen, 'url'> & { links: string[]; faults: string[] }> {
  return page.$eval(
    'html',
    (html, textNodes) => {
      const document = html.ownerDocument;
      for (const one of html.querySelectorAll('details')) one.open = true;
      const faults: string[] = [];
      const tooWide = html.scrollWidth - html.clientWidth;
      if (tooWide > 0) faults.push(`is ${tooWide} px wider than a narrow screen`);
      for (const table of html.querySelectorAll('table'))
        if (table.scrollWidth > table.clientWidth) faults.push('has a table that is cut off');
      const text: string = document.body.innerText;
      const entity = /&(?:amp|lt|gt|quot|zwnj|nbsp|commat|dollar|#\d+);/.exec(text)?.[0];
      if (entity) faults.push(`shows ${entity} as text`);
      // A word stands on one line; a time does so as a whole.
      for (const element of html.querySelectorAll('th, time')) {
        const walk = document.createTreeWalker(element, textNodes);
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
          const content: string = node.textContent;
          for (const { 0: word, index } of content.matchAll(element.matches('time') ? /\S.*/g : /\S+/g)) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const tops = new Set(
              Array.from<{ top: number }>(range.getClientRects()).map(({ top }) => Math.round(top)),
            );
            if (tops.size > 1) faults.push(`breaks “${word}” over lines`);
          }
        }
      }
      return {
        faults,
        text,
        title: document.title,
        icon: html.querySelector('link[rel=icon]')?.href ?? null,
        links: Array.from<{ href: string }>(html.querySelectorAll('a')).map(({ href }) => href),
      };
    },
    SHOW_TEXT,
  );
}
