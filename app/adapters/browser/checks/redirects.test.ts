// Redirects, locations, status sets and headers against real servers on this machine, which write their headers as they like.
// Over 250 lines: every kind of answer has its case, over the same servers.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bind, originsOf, parseVerifyPlan } from '#core/verification/plan';
import { lookAtBurst } from './burst.ts';
import { lookAtHttp } from './http.ts';

type Answer = [number, Record<string, string | string[]>, string?];
let asked: { request: string; headers: IncomingMessage['headers'] }[] = [];
let [url, other, foreign] = ['', '', ''];

function answer(path: string): Answer {
  const kept = path.split('?')[0] ?? '';
  const hop = /^\/hop\/(\d+)$/.exec(kept)?.[1];
  if (hop !== undefined) return hop === '0' ? [200, {}, 'home'] : [302, { location: `${Number(hop) - 1}` }];
  const known: Record<string, Answer> = {
    '/home': [200, { 'X-Cache': 'HIT from edge', Vary: ['Accept', 'Origin'] }, 'home'],
    '/empty': [204, {}],
    '/loop': [302, { location: '/loop' }],
    '/relative': [301, { Location: '../home' }],
    '/shout': [307, { LOCATION: `${url.toUpperCase().replace('HTTP', 'HTTP')}/home` }],
    '/login': [302, { location: '/signin?next=%2Fcart&token=s3cret#form' }],
    '/to-other': [302, { location: `${other}/home` }],
    '/to-foreign': [302, { location: `${foreign}/home` }],
    '/to-metadata': [302, { location: 'http://169.254.169.254/latest/meta-data' }],
    '/to-nowhere': [302, { location: '//evil.example/home' }],
    '/to-script': [302, { location: 'javascript:alert(1)' }],
    '/to-user': [302, { location: url.replace('//', '//me:secret@') }],
    '/bare': [302, {}],
    '/twice': [302, { location: ['/home', '/hop/0'] }],
    '/unchanged': [304, { location: '/home', etag: '"7"' }],
    '/see-other': [303, { location: '/home' }],
    '/again': [308, { location: '/home' }],
    '/made': [201, { location: '/orders/7' }],
    '/cookies': [200, { 'Set-Cookie': ['a=1; Path=/', 'b=2'] }],
  };
  return known[kept] ?? [404, {}, 'not here'];
}

const serve = (): Server =>
  createServer((request, response) => {
    asked.push({ request: `${request.method} ${request.url}`, headers: request.headers });
    const [status, headers, body] = answer(request.url ?? '');
    response.writeHead(status, headers).end(body);
  });
const servers = [serve(), serve(), serve()];
beforeAll(async () => {
  [url, other, foreign] = (await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const address = server.address();
      return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    }),
  )) as [string, string, string];
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

function checkOf(path: string, expected: object, more: object) {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [
      { id: 'it', kind: 'http', url: `{SITE}${path}`, expect: expected, ...more },
      { id: 'other', kind: 'http', url: '{OTHER}/home' },
    ],
    symptom: { checks: ['it'] },
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  // The inventory knows the foreign one, the plan does not name it.
  const bound = bind(parsed.plan, { SITE: url, OTHER: other, FOREIGN: foreign });
  if (!bound.ok) throw new Error(bound.reason);
  const [check] = bound.plan.checks;
  if (check?.kind !== 'http') throw new Error('not an http check');
  return { check, origins: originsOf(bound.plan) };
}
async function look(path: string, expected: object = {}, more: object = {}) {
  const { check, origins } = checkOf(path, expected, more);
  const { signal } = new AbortController();
  const { outcome, reason } = await lookAtHttp(check, signal, () => performance.now(), origins);
  return [
    outcome,
    reason?.replaceAll(url, '').replaceAll(other, '{OTHER}').replaceAll(foreign, '{FOREIGN}') ?? null,
  ];
}
const requests = () => asked.map(({ request }) => request);
const passed = ['pass', null];
const follow = { redirects: 'follow' };

