// HTTP checks against a real server on this machine: what each kind of answer is said to be.
import { setTimeout } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { lookAtHttp } from './http.ts';
import { takeSnapshot } from './snapshot.ts';

let reads = 0;
const site = new Hono()
  .get('/health', (c) =>
    c.json({ status: 'ok', pool: { size: 20, 'a/b': [null, { deep: true }] } }, 200, { 'x-version': '7' }),
  )
  .get('/echo', (c) => c.text(`${c.req.header('accept')} ${c.req.header('user-agent')}`))
  .post('/echo', async (c) => c.text(`got ${await c.req.text()}`, 201))
  .get('/slow', async (c) => {
    await setTimeout(120);
    return c.text('late');
  })
  .get('/hangs', () => new Promise<Response>(() => {}))
  .get(
    '/drips',
    () =>
      new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode('half')) })),
  )
  .get('/moved', (c) => c.redirect('/health'))
  .get(
    '/huge',
    () => new Response(new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(1 << 20)) })),
  )
  .get('/flags', (c) => c.json({ checkout: reads++ > 0 }))
  .get('/long', (c) => c.text('é'.repeat(3000)))
  .all('*', (c) => c.text('not here', 404));

const server = createAdaptorServer(site);
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

function plan(check: object, snapshot: object[] = []) {
  const parsed = parseVerifyPlan({
    v: 1,
    checks: [{ id: 'it', kind: 'http', ...check }],
    symptom: { checks: ['it'] },
    snapshot,
  });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: url, NOBODY: 'http://127.0.0.1:1' });
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
async function look(
  path: string,
  expected: object = {},
  more: object = {},
  signal = new AbortController().signal,
) {
  const [check] = plan({
    url: path.startsWith('/') ? `{SITE}${path}` : path,
    expect: expected,
    ...more,
  }).checks;
  if (check?.kind !== 'http') throw new Error('not an http check');
  const { outcome, reason } = await lookAtHttp(check, signal, () => performance.now());
  return [outcome, reason];
}

