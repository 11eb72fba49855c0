// Leasing browser sessions: apart from each other, and gone without a trace afterwards.
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedChromium } from '../../sandbox/browser.ts';
import { openBrowsers, type Session } from './browser.ts';

const server = createServer((_, response) =>
  response.setHeader('content-type', 'text/html').end('<p>Hi</p>'),
);
let url = '';
let chromiumPath = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  chromiumPath = await installedChromium();
});
afterAll(() => void server.close());

function got<T extends { ok: boolean }>(lease: T): Session {
  if ('session' in lease) return lease.session as Session;
  throw new Error(JSON.stringify(lease));
}

describe('sessions', () => {
  test('share neither cookies nor storage, though they share one browser', async () => {
    const browsers = openBrowsers({ chromiumPath });
    try {
      const [one, two] = [got(await browsers.lease()), got(await browsers.lease())];
      await one.page.goto(url);
      await one.page.evaluate(`document.cookie = 'cart=7'; localStorage.setItem('cart', '7')`);
      await two.page.goto(url);
      expect(await two.page.evaluate(`document.cookie + localStorage.length`)).toBe('0');
      await one.release();
      const three = got(await browsers.lease());
      await three.page.goto(url);
      expect(await three.page.evaluate(`document.cookie + localStorage.length`)).toBe('0');
      expect(new Set([one, two, three].map(({ page }) => page.browser().process()?.pid)).size).toBe(1);
      expect(one.lost.aborted).toBe(false);
    } finally {
      await browsers.close();
    }
  });
});
