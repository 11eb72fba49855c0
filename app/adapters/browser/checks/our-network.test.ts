// A name that does not resolve: gone where a name server says so, and nothing seen where none answers. The name servers are fakes that
// speak DNS on loopback.
import { createSocket, type Socket } from 'node:dgram';
import dns from 'node:dns';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { httpCheck } from '#core/verification/http-check';
import { lookAtHttp } from './http.ts';
import { noWayOut } from './network-names.ts';
import { ourFault } from './our-network.ts';

const NAME = 'nobody.invalid';
const before = dns.getServers();
const sockets: Socket[] = [];
let found = '';
beforeAll(async () => {
  // What the system itself says of that name: where it has no name server either, it says so at once.
  found = await lookup(NAME).then(
    () => 'found',
    ({ code }: NodeJS.ErrnoException) => String(code),
  );
});
afterEach(() => dns.setServers(before));
afterAll(() => {
  for (const socket of sockets) socket.close();
});

/** A name server that answers each question with this code; null never answers. https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1 */
async function nameServer(code: number | null): Promise<void> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (asked, { port, address }) => {
    if (code === null) return;
    const answer = Buffer.from(asked);
    answer.writeUInt16BE(0x8180 | code, 2);
    answer.writeUInt16BE(0, 10); // no further records, also where the question had one
    const end = asked.indexOf(0, 12) + 5;
    socket.send(answer.subarray(0, end), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
}
const gone = Object.assign(new Error(`getaddrinfo ENOTFOUND ${NAME}`), { code: 'ENOTFOUND', hostname: NAME });
const [NOTHING_WRONG, SERVER_FAILS, NO_SUCH_NAME, REFUSES] = [0, 2, 3, 5];

describe('a name that the system does not find', () => {
  test.each([
    ['is gone where a name server says so', NO_SUCH_NAME, null],
    ['is gone where it has no address', NOTHING_WRONG, null],
    [
      'is unknown where the name server fails',
      SERVER_FAILS,
      'no name server of this machine answers (ESERVFAIL)',
    ],
    ['is unknown where it refuses', REFUSES, 'no name server of this machine answers (EREFUSED)'],
    [
      'is unknown where it is silent',
      null,
      expect.stringMatching(/^no name server .* \((ETIMEOUT|ECANCELLED)\)$/),
    ],
  ])('%s', async (_, code, said) => {
    await nameServer(code);
    expect(await ourFault(gone)).toEqual(said);
  });
  test('is unknown where there is no name server', async () => {
    dns.setServers(['127.0.0.1:1']);
    expect(await ourFault(gone)).toMatch(/^no name server of this machine answers/);
  });
  test('is gone where it can be no name', async () => {
    expect(await ourFault({ code: 'ENOTFOUND', hostname: `${'a'.repeat(70)}.example` })).toBe(null);
  });
});

test.each([
  ['EAI_AGAIN', 'EAI_AGAIN'],
  ['EAI_FAIL', 'EAI_FAIL'],
  ['ENETUNREACH', 'ENETUNREACH'],
  ['ECONNREFUSED', null],
  ['ECONNRESET', null],
])('%s: our fault is %j', async (code, said) => {
  expect(await ourFault({ code })).toBe(said);
});
test('of two addresses one that refuses is the service', async () => {
  const errors = [{ code: 'ENETUNREACH' }, { code: 'ECONNREFUSED' }];
  expect(await ourFault({ code: 'ENETUNREACH', errors })).toBe(null);
  expect(await ourFault({ code: 'ENETUNREACH', errors: errors.slice(0, 1) })).toBe('ENETUNREACH');
});

describe('a check', () => {
  const check = httpCheck.parse({ id: 'shop', kind: 'http', url: `http://${NAME}/` });
  const look = async () => {
    const { outcome, reason } = await lookAtHttp(check, new AbortController().signal, Date.now);
    return [outcome, reason];
  };
  const nothing = /^(no name server of this machine answers|EAI_)/;
  test('of such a name, on a machine without name servers, saw nothing', async () => {
    dns.setServers(['127.0.0.1:1']);
    expect(await look()).toEqual([
      'inconclusive',
      expect.stringMatching(/^no way out: (no name server|EAI_)/),
    ]);
    for (const said of ['net::ERR_NAME_NOT_RESOLVED', 'CouldntResolveHost'])
      expect(await noWayOut(said, check.url)).toMatch(nothing);
  });
  test('fails where the name is gone, unless the system could not ask', async () => {
    await nameServer(NO_SUCH_NAME);
    const asked = found === 'ENOTFOUND';
    expect((await look())[0]).toBe(asked ? 'fail' : 'inconclusive');
    for (const said of ['net::ERR_NAME_NOT_RESOLVED', 'CouldntResolveHost'])
      expect(await noWayOut(said, check.url)).toEqual(asked ? null : expect.stringMatching(nothing));
  });
  test('by a resolver of Chromium that fails saw nothing', async () => {
    expect(await noWayOut('net::ERR_DNS_TIMED_OUT', check.url)).toBe('net::ERR_DNS_TIMED_OUT');
    expect(await noWayOut('net::ERR_NAME_RESOLUTION_FAILED', check.url)).not.toBe(null);
  });
});