describe('a redirect that is followed', () => {
  test.each([
    ['up to five times', '/hop/5', 6],
    ['to a path seen from the address that sent it', '/relative', 2],
    ['whatever the case of the header and of the host', '/shout', 2],
    ['to another origin of the plan', '/to-other', 2],
  ])('leads %s', async (_, path, count) => {
    expect(await look(path, { contains: ['home'] }, follow)).toEqual(passed);
    expect(asked).toHaveLength(count);
  });

  test.each([
    ['a sixth time', '/hop/6', 'redirects more than 5 times, the last to /hop/0', 6],
    ['in a circle', '/loop', 'redirects more than 5 times, the last to /loop', 6],
    [
      'to an origin that only the inventory names',
      '/to-foreign',
      'redirects to {FOREIGN}/home, of whose origin nothing in the plan is',
      1,
    ],
    [
      'to the metadata of a cloud',
      '/to-metadata',
      'redirects to http://169.254.169.254/latest/meta-data, of whose origin nothing in the plan is',
      1,
    ],
    [
      'to another host by two slashes',
      '/to-nowhere',
      'redirects to http://evil.example/home, of whose origin nothing in the plan is',
      1,
    ],
    ['with a password', '/to-user', 'redirects to / with a user name or password', 1],
    ['nowhere', '/bare', 'answered 302, expected 200', 1],
    ['to what is no page', '/to-script', 'answered 302, expected 200', 1],
    ['to two places at once', '/twice', 'answered 404, expected 200', 2],
    ['when nothing has changed', '/unchanged', 'answered 304, expected 200', 1],
  ])('is not: %s', async (_, path, reason, count) => {
    expect(await look(path, {}, follow)).toEqual(['fail', reason]);
    expect(asked).toHaveLength(count);
  });

  test('asks for the head alone all the way', async () => {
    expect(await look('/see-other', {}, { ...follow, method: 'HEAD' })).toEqual(passed);
    expect(requests()).toEqual(['HEAD /see-other', 'HEAD /home']);
  });
  test('reads what comes of a POST, and never sends it a second time', async () => {
    const post = { ...follow, method: 'POST', body: 'one order' };
    expect(await look('/see-other', { contains: ['home'] }, post)).toEqual(passed);
    expect(requests()).toEqual(['POST /see-other', 'GET /home']);
    expect(asked[1]?.headers['content-type']).toBeUndefined();
    expect(await look('/again', {}, post)).toEqual(['fail', 'wants the POST once more, at /home']);
    expect(requests().filter((one) => one.startsWith('POST'))).toHaveLength(2);
  });
  test('hands no credential to another origin, also on the way back', async () => {
    const headers = { authorization: 'Bearer 1', 'x-key': '2', accept: 'text/plain' };
    await look('/to-other', {}, { ...follow, headers });
    await look('/relative', {}, { ...follow, headers });
    expect(
      asked.map(({ headers: { authorization, accept, ...rest } }) => [authorization, rest['x-key'], accept]),
    ).toEqual([
      ['Bearer 1', '2', 'text/plain'],
      [undefined, undefined, 'text/plain'],
      ['Bearer 1', '2', 'text/plain'],
      ['Bearer 1', '2', 'text/plain'],
    ]);
  });
  test('is one request of a burst, each on connections of its own', async () => {
    const expected = { failing: '<= 1 %', of: 200 };
    const { check, origins } = checkOf('/to-other', expected, follow);
    const { signal } = new AbortController();
    const burst = await lookAtBurst(check, { bound: 0.01, of: 20 }, signal, () => performance.now(), origins);
    expect([burst.outcome, burst.counts]).toEqual(['pass', { failing: 0, of: 20 }]);
    expect(asked.map(({ headers }) => headers.connection)).toEqual(Array(40).fill('close'));
  });
});

