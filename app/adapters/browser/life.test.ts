// Whose fault is it that nothing more is seen: the browser's, or the page's? On every engine that is here.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installedChromium } from '../../../sandbox/browser.ts';
import { realLightpanda } from '../../../test/support/real-lightpanda.ts';
import { connectLightpanda, startLightpanda } from './lightpanda.ts';
import { followLightpanda } from './lightpanda-life.ts';
import { type Browsers, openBrowsers, type Session } from './sessions.ts';

const PAGES: Record<string, string> = {
  '/': '<p>Hi</p>',
  '/loop': '<script>for (;;);</script>',
  '/waits': `<script>const x = new XMLHttpRequest(); x.open('GET', '/never', false); x.send();</script>`,
  '/head': '<head><script src="/never"></script></head><p>Hi</p>',
  '/eats':
    '<script>const all = []; for (;;) all.push(new Array(100000).fill(0).map((_, i) => ({ i })));</script>',
};
const server = createServer((request, response) => {
  const page = PAGES[request.url ?? ''];
  if (page !== undefined) response.setHeader('content-type', 'text/html').end(page);
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

async function leased(browsers: Browsers, engine: 'chromium' | 'lightpanda'): Promise<Session> {
  const lease = await browsers.lease(engine);
  if (!lease.ok) throw new Error(lease.reason);
  return lease.session;
}
/** Opens a page for so long, and then asks. */
async function why(session: Session, path: string, timeout = 2_000, act = async () => {}) {
  const opened = session.page.goto(`${url}${path}`, { timeout, signal: session.lost }).catch(() => {});
  await act();
  await opened;
  return [await session.whyLost?.(), await session.alive()];
}

describe('a Chromium', () => {
  test.each(['/loop', '/waits'])('whose page hangs lives: %s', async (path) => {
    const browsers = openBrowsers({ chromiumPath: await installedChromium() });
    try {
      const session = await leased(browsers, 'chromium');
      const other = await leased(browsers, 'chromium');
      expect(await why(session, path)).toEqual(['page', true]);
      expect(await why(other, '/')).toEqual([null, true]);
    } finally {
      await browsers.close();
    }
  });
  test('whose page eats all its memory lives', async () => {
    const browsers = openBrowsers({ chromiumPath: await installedChromium() });
    try {
      const session = await leased(browsers, 'chromium');
      expect(await why(session, '/eats', 60_000)).toEqual(['page', true]);
      expect(await why(await leased(browsers, 'chromium'), '/')).toEqual([null, true]);
    } finally {
      await browsers.close();
    }
  });
  const parts = ['browser', 'renderer', 'GPU', 'network.mojom.NetworkService'];
  test.each(
    parts.flatMap((part) => (['SIGKILL', 'SIGSTOP'] as const).map((signal) => [part, signal] as const)),
  )('is to blame where its %s got a %s', async (part, signal) => {
    const browsers = openBrowsers({ chromiumPath: await installedChromium() });
    try {
      const session = await leased(browsers, 'chromium');
      await session.page.goto(url);
      const asked = await session.page.browser().target().createCDPSession();
      const { processInfo } = await asked.send('SystemInfo.getProcessInfo');
      // A full Chromium has renderers that no page has; it is the page's own that counts.
      const victims = processInfo.filter(({ type }) => type === part);
      const heard = signal === 'SIGKILL' && part === 'browser' ? once(session.lost, 'abort') : null;
      for (const { id } of victims) process.kill(id, signal);
      await heard;
      if (part === 'renderer' && signal === 'SIGKILL' && !session.lost.aborted)
        await once(session.lost, 'abort');
      expect([await session.whyLost?.(), await session.alive()]).toEqual(['browser', false]);
    } finally {
      await browsers.close();
    }
  });
});

const real = realLightpanda('tests of what ends it');
describe.skipIf(real === null)('a Lightpanda', () => {
  const opened = () => openBrowsers({ lightpandaPath: real ?? '', chromiumPath: null });
  test.each([
    ['loops', '/loop', 3_000],
    ['loops until its connection is closed', '/loop', 40_000],
    ['waits for a script in its head', '/head', 3_000],
    ['eats all its memory', '/eats', 40_000],
  ])('whose page %s lives', async (_, path, timeout) => {
    const browsers = opened();
    try {
      const [session, other] = [await leased(browsers, 'lightpanda'), await leased(browsers, 'lightpanda')];
      expect(await why(session, path, timeout)).toEqual(['page', true]);
      expect(await why(other, '/')).toEqual([null, true]);
      await session.release();
    } finally {
      await browsers.close();
    }
  });
  test.each(['SIGKILL', 'SIGSTOP'] as const)('that got a %s is to blame, and replaced', async (signal) => {
    const started = await childrenOf(process.pid);
    const browsers = opened();
    try {
      const session = await leased(browsers, 'lightpanda');
      const [pid = 0] = (await childrenOf(process.pid)).filter((one) => !started.includes(one));
      expect(await why(session, '/never', 2_000, async () => void process.kill(pid, signal))).toEqual([
        'browser',
        false,
      ]);
      await session.release();
      expect(await why(await leased(browsers, 'lightpanda'), '/')).toEqual([null, true]);
    } finally {
      await browsers.close();
    }
  });
  test('far away that was killed and is back at once is to blame, and not the page', async () => {
    const one = await startLightpanda(real ?? '');
    if (!one.ok) throw new Error(one.reason);
    const { endpoint, close } = one.lightpanda;
    const connected = await connectLightpanda(endpoint);
    if (!connected.ok) throw new Error(connected.reason);
    // Nobody tells that it is dead, and another answers in its place.
    const again = createServer((_, response) => response.end('{"Browser": "Lightpanda/1.0"}'));
    const life = followLightpanda(connected.browser, endpoint);
    const gone = once(connected.browser as unknown as EventTarget, 'disconnected').catch(() => {});
    await close();
    again.listen(Number(new URL(endpoint).port), '127.0.0.1');
    await Promise.race([gone, once(again, 'listening')]);
    expect(await life.why()).toBe('browser');
    life.stop();
    again.closeAllConnections();
    again.close();
  });
});

async function childrenOf(pid: number): Promise<number[]> {
  const all = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return all.trim().split(' ').map(Number);
}
