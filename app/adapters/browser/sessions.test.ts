// Leasing browser sessions: apart from each other, and gone without a trace afterwards.
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { JourneyCheck } from '#core/verification/checks';
import { installedChromium } from '../../../sandbox/browser.ts';
import { lookAtJourney } from './checks/journey.ts';
import { lookAtPage } from './checks/page.ts';
import { openBrowsers, type Session } from './sessions.ts';

/** `/slow` never answers. */
const server = createServer((request, response) => {
  heard.emit(request.url ?? '');
  if (request.url !== '/slow') response.setHeader('content-type', 'text/html').end('<p>Hi</p>');
});
const heard = new EventEmitter();
const asked = (path: string) => once(heard, path);
let url = '';
let chromiumPath = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  chromiumPath = await installedChromium();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function got<T extends { ok: boolean }>(lease: T): Session {
  if ('session' in lease) return lease.session as Session;
  throw new Error(JSON.stringify(lease));
}

describe('sessions', () => {
  test('share neither cookies nor storage, though they share one browser', async () => {
    const browsers = openBrowsers({ chromiumPath });
    try {
      const [one, two] = [got(await browsers.lease('chromium')), got(await browsers.lease('chromium'))];
      await one.page.goto(url);
      await one.page.evaluate(`document.cookie = 'cart=7'; localStorage.setItem('cart', '7')`);
      await two.page.goto(url);
      expect(await two.page.evaluate(`document.cookie + localStorage.length`)).toBe('0');
      await one.release();
      const three = got(await browsers.lease('chromium'));
      await three.page.goto(url);
      expect(await three.page.evaluate(`document.cookie + localStorage.length`)).toBe('0');
      expect(new Set(await Promise.all([one, two, three].map(leader))).size).toBe(1);
      expect(one.lost.aborted).toBe(false);
    } finally {
      await browsers.close();
    }
  });
});

const never = new AbortController().signal;
const lost = { outcome: 'inconclusive', reason: 'the browser was lost', lost: true };
const steps = (...all: JourneyCheck['steps']) =>
  ({ id: 'it', kind: 'journey', start: url, steps: all, timeout_s: 20 }) as JourneyCheck;
/** What was started: it leads the group of the program. */
async function leader(session: Session): Promise<number> {
  const asked = await session.page.browser().target().createCDPSession();
  const { processInfo } = await asked.send('SystemInfo.getProcessInfo');
  await asked.detach();
  const program = processInfo.find(({ type }) => type === 'browser')?.id;
  return groupOf(await readFile(`/proc/${program}/stat`, 'utf8'));
}
const groupOf = (stat: string): number => Number(stat.slice(stat.lastIndexOf(')')).split(' ')[3]);

/** Processes of the group that was started, by what Chromium calls them. */
async function group(first: number): Promise<{ pid: number; kind: string }[]> {
  const found: { pid: number; kind: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (name: string) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const [stat, command] = [await read('stat'), await read('cmdline')];
    if (groupOf(stat) !== first) continue;
    const [, kind] = /--utility-sub-type=([\w.]+)/.exec(command) ?? /--type=([\w-]+)/.exec(command) ?? [];
    const other = command.startsWith('/bin/sh') ? 'script' : 'browser';
    found.push({ pid: Number(pid), kind: kind ?? other });
  }
  return found;
}

/** A script around the browser that is not replaced by it, as Debian's are. */
async function wrapper(afterwards = ''): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'vigil-wrapper-')), 'chromium');
  wrappers.push(dirname(path));
  await writeFile(path, `#!/bin/sh -e\n\n'${chromiumPath}' "$@" ${afterwards}\n`, { mode: 0o700 });
  return path;
}
const wrappers: string[] = [];
afterAll(() => Promise.all(wrappers.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('a browser that is killed', () => {
  test.each([
    ['the program', async () => chromiumPath],
    ['a script that waits for the program', wrapper],
  ])('on the way shows nothing, and the next look gets a new one, but not a third (%s)', async (_, path) => {
    const browsers = openBrowsers({ chromiumPath: await path() });
    try {
      for (let life = 1; life <= 2; life += 1) {
        const session = got(await browsers.lease('chromium'));
        const running = lookAtJourney(steps({ expect: { text: 'never' } }), session, never);
        await session.page.waitForSelector('p');
        const first = await leader(session);
        const all = await group(first);
        process.kill(first, 'SIGKILL');
        expect(await running).toEqual(lost);
        await vi.waitFor(() => expect(all.filter(({ pid }) => existsSync(`/proc/${pid}/exe`))).toEqual([]));
        await session.release();
        if (life > 1) continue;
        const next = got(await browsers.lease('chromium'));
        expect(await lookAtJourney(steps({ expect: { text: 'Hi' } }), next, never)).toMatchObject({
          outcome: 'pass',
        });
        await next.release();
      }
      expect(await browsers.lease('chromium')).toEqual({ ok: false, reason: 'the browser was lost twice' });
    } finally {
      await browsers.close();
    }
  });

  const page = { id: 'it', kind: 'page', timeout_s: 4 } as const;
  const slowPage = { ...page, url: '', expect: { status: 200, text: [], selector: [], no_errors: false } };
  test.each([
    ['the program behind a script', 'browser', () => wrapper()],
    ['the program behind a script that goes on', 'browser', () => wrapper('|| true; sleep 60')],
    ['the process of the page', 'renderer', async () => chromiumPath],
    ['the process that fetches', 'network.mojom.NetworkService', async () => chromiumPath],
  ])('in part is no fault of the site, and the next look sees again: %s', async (_, kind, path) => {
    const browsers = openBrowsers({ chromiumPath: await path() });
    try {
      const session = got(await browsers.lease('chromium'));
      await session.page.evaluate('1'); // the page has a process by now, and that bears its name
      const first = await leader(session);
      const begun = asked('/slow');
      const running = lookAtPage({ ...slowPage, url: `${url}slow` }, session, never);
      await begun;
      const victims = (await group(first)).filter((one) => one.kind === kind);
      expect(victims).not.toEqual([]);
      for (const { pid } of victims) process.kill(pid, 'SIGKILL');
      expect(await running).toEqual(lost);
      await session.release();
      const next = got(await browsers.lease('chromium'));
      expect(await lookAtPage({ ...slowPage, url }, next, never)).toMatchObject({ outcome: 'pass' });
    } finally {
      await browsers.close();
    }
  });

  test('while it stands still is lost as well', async () => {
    const browsers = openBrowsers({ chromiumPath });
    try {
      const session = got(await browsers.lease('chromium'));
      const first = await leader(session);
      const begun = asked('/slow');
      const running = lookAtPage({ ...slowPage, url: `${url}slow` }, session, never);
      await begun;
      process.kill(-first, 'SIGSTOP');
      expect(await running).toEqual(lost);
      await session.release();
      const next = got(await browsers.lease('chromium'));
      expect(await lookAtPage({ ...slowPage, url }, next, never)).toMatchObject({ outcome: 'pass' });
    } finally {
      await browsers.close();
    }
  });
});
