// Leasing browser sessions: apart from each other, and gone without a trace afterwards.
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JourneyCheck } from '#core/verification/checks';
import { installedChromium } from '../../../sandbox/browser.ts';
import { lookAtJourney } from './checks/journey.ts';
import { openBrowsers, type Session } from './sessions.ts';

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

describe('a browser that is killed', () => {
  const steps = (text: string) =>
    ({ id: 'it', kind: 'journey', start: url, steps: [{ expect: { text } }], timeout_s: 20 }) as JourneyCheck;
  const never = new AbortController().signal;

  test('on the way shows nothing, and the next look gets a new one, but not a third', async () => {
    const browsers = openBrowsers({ chromiumPath });
    try {
      for (let life = 1; life <= 2; life += 1) {
        const session = got(await browsers.lease());
        const running = lookAtJourney(steps('never'), session, never);
        await session.page.waitForSelector('p');
        process.kill(session.page.browser().process()?.pid ?? 0, 'SIGKILL');
        expect(await running).toEqual({
          outcome: 'inconclusive',
          reason: 'the browser was lost',
          lost: true,
        });
        await session.release();
        if (life > 1) continue;
        const next = got(await browsers.lease());
        expect(await lookAtJourney(steps('Hi'), next, never)).toMatchObject({ outcome: 'pass' });
        await next.release();
      }
      expect(await browsers.lease()).toEqual({ ok: false, reason: 'the browser was lost twice' });
    } finally {
      await browsers.close();
    }
  });
});
