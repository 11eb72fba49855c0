// Whose fault is it that nothing more is seen: the browser's, or the page's? On every engine that is here.
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectLightpanda, startLightpanda } from '#adapters/browser/lightpanda';
import { followLightpanda } from '#adapters/browser/lightpanda-life';
import { type Browsers, openBrowsers, type Session } from '#adapters/browser/sessions';
import { installedChromium } from '../../sandbox/browser.ts';
import { realLightpanda } from '../support/real-lightpanda.ts';

const ask = (path: string) =>
  `<script>const x = new XMLHttpRequest(); x.open('GET', '${path}', false); x.send();`;
/** Those that hang say so first, by what they ask for. */
const PAGES: Record<string, string> = {
  '/': '<p>Hi</p>',
  '/begun': 'yes',
  '/loop': `${ask('/begun')} for (;;);</script>`,
  '/waits': `${ask('/never')}</script>`,
  '/head': '<head><script src="/never"></script></head><p>Hi</p>',
  '/eats': `${ask('/begun')} const all = []; for (;;) all.push(new Array(100000).fill(0).map((_, i) => ({ i })));</script>`,
};
const heard = new EventEmitter();
const server = createServer((request, response) => {
  const page = PAGES[request.url ?? ''];
  if (page !== undefined) response.setHeader('content-type', 'text/html').end(page);
  heard.emit(`${request.headers['x-who']} ${request.url}`);
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
/** Opens a page that hangs, and asks as soon as it does. */
async function hung(session: Session, path: string, then = async () => {}) {
  const who = randomUUID();
  await session.page.setExtraHTTPHeaders({ 'x-who': who });
  const hangs = once(heard, `${who} ${path === '/loop' || path === '/eats' ? '/begun' : '/never'}`);
  session.page.goto(`${url}${path}`, { timeout: 60_000 }).catch(() => {});
  await hangs;
  await then();
  return session.whyLost();
}
async function well(session: Session) {
  await session.page.goto(url);
  return session.whyLost();
}

describe('a Chromium', () => {
  // They mostly wait, so they wait together.
  test.concurrent.each(['/loop', '/waits', '/eats'])('whose page hangs lives: %s', async (path) => {
    const browsers = openBrowsers({ chromiumPath: await installedChromium() });
    try {
      const session = await leased(browsers, 'chromium');
      const other = await leased(browsers, 'chromium');
      expect(await hung(session, path)).toBe('page');
      expect(await well(other)).toBe(null);
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
      await vi.waitFor(async () => expect(await states(victims.map(({ id }) => id))).not.toMatch(/[RSD]/));
      if (part === 'renderer' && signal === 'SIGKILL' && !session.lost.aborted)
        await once(session.lost, 'abort');
      expect(await session.whyLost()).toBe('browser');
    } finally {
      await browsers.close();
    }
  });
});

const real = realLightpanda('tests of what ends it');
describe.skipIf(real === null)('a Lightpanda', () => {
  const opened = () => openBrowsers({ lightpandaPath: real ?? '', chromiumPath: null });
  test.concurrent.each([
    ['loops', '/loop', false],
    ['loops until its connection is closed', '/loop', true],
    ['waits for a script in its head', '/head', false],
    ['eats all its memory', '/eats', true],
  ])('whose page %s lives', async (_, path, closed) => {
    const browsers = opened();
    try {
      const [session, other] = [await leased(browsers, 'lightpanda'), await leased(browsers, 'lightpanda')];
      const end = closed ? () => once(session.lost, 'abort').then(() => {}) : undefined;
      expect(await hung(session, path, end)).toBe('page');
      expect(await well(other)).toBe(null);
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
      process.kill(pid, signal);
      if (signal === 'SIGKILL') await once(session.lost, 'abort');
      expect(await session.whyLost()).toBe('browser');
      await session.release();
      expect(await well(await leased(browsers, 'lightpanda'))).toBe(null);
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
    const gone = new Promise<void>((done) => connected.browser.once('disconnected', () => done()));
    await close();
    again.listen(Number(new URL(endpoint).port), '127.0.0.1');
    await gone;
    expect(await life.why()).toBe('browser');
    life.stop();
    again.closeAllConnections();
    again.close();
  });
});

/** What /proc calls each: S and its like go on, T was stopped, Z or nothing is dead. */
async function states(pids: readonly number[]): Promise<string> {
  const read = (pid: number) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return (await Promise.all(pids.map(read))).map((stat) => /.*\) (\S)/s.exec(stat)?.[1] ?? '').join('');
}

async function childrenOf(pid: number): Promise<number[]> {
  const all = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return all.trim().split(' ').map(Number);
}
