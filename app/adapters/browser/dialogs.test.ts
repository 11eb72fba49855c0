// Dialogs hold nothing up, and are answered as somebody said before, on every engine that is here.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedChromium } from '../../../sandbox/browser.ts';
import { realLightpanda } from '../../../test/support/real-lightpanda.ts';
import { openBrowsers, type Session } from './sessions.ts';

const PAGES: Record<string, string> = {
  '/': `<button id="ask" onclick="said.textContent = [confirm('Sure?'), prompt('Who?', 'nobody')]">Ask</button><p id="said"></p>
    <button id="tell" onclick="alert('Hi'); said.textContent = 'told'">Tell</button>`,
  '/stay': `<a id="go" href="/gone">Go</a><script>addEventListener('beforeunload', (event) => event.preventDefault())</script>`,
  '/gone': '<p id="gone">Gone</p>',
};
const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/html').end(PAGES[request.url ?? ''] ?? '');
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const real = realLightpanda('tests of dialogs');
describe.each([
  ['chromium', false],
  ['lightpanda', real === null],
] as const)('in %s', (engine, missing) => {
  const within = async (use: (session: Session) => Promise<void>) => {
    const browsers = openBrowsers(
      engine === 'chromium'
        ? { chromiumPath: await installedChromium() }
        : { lightpandaPath: real ?? '', chromiumPath: null },
    );
    try {
      const lease = await browsers.lease(engine);
      if (!lease.ok) throw new Error(lease.reason);
      await use(lease.session);
    } finally {
      await browsers.close();
    }
  };
  const said = async ({ page }: Session) => page.evaluate(`said.textContent`);

  test.skipIf(missing)('they are dismissed, and the next one as was asked for', () =>
    within(async (session) => {
      const { page } = session;
      await page.goto(url);
      await page.click('#tell');
      expect(await said(session)).toBe('told');
      await page.click('#ask');
      expect(await said(session)).toBe('false,');
      await session.answerDialogs?.('accept');
      await page.click('#ask');
      expect(await said(session)).toBe('true,'); // that was for one dialog
      await session.answerDialogs?.('dismiss');
      await page.click('#ask');
      expect(await said(session)).toBe('false,');
    }),
  );
  test.skipIf(missing)('a prompt gets its text', () =>
    within(async (session) => {
      await session.page.goto(url);
      await session.answerDialogs?.('accept', 'Joe');
      expect(await session.page.evaluate(`prompt('Who?')`)).toBe('Joe');
    }),
  );
  test.skipIf(missing)('who leaves a page leaves it', () =>
    within(async ({ page }) => {
      await page.goto(`${url}/stay`);
      await page.click('#go');
      await page.waitForSelector('#gone');
      expect(await page.evaluate('gone.textContent')).toBe('Gone');
    }),
  );
});
