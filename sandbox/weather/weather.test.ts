// What each kind of weather does to requests and deliveries, and whom it leaves alone.
import { once } from 'node:events';
import { Hono } from 'hono';
import { afterEach, expect, test } from 'vitest';
import { type Listening, listen } from '../listen.ts';
import { startFront } from './front.ts';
import { type KindName, kindNames, readWeather, weatherOf } from './kinds.ts';
import type { Kind } from './terms.ts';
import { openWeather, type Weather } from './weather.ts';

const APP = { authorization: 'token ghs_0123', 'content-type': 'application/json' };
const RILEY = { ...APP, authorization: 'token ghp_0123' };
const NOBODY = {} as never; // no kind here needs hands
const open: Listening[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A GitHub that carries out whatever it is asked, behind the weather. */
async function forge(weather: Weather) {
  weather.begin(NOBODY);
  const done: string[] = [];
  const site = new Hono();
  site.all('*', async (c) => {
    done.push(`${c.req.method} ${c.req.path} ${await c.req.text()}`.trim());
    return c.json({ number: done.length }, 201);
  });
  const listening = await listen(site, weather.door('github'));
  open.push(listening);
  const ask = async (path: string, body: string, headers: Record<string, string> = APP) => {
    const answer = await fetch(`${listening.url}/api/v3${path}`, { method: 'POST', headers, body });
    return `${answer.status} ${(await answer.text()).slice(0, 20)}`;
  };
  return { done, ask, url: listening.url };
}

test('a creating call is carried out and answered 502, each one once; reads, tokens and people are left alone', async () => {
  const weather = weatherOf(['unanswered']);
  const { ask, done, url } = await forge(weather);
  expect(await ask('/repos/a/b/issues', 'one')).toBe('502 <!DOCTYPE html><html');
  expect(await ask('/repos/a/b/issues', 'one')).toBe('201 {"number":2}');
  expect(await ask('/repos/a/b/issues', 'two')).toBe('502 <!DOCTYPE html><html');
  expect(await ask('/app/installations/1/access_tokens', '')).toBe('201 {"number":4}');
  expect(await ask('/repos/a/b/issues', 'three', RILEY)).toBe('201 {"number":5}');
  expect((await fetch(`${url}/api/v3/repos/a/b/issues`, { headers: APP })).status).toBe(201);
  expect(done.filter((line) => line.startsWith('POST'))).toHaveLength(5);
  expect(weather.struck()).toEqual({ unanswered: 2 });
});

test('a cut connection brings no answer, though the work is done', async () => {
  const { ask, done } = await forge(weatherOf(['cut']));
  await expect(ask('/repos/a/b/issues', 'one')).rejects.toThrow('fetch failed');
  expect(done).toEqual(['POST /api/v3/repos/a/b/issues one']);
});

test('a limit refuses the first calls and says how long to wait; nothing is carried out', async () => {
  const { ask, done } = await forge(weatherOf(['github-limited']));
  const answers: string[] = [];
  for (const body of ['1', '2', '3', '4', '5']) answers.push(await ask('/repos/a/b/issues', body));
  expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['403', '403', '403', '403', '201']);
  expect(done).toHaveLength(1);
});

test('nothing goes wrong before the world is up', async () => {
  const weather = weatherOf(['unanswered', 'lost']);
  const site = new Hono();
  site.all('*', (c) => c.text('done'));
  const listening = await listen(site, weather.door('github'));
  open.push(listening);
  const ask = async () =>
    (await fetch(`${listening.url}/api/v3/x`, { method: 'POST', headers: APP, body: '' })).status;
  expect([await ask(), weather.delays({ by: 'github', event: 'push' })]).toEqual([200, [0]]);
  weather.begin(NOBODY);
  expect([await ask(), weather.delays({ by: 'github', event: 'push' })]).toEqual([502, []]);
});

test('an outage begins with the first call it is about, and ends', async () => {
  const about: Kind = {
    about: 'short',
    rules: [
      {
        ...{ at: ['github'], hits: ({ body }) => body === 'go', span: { seconds: 0.2 } },
        trouble: { done: false, answer: { status: 503, body: 'away' } },
      },
    ],
  };
  const { ask } = await forge(openWeather({ short: about }));
  expect(await ask('/x', 'before')).toBe('201 {"number":1}');
  expect(await ask('/x', 'go')).toBe('503 away');
  for (let answer = ''; !answer.startsWith('201'); ) answer = await ask('/x', 'go');
});

