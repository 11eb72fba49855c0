// Swarms on real browsers against a small shop: what is walked, what is shared, when it ends, and what the witnesses change.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { swarmCheck } from '#core/verification/swarm-check';
import { orderOf } from '#core/verification/swarm-order';
import { judgeSwarm } from '#core/verification/swarm-verdict';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { connectLightpanda, startLightpanda } from '../lightpanda.ts';
import { runSwarm } from './swarm.ts';

const lightpandaPath = realLightpanda('swarms');
let [orders, logins, under, most, shop] = [0, 0, 0, 0, ''];
let mode: 'well' | 'broken' | 'covered' = 'well';
const cookies: string[] = [];
const page = (body: string) =>
  `<!doctype html><html><head><link rel="icon" href="data:,"></head><body>${body}</body></html>`;
const server = createServer((request, response) => {
  under += 1;
  most = Math.max(most, under);
  const path = request.url ?? '/';
  const answer = (status: number, text: string, headers = {}) => {
    under -= 1;
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(text);
  };
  if (path === '/login') {
    logins += 1;
    return answer(200, page('Welcome'), { 'set-cookie': `who=ada${logins}; Path=/; HttpOnly` });
  }
  if (path === '/orders') {
    orders += 1;
    cookies.push(request.headers.cookie ?? '');
    return mode === 'broken' ? answer(500, page('Sorry')) : answer(200, page('Thank you, Ada'));
  }
  const over = mode === 'covered' ? '<div style="position:fixed;inset:0;background:#fff">Loading</div>' : '';
  return answer(
    200,
    page(
      `<form action="/orders" method="post"><input id="name" name="name"><button>Buy</button></form>${over}`,
    ),
  );
});
let chromiumPath = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  chromiumPath = await installedChromium();
});
beforeEach(() => {
  [orders, logins, under, most, mode] = [0, 0, 0, 0, 'well'];
  cookies.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const order = (more: object = {}) =>
  orderOf(
    swarmCheck.parse({
      ...{ id: 'rush', kind: 'swarm', start: `${shop}/`, sessions: 6, at_once: 2 },
      steps: [
        { fill: { selector: '#name', value: 'Ada' } },
        { click: 'button' },
        { expect: { text: 'Thank you' } },
      ],
      ...more,
    }),
  );
const login = () => ({ start: `${shop}/login`, steps: [{ expect: { text: 'Welcome' } }] });
const expectation = { failing: '<= 1 %' };

describe('a swarm on Chromium', () => {
  test('walks as many journeys as asked, each in a context of its own', async () => {
    const result = await runSwarm(order({ engine: 'chromium' }), { browser: { chromiumPath } });
    expect(result).toMatchObject({
      proof: true,
      begun: 6,
      passed: 6,
      failed: 0,
      ended: 'done',
      witnesses: [],
    });
    expect(result.at_once).toMatchObject({ asked: 2, most: 2 });
    // Of browser and client together, which runs on this machine.
    expect(result.a_cpu_second).toBeGreaterThan(0);
    expect([orders, cookies.join('')]).toEqual([6, '']);
    expect(judgeSwarm(result, expectation)).toEqual({
      outcome: 'pass',
      reason: null,
      counts: { failing: 0, of: 6 },
    });
  });
  test('logs in once and hands the cookie to all', async () => {
    const shared = order({ engine: 'chromium', storage: 'shared', login: login() });
    const result = await runSwarm(shared, { browser: { chromiumPath } });
    expect([result.passed, logins, cookies]).toEqual([6, 1, Array(6).fill('who=ada1')]);
    expect(JSON.stringify(result)).not.toContain('ada1');
  });
  test('ends early when the shop fails, and says why in one class', async () => {
    mode = 'broken';
    const failing = order({
      engine: 'chromium',
      sessions: 60,
      stop_when_failing: { share: '> 20 %', of: 5 },
    });
    const result = await runSwarm(failing, { browser: { chromiumPath } });
    expect([result.ended, result.errors.length, orders < 10]).toEqual(['failing', 1, true]);
    expect(result.errors[0]?.kind).toContain('ADDRESS answered 500');
    expect(judgeSwarm(result, expectation).outcome).toBe('fail');
  });
  test('without a login that works asks nothing of the shop', async () => {
    const bad = { ...login(), steps: [{ expect: { text: 'Nobody' } }], timeout_s: 1 };
    const result = await runSwarm(order({ engine: 'chromium', storage: 'shared', login: bad }), {
      browser: { chromiumPath },
    });
    expect([result.ended, result.begun, orders]).toEqual(['no login', 0, 0]);
    expect(judgeSwarm(result, expectation)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('stops when it is told to', async () => {
    const stop = new AbortController();
    const result = await runSwarm(order({ engine: 'chromium', sessions: 50 }), {
      ...{ browser: { chromiumPath }, signal: stop.signal },
      onProgress: ({ passed }) => passed === 2 && stop.abort(),
    });
    expect([result.ended, result.begun < 10]).toEqual(['stopped', true]);
    expect(judgeSwarm(result, expectation).outcome).toBe('inconclusive');
  });
});

describe.runIf(lightpandaPath !== null)('a swarm on Lightpanda', () => {
  const browser = (more: object = {}) => ({ lightpandaPath: lightpandaPath ?? '', chromiumPath, ...more });
  test('has its first and its last session seen by Chromium too', async () => {
    const result = await runSwarm(order({ sessions: 12, at_once: 6 }), { browser: browser() });
    const pass = { outcome: 'pass', reason: null };
    expect([result.passed, orders, result.witnesses]).toEqual([
      ...[12, 14],
      [1, 12].map((session) => ({ session, lightpanda: pass, chromium: pass })),
    ]);
    expect(judgeSwarm(result, expectation).outcome).toBe('pass');
  });
  test('fails where users see a shop that is covered, and says both', async () => {
    mode = 'covered';
    const covered = order();
    const short = { ...covered, journey: { ...covered.journey, timeout_s: 3 } };
    const said = judgeSwarm(await runSwarm(short, { browser: browser() }), expectation);
    expect(said.outcome).not.toBe('pass');
    expect(said.reason).toMatch(/Chromium|failed/);
  });
  test('proves nothing where Chromium is not', async () => {
    const result = await runSwarm(order(), { browser: browser({ chromiumPath: null }) });
    expect(judgeSwarm(result, expectation)).toMatchObject({
      outcome: 'inconclusive',
      reason: 'seen by Lightpanda alone',
    });
    expect(judgeSwarm(result, expectation, true).outcome).toBe('pass');
  });
  test('makes load by the lean client, with the cookie of one login, and proves nothing', async () => {
    const lean = order({ sessions: 30, at_once: 8, client: 'lean', storage: 'shared', login: login() });
    const result = await runSwarm(lean, { browser: browser() });
    expect(result).toMatchObject({ proof: false, passed: 30, ended: 'done', witnesses: [] });
    expect([orders, logins, new Set(cookies)]).toEqual([30, 1, new Set(['who=ada1'])]);
    expect(judgeSwarm(result, expectation).outcome).toBe('inconclusive');
  });
  test('forgets a cookie from session to session, also where a connection serves many', async () => {
    const visit = {
      ...login(),
      steps: [
        { expect: { text: 'Welcome' } },
        { goto: `${shop}/` },
        { click: 'button' },
        { expect: { text: 'thank you' } },
      ],
    };
    const lean = {
      ...order({ sessions: 9, at_once: 1, client: 'lean' }),
      journey: order(visit).journey,
    };
    expect((await runSwarm(lean, { browser: browser() })).passed).toBe(9);
    expect(cookies).toEqual(Array.from({ length: 9 }, (_, at) => `who=ada${at + 1}`));
  });
  test.each(['full', 'lean'])('waits while the browser is full: the %s client', async (client) => {
    const small = await smallLightpanda(2);
    try {
      const result = await runSwarm(order({ sessions: 12, at_once: 6, client }), {
        browser: { lightpandaEndpoint: small.endpoint, chromiumPath: null },
      });
      expect([result.passed, result.refused > 0]).toEqual([12, true]);
    } finally {
      await small.close();
    }
  });
});

/** One that takes so few connections and no more. */
async function smallLightpanda(connections: number) {
  const flags = ['--host', '127.0.0.1', '--port', '0', '--cdp-max-connections', String(connections)];
  const child = spawn(lightpandaPath ?? '', ['serve', ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const port = await new Promise<string>((found, lost) => {
    void ended.then(() => lost(new Error('it ended')));
    createInterface(child.stderr).on('line', (line) => {
      const said = /\baddress ?= ?\S*:(\d+)/.exec(line)?.[1];
      if (said !== undefined) found(said);
    });
  });
  const close = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  return { endpoint: `ws://127.0.0.1:${port}/`, close };
}

describe.runIf(lightpandaPath !== null)('the wire to Lightpanda', () => {
  test('keeps elements, clicks and frames in reach, in one world', async () => {
    const started = await startLightpanda(lightpandaPath ?? '');
    if (!started.ok) throw new Error(started.reason);
    const connected = await connectLightpanda(started.lightpanda.endpoint);
    if (!connected.ok) throw new Error(connected.reason);
    try {
      const one = await (await connected.browser.createBrowserContext()).newPage();
      await one.evaluateOnNewDocument('window.early = 1');
      await one.goto(`${shop}/`);
      const seen = [await one.evaluate('window.early'), await one.$eval('button', (e) => e.textContent)];
      await Promise.all([one.waitForNavigation(), one.click('button')]);
      expect([...seen, await one.evaluate('document.body.innerText')]).toEqual([1, 'Buy', 'Thank you, Ada']);
      expect([
        await one.evaluate('window.early'),
        await (await one.$('body'))?.evaluate((e) => e.tagName),
      ]).toEqual([1, 'BODY']);
    } finally {
      await connected.browser.disconnect();
      await started.lightpanda.close();
    }
  });
});