describe('an endpoint', () => {
  test('passes when everything is as expected', async () => {
    const expected = {
      json: { '/status': 'ok', '/pool/size': 20, '/pool/a~1b/1': { deep: true }, '/pool/a~1b/0': null },
      schema: {
        type: 'object',
        required: ['status', 'pool'],
        properties: {
          status: { enum: ['ok', 'busy'] },
          pool: { type: 'object', properties: { size: { type: 'integer', minimum: 1 } } },
        },
      },
      contains: ['"ok"'],
      body: { matches: '{"status":*"size":20*}', lacks: ['degraded'] },
      header: { 'X-Version': '7' },
      below_ms: 5000,
    };
    expect(await look('/health', expected)).toEqual(['pass', null]);
  });
  test('may be given a time of which a thousandth of a second is left over', async () => {
    expect(await look('/health', {}, { timeout_s: 1.0056 })).toEqual(['pass', null]);
  });
  test('is asked as the plan says', async () => {
    expect(
      await look('/echo', { contains: ['text/plain Vigil'] }, { headers: { accept: 'text/plain' } }),
    ).toEqual(['pass', null]);
    expect(
      await look('/echo', { contains: ['got abc'], status: 201 }, { method: 'POST', body: 'abc' }),
    ).toEqual(['pass', null]);
    expect(await look('/health', { header: { 'x-version': '7' } }, { method: 'HEAD' })).toEqual([
      'pass',
      null,
    ]);
  });
  test.each([
    { contains: ['x'] },
    { json: { '/a': 1 } },
    { schema: { type: 'object' } },
    { body: { equals: 'x' } },
  ])('asked by HEAD has no body that a plan could compare: %j', (expected) =>
    expect(() => plan({ url: '{SITE}/', method: 'HEAD', expect: expected })).toThrow(/no body to look at/),
  );
  test('that redirects is not followed, for the plan names one place', async () => {
    expect(await look('/moved', { status: 302, header: { location: '/health' } })).toEqual(['pass', null]);
    expect(await look('/moved')).toEqual(['fail', 'answered 302, expected 200']);
  });
  test.each([
    ['another status', '/nowhere', {}, 'answered 404, expected 200'],
    ['another value', '/health', { json: { '/pool/size': '20' } }, '/pool/size is 20, expected "20"'],
    ['a value missing', '/health', { json: { '/pool/max': 1 } }, 'the answer has no /pool/max'],
    [
      'a key that only every object has',
      '/health',
      { json: { '/constructor': 1 } },
      'the answer has no /constructor',
    ],
    [
      'another form',
      '/health',
      { schema: { type: 'object', properties: { pool: { type: 'object', required: ['free'] } } } },
      'the answer has no /pool/free',
    ],
    ['a form, and no JSON', '/echo', { schema: { type: 'object' } }, 'the answer is not JSON'],
    [
      'another body',
      '/nowhere',
      { status: 404, body: { equals: 'gone' } },
      'the answer is another text of 8 letters than expected',
    ],
    ['what it should not hold', '/health', { body: { lacks: ['deep'] } }, 'the answer contains "deep"'],
    ['no JSON', '/echo', { json: { '/status': 'ok' } }, 'the answer is not JSON'],
    ['a text missing', '/health', { contains: ['degraded'] }, 'the answer does not contain "degraded"'],
    ['another header', '/health', { header: { 'x-version': '8' } }, 'header x-version is "7", expected "8"'],
    [
      'a header missing',
      '/health',
      { header: { 'x-build': '8' } },
      'header x-build is missing, expected "8"',
    ],
    ['an endless answer', '/huge', {}, 'no answer: the answer is over 4194304 bytes'],
    ['nobody there', '{NOBODY}/', {}, expect.stringMatching(/^no answer: .*$/)],
  ])('fails with %s', async (_, path, expected, reason) => {
    expect(await look(path, expected)).toEqual(['fail', reason]);
  });
  test('fails when it is too slow, and when it never ends', async () => {
    expect(await look('/slow', { below_ms: 60 })).toEqual([
      'fail',
      expect.stringMatching(/^took \d{3,} ms, expected below 60 ms$/),
    ]);
    expect(await look('/hangs', {}, { timeout_s: 0.2 })).toEqual(['fail', 'no whole answer within 0.2 s']);
    expect(await look('/drips', {}, { timeout_s: 0.2 })).toEqual(['fail', 'no whole answer within 0.2 s']);
  });
  test('that we stopped asking saw nothing', async () => {
    const stop = new AbortController();
    const looking = look('/hangs', {}, {}, stop.signal);
    stop.abort();
    expect(await looking).toEqual(['inconclusive', 'stopped before the answer came']);
  });
});

test('a snapshot keeps the hash of all and a little text, and says what it could not read', async () => {
  const snapshot = [
    { id: 'flags', url: '{SITE}/flags' },
    { id: 'long', url: '{SITE}/long' },
    { id: 'gone', url: '{NOBODY}/' },
  ];
  const [flags, long, gone] = await takeSnapshot(plan({ url: '{SITE}/' }, snapshot));
  expect(flags).toEqual({
    id: 'flags',
    ok: true,
    status: 200,
    sha256: '20a09f34e2a59fbeb630c1527f33403520bf0da0fd417ca9cf1e064163fd8a8e',
    text: '{"checkout":false}',
  });
  expect(long).toMatchObject({ ok: true, text: 'é'.repeat(1024) });
  expect(gone).toEqual({ id: 'gone', ok: false, reason: expect.any(String) });
  const [again] = await takeSnapshot(plan({ url: '{SITE}/' }, snapshot));
  expect(again?.ok && flags?.ok && again.sha256 !== flags.sha256).toBe(true);
});