test('silence lasts as long as the caller’s patience', async () => {
  const { url } = await forge(weatherOf(['git-hangs']));
  const asked = fetch(`${url}/a/b.git/git-receive-pack`, {
    ...{ method: 'POST', headers: APP, body: '', signal: AbortSignal.timeout(200) },
  });
  await expect(asked).rejects.toThrow('The operation was aborted due to timeout');
});

test('deliveries are doubled, late, lost, or overtaken; the rest goes out at once', () => {
  const from = (name: KindName, by: 'github' | 'pagerduty' = 'github') => {
    const weather = weatherOf([name]);
    weather.begin(NOBODY);
    return [1, 2, 3, 4].map(() => weather.delays({ by, event: 'issues' }));
  };
  expect(from('doubled')).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(from('late')).toEqual([[6000], [0], [0], [6000]]);
  expect(from('reordered')).toEqual([[2000], [0], [2000], [0]]);
  expect(from('lost')).toEqual([[], [], [], []]);
  expect(from('lost', 'pagerduty')).toEqual([[0], [0], [0], [0]]);
});

test('people react to what they see, and what they cannot do is told', async () => {
  const seen: string[] = [];
  const kind: Kind = {
    about: 'people',
    people: [
      {
        on: 'issues.opened',
        async act(_, { sender }) {
          if (sender === 'clumsy') throw new Error('404');
          seen.push(sender);
          return sender === 'vigil[bot]';
        },
      },
    ],
  };
  const weather = openWeather({ people: kind });
  weather.begin(NOBODY);
  for (const sender of ['vigil[bot]', 'riley', 'clumsy'])
    weather.happened({ event: 'issues.opened', sender, payload: {} });
  weather.happened({ event: 'issues.closed', sender: 'sam', payload: {} });
  await weather.idle();
  expect(seen).toEqual(['vigil[bot]', 'riley']);
  expect(weather.struck()).toEqual({ people: 1 });
  expect(weather.stumbled()).toEqual(['people, on issues.opened: 404']);
});

test('the front passes everything on to the app, but for what the weather takes', async () => {
  const site = new Hono();
  site.post('/facts', async (c) => c.json({ took: await c.req.text() }, 202));
  site.get('/health', (c) => c.text('ok', 200, { 'x-own': 'yes' }));
  const app = await listen(site);
  const weather = weatherOf(['login-before-start']);
  weather.begin(NOBODY);
  const door = weather.door('app');
  if (!door) throw new Error('nothing stands before the app');
  const front = await startFront(() => app.url, door);
  open.push(app, front);
  const say = async (body: string) => {
    const answer = await fetch(`${front.url}/facts`, { method: 'POST', body });
    return [answer.status, (await answer.text()).slice(0, 15)];
  };
  expect(await say('{"facts":[{"type":"remediation.started"}]}')).toEqual([200, '<!DOCTYPE html>']);
  expect(await say('"other"')).toEqual([202, '{"took":"\\"othe']);
  expect((await fetch(`${front.url}/health`)).headers.get('x-own')).toBe('yes');
  await app.close();
  expect((await fetch(`${front.url}/health`)).status).toBe(502);
});

test('a clock that is ahead shows another time to whoever asks, and nothing else changes', async () => {
  const { spawn } = await import('node:child_process');
  const clock = new URL('./clock.ts', import.meta.url).href;
  const ask =
    'const d = new Date(); console.log(JSON.stringify([Date.now(), d.getTime(), d instanceof Date, new Date(5).getTime(), Date.UTC(1970, 0, 1)]))';
  const child = spawn(process.execPath, [`--import=${clock}`, '-e', ask], {
    env: { PATH: process.env['PATH'], SANDBOX_CLOCK_AHEAD_MS: '600000' },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const [now = 0, made = 0, ...rest] = JSON.parse(Buffer.concat(chunks).toString()) as number[];
  for (const time of [now, made]) expect(Math.abs(time - Date.now() - 600_000)).toBeLessThan(60_000);
  expect(rest).toEqual([true, 5, 0]);
});

test('weather is asked for by names or drawn by a seed, the same for the same seed', () => {
  expect(readWeather('late, lost')).toEqual({ ok: true, names: ['late', 'lost'] });
  expect(readWeather('seed:7')).toEqual(readWeather('seed:7'));
  expect(readWeather('hail')).toEqual({ ok: false, reason: 'there is no weather "hail"' });
  expect(readWeather('seed:-1')).toEqual({ ok: false, reason: 'there is no weather "seed:-1"' });
  const drawn = Array.from({ length: 400 }, (_, seed) => readWeather(`seed:${seed}`)).flatMap((read) =>
    read.ok ? read.names : [],
  );
  expect(new Set(drawn)).toEqual(new Set(kindNames));
});
