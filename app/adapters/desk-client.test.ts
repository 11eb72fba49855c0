// Whose word a job takes: the app's, when it names what was written for this incident. Everything else is waited out or told.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { deliver } from './desk-client.ts';

type Said = { status: number; body: unknown; type?: string };
const LOGIN: Said = { status: 200, body: '<html>Sign in</html>', type: 'text/html' };
const KEY = 'pd-q1';
const TOOK: Said = { status: 202, body: { incident: KEY, seq: 7, head: 'a'.repeat(40), stage: 'EXECUTING' } };
let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** An address that says these one after the other, the last one for ever. */
async function told(says: Said[], token = async () => 'token') {
  let asked = 0;
  server = createServer((_, response) => {
    const said = says[Math.min(asked++, says.length - 1)] ?? LOGIN;
    response.writeHead(said.status, { 'content-type': said.type ?? 'application/json', connection: 'close' });
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const delivery = { incident: KEY, attempt: 1, facts: [] };
  const result = await deliver(url, token, delivery, { retries: 3, pauseMs: 1 });
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

test.each([
  [409, true, 1],
  [403, true, 1],
  [400, false, 1],
  [401, false, 1],
  [404, false, 1],
  [413, false, 1],
  [429, false, 4],
  [503, false, 4],
])('%i: judged is %s, asked %i times', async (status, refused, asked) => {
  const answer = { status, body: { error: 'a reason' } };
  expect(await told([answer])).toEqual({ result: { ok: false, refused, reason: 'a reason' }, asked });
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