describe('a location', () => {
  test.each([
    ['a path', '/login', '/signin?next=%2Fcart&token=s3cret#form'],
    ['a whole address', '/relative', '{SITE}/home'],
    ['an address elsewhere, which is not visited', '/to-foreign', '{FOREIGN}/home'],
    ['what was made', '/made', '/orders/7'],
  ])('is compared whole: %s', async (_, path, location) => {
    expect(await look(path, { status: ['3xx', 201], location })).toEqual(passed);
    expect(asked).toHaveLength(1);
  });
  test.each([
    [
      'another query, without telling it',
      '/login',
      '/signin',
      'sends to /signin with another query than expected',
    ],
    ['another place', '/relative', '/cart', 'sends to /home, expected /cart'],
    ['another origin', '/to-foreign', '/home', 'sends to {FOREIGN}/home, expected /home'],
    ['none', '/bare', '/home', 'answered 302 without a location, expected /home'],
    ['a status without one', '/home', '/home', 'answered 200, expected 3xx'],
  ])('fails with %s', async (_, path, location, reason) => {
    expect(await look(path, { status: '3xx', location })).toEqual(['fail', reason]);
  });
});

describe('a status', () => {
  test('may be one of several, of a class or of a range', async () => {
    expect(await look('/empty', { status: [200, 204] })).toEqual(passed);
    expect(await look('/empty', { status: '2xx' })).toEqual(passed);
    expect(await look('/empty', { status: '200-203' })).toEqual(['fail', 'answered 204, expected 200-203']);
    expect(await look('/nowhere', { status: [200, '3xx'] })).toEqual([
      'fail',
      'answered 404, expected 200 or 3xx',
    ]);
  });
});

describe('a header', () => {
  test.each([
    ['is exactly so, whatever the case of its name', '/home', { 'x-CACHE': 'HIT from edge' }],
    ['holds a part', '/home', { 'x-cache': { contains: 'HIT' } }],
    ['is there', '/home', { 'x-cache': { present: true } }],
    ['is not there', '/home', { 'x-debug': { present: false } }],
    ['came twice and is one', '/home', { vary: 'Accept, Origin' }],
    ['is one of several cookies', '/cookies', { 'set-cookie': 'b=2' }],
  ])('%s', async (_, path, header) => {
    expect(await look(path, { header })).toEqual(passed);
    expect(await look(path, { header }, { method: 'HEAD' })).toEqual(passed);
  });
  test.each([
    [
      'another case of its value',
      '/home',
      { 'x-cache': 'hit from edge' },
      'header x-cache is "HIT from edge", expected "hit from edge"',
    ],
    [
      'a part missing',
      '/home',
      { 'x-cache': { contains: 'MISS' } },
      'header x-cache is "HIT from edge", expected "MISS" in it',
    ],
    ['no such header', '/home', { 'x-debug': { present: true } }, 'header x-debug is missing, expected any'],
    [
      'one that must not be',
      '/home',
      { 'x-cache': { present: false } },
      'header x-cache is "HIT from edge", expected none',
    ],
    [
      'another cookie, without telling it',
      '/cookies',
      { 'set-cookie': 'c=3' },
      'header set-cookie is another one, expected "c=3"',
    ],
  ])('fails with %s', async (_, path, header, reason) => {
    expect(await look(path, { header })).toEqual(['fail', reason]);
  });
});

describe('a plan is refused', () => {
  test.each([
    [
      'with a location and redirects that are followed',
      { status: '3xx', location: '/x' },
      follow,
      'a location is compared where redirects are not followed',
    ],
    [
      'with a location that cannot come',
      { location: '/x' },
      {},
      'an answer of such a status names no location',
    ],
    ['with a header that cannot be', { header: { 'x y': '1' } }, {}, 'header["x y"]'],
    ['with a status that says nothing', { status: ['2xx', '4xx', '5xx'] }, {}, 'a broken service alike'],
  ])('%s', (_, expected, more, reason) => {
    expect(() => checkOf('/', expected, more)).toThrow(reason);
  });
});
