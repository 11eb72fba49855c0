// The journey of the benchmark of swarms, once in Vigil's words and once as puppeteer's own guide would write it. It must never ask
// less of one than of the other: both wait for the fetched stock, click by mouse, type, and read the thanks.
import type { Page } from 'puppeteer-core';
import { swarmCheck } from '#core/verification/swarm-check';
import { orderOf as asOrder, type SwarmOrder } from '#core/verification/swarm-order';

type Walks = { readonly sessions: number; readonly at_once: number; readonly client: 'full' | 'lean' };

export const orderOf = (url: string, walks: Walks): SwarmOrder =>
  asOrder(
    swarmCheck.parse({
      ...{ id: 'rush', kind: 'swarm', start: `${url}/`, timeout_s: 30, engine: 'lightpanda' },
      steps: [
        { click: '#buy:enabled' },
        { fill: { selector: '#name', value: 'Ada' } },
        { click: '#pay' },
        { expect: { text: 'Thank you, Ada' } },
      ],
      ...walks,
    }),
  );

export async function walkByPuppeteer(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/`, { waitUntil: 'load' });
  await page.waitForSelector('#buy:enabled');
  await Promise.all([page.waitForNavigation(), page.click('#buy')]);
  await page.type('#name', 'Ada');
  await Promise.all([page.waitForNavigation(), page.click('#pay')]);
  const text = await page.evaluate('document.body.innerText');
  if (!String(text).includes('Thank you, Ada')) throw new Error('no thanks');
}
