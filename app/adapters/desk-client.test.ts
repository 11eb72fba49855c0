// Whose word a job takes: the app's, when it names what was written for this incident. Everything else is waited out or told.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { deliver } from './desk-client.ts';

type Said = { status: number; body: unknown; type?: string; headers?: Record<string, string> };
const LOGIN: Said = { status: 200, body: '<html>Sign in</html>', type: 'text/html' };
const KEY = 'pd-q1';
const TOOK: Said = { status: 202, body: { incident: KEY, seq: 7, head: 'a'.repeat(40), stage: 'EXECUTING' } };
let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** An address that says these one after the other, the last one for ever. */
async function told(says: Said[], token = async () => 'token', limits = {}) {
  let asked = 0;
  server = createServer((_, response) => {
    const said = says[Math.min(asked++, says.length - 1)] ?? LOGIN;
    const type = { 'content-type': said.type ?? 'application/json', connection: 'close' };
    response.writeHead(said.status, { ...type, ...said.headers });
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const delivery = { incident: KEY, attempt: 1, facts: [] };
  const result = await deliver(url, token, delivery, { retries: 3, pauseMs: 1, ...limits });
  return { result, asked };
}

test.each<[string, Said[], number]>([
  ['it is written', [TOOK], 1],
  ['it was written before', [{ status: 200, body: { incident: KEY, already: true } }], 1],
  ['a login page goes away', [LOGIN, LOGIN, TOOK], 3],
  ['the app is away for a while', [{ status: 503, body: 'away', type: 'text/plain' }, TOOK], 2],
])('a job goes on when %s', async (_, says, asked) => {
  expect(await told(says)).toEqual({ result: { ok: true }, asked });
});

test.each<[string, Said]>([
  ['a login page', LOGIN],
  ['JSON of somebody else', { status: 200, body: { ok: true } }],
  [
    'what was written for another incident',
    { status: 202, body: { ...(TOOK.body as object), incident: 'pd-q2' } },
  ],
  ['an empty answer', { status: 204, body: '' }],
  ['JSON that is called a page', { ...TOOK, type: 'text/html' }],
])('%s with 2xx is no word of the app', async (_, said) => {
  const { result, asked } = await told([said]);
  expect(result).toMatchObject({
    ok: false,
    refused: false,
    reason: expect.stringContaining('with something that is not its own'),
  });
  expect(asked).toBe(4);
});

test.each<[who: string, status: number, body: object | string, refused: boolean, asked: number]>([
  ['the app', 409, { error: 'a reason' }, true, 1],
  ['the app', 403, { incident: KEY, error: 'a reason' }, true, 1],
  ['a proxy', 403, { error: 'a reason' }, false, 1],
  ['a proxy', 403, '<html>Forbidden</html>', false, 1],
  ['a proxy', 409, '<html>Conflict</html>', false, 1],
  ['somebody', 400, { error: 'a reason' }, false, 1],
  ['somebody', 401, { error: 'a reason' }, false, 1],
  ['somebody', 404, { error: 'a reason' }, false, 1],
  ['somebody', 413, { error: 'a reason' }, false, 1],
  ['somebody', 422, { error: 'a reason' }, false, 1],
  ['somebody', 429, { error: 'a reason' }, false, 4],
  ['somebody', 503, { error: 'a reason' }, false, 4],
])('%s says %i: %j is judged: %s, asked %i times', async (_, status, body, refused, asked) => {
  const said = await told([
    { status, body, type: typeof body === 'string' ? 'text/html' : 'application/json' },
  ]);
  expect(said).toMatchObject({ result: { ok: false, refused }, asked });
  const reason = refused
    ? 'a reason'
    : expect.stringMatching(new RegExp(`^127.0.0.1:\\d+ answered ${status}`));
  expect(said.result).toMatchObject({ reason });
});

test('an address that redirects is asked once, and where it leads is told', async () => {
  for (const status of [301, 302, 307, 308]) {
    const headers = { location: 'https://login.acme.example/?to=vigil' };
    const { result, asked } = await told([{ status, body: '', headers }]);
    expect(asked).toBe(1);
    expect(result).toMatchObject({
      refused: false,
      reason: expect.stringContaining(
        `answered ${status} and sends to https://login.acme.example, which is not followed; name the address that answers itself`,
      ),
    });
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a limit is waited for as long as it names, and told when it lasts longer than the patience', async () => {
  const limited = (after: string): Said => ({
    status: 429,
    body: 'slow down',
    headers: { 'retry-after': after },
  });
  const began = Date.now();
  expect(await told([limited('1'), TOOK])).toEqual({ result: { ok: true }, asked: 2 });
  expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  await new Promise((resolve) => server.close(resolve));
  const { result, asked } = await told([limited('60')], undefined, { patienceMs: 5000 });
  expect([asked, result]).toEqual([
    1,
    { ok: false, refused: false, reason: expect.stringContaining('answered 429') },
  ]);
});

test('an identity token that is refused for a while is asked for again', async () => {
  let tries = 0;
  const token = async () => {
    tries += 1;
    if (tries < 3) throw new Error('429');
    return 'token';
  };
  expect(await told([TOOK], token)).toEqual({ result: { ok: true }, asked: 1 });
  expect(tries).toBe(3);
});
