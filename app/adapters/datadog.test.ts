// Shapes that Datadog answers and no stand-in of ours plays: what is made of each.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type Datadog, querySeries, readMonitor, searchLogs } from './datadog.ts';

const window = { from: new Date('2026-11-30T02:30:00Z'), to: new Date('2026-11-30T03:05:00Z') };

/** What a read makes of these answers, each a status and a body for what was sent. */
async function answered<T>(
  answer: (sent: string) => [status: number, body: unknown],
  read: (account: Datadog) => Promise<T>,
): Promise<T> {
  const server = createServer(async (request, response) => {
    const [status, body] = answer(await text(request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const result = await read({ api: `http://127.0.0.1:${port}`, apiKey: 'a', appKey: 'b' });
  await new Promise((done) => server.close(done));
  return result;
}
const reading = <T>(body: unknown, read: (account: Datadog) => Promise<T>) =>
  answered(() => [200, body], read);
const logs = (body: unknown) => reading(body, (account) => searchLogs(account, 'shop', window, 200));
const series = (body: unknown) => reading(body, (account) => querySeries(account, 'avg:a{*}', window));
const monitor = (body: unknown) => reading(body, (account) => readMonitor(account, '42'));
const line = { attributes: { status: 'error', timestamp: '2026-11-30T03:00:00Z', message: 'full' } };
const read = { at: '2026-11-30T03:00:00Z', status: 'error', message: 'full' };

describe('logs', () => {
  test.each<[string, object]>([
    ['without attributes', { id: 'x', type: 'log' }],
    ['of null', { attributes: null }],
    ['that is a text', Object('a line')],
  ])('with one event %s are all the others, and one odd', async (_, odd) => {
    expect(await logs({ data: [line, odd, line] })).toEqual({ ok: true, value: [read, read], odd: 1 });
  });

  test('with fields of null or of another type have a word in their place', async () => {
    const events = [
      { status: null, timestamp: 1_796_007_600_000, message: null, attributes: { msg: 'a' } },
      { status: 3, timestamp: 1e300, message: { msg: 'b' } },
    ];
    const { ok, value } = (await logs({ data: events.map((attributes) => ({ attributes })) })) as {
      ok: boolean;
      value?: unknown;
    };
    expect([ok, value]).toEqual([
      true,
      [
        { at: new Date(1_796_007_600_000).toISOString(), status: 'unknown', message: 'a' },
        { at: '', status: 'unknown', message: 'b' },
      ],
    ]);
  });

  test.each<[string, unknown, string]>([
    ['a time-out', { status: 'timeout' }, 'the search ended with timeout'],
    [
      'a sentence for a status',
      { status: 'Please contact support@datadoghq.com' },
      'the search ended with another word than done',
    ],
    [
      'a warning by code',
      { status: 'done', warnings: [{ code: 'unknown_index', title: 'x' }] },
      'the search warned of unknown_index',
    ],
    ['a warning without one', { warnings: ['slow'] }, 'the search warned of something'],
    [
      'an empty page with another behind it',
      { status: 'done', page: { after: 'eyJ' } },
      'the search has further pages',
    ],
    ['meta that cannot be read', 'done', 'the search ended with unreadable'],
  ])('after %s are never called clean', async (_, meta, why) => {
    expect(await logs({ data: [], meta })).toEqual({
      ok: false,
      reason: `not all logs were searched: indexes: ${why}`,
    });
    if (!/further pages/.test(why))
      expect(await logs({ data: [line], meta })).toEqual({
        ok: true,
        value: [read],
        gaps: [`indexes: ${why}`],
      });
  });

  const search = (account: Datadog) => searchLogs(account, 'shop', window, 200);
  const onlyByStatus = (sent: string): boolean => !sent.includes('exception');

  test('are asked for by status alone where a query for words is refused or ends early', async () => {
    const why = new Map<string, [number, unknown]>([
      ['by status alone, since', [400, { errors: ['invalid query'] }]],
      ['the search ended with timeout', [200, { data: [], meta: { status: 'timeout' } }]],
    ]);
    for (const [gap, refusal] of why) {
      const found = await answered(
        (sent) => (onlyByStatus(sent) ? [200, { data: [line] }] : refusal),
        search,
      );
      expect(found).toEqual({ ok: true, value: [read], gaps: [expect.stringContaining(`indexes: ${gap}`)] });
      const none = await answered((sent) => (onlyByStatus(sent) ? [200, { data: [] }] : refusal), search);
      expect(none).toMatchObject({ ok: false, reason: expect.stringContaining(`indexes: ${gap}`) });
    }
  });

  test('are not asked for twice where the first call met no rights', async () => {
    let calls = 0;
    const refused = await answered(() => {
      calls += 1;
      return [403, { errors: ['Forbidden'] }];
    }, search);
    expect(refused).toMatchObject({ ok: false, reason: expect.stringContaining('answered 403') });
    expect(calls).toBe(1);
  });

  test('of a tier that answers are shown, and what another tier did not answer is told', async () => {
    const found = await answered(
      (sent) => (sent.includes('"flex"') ? [200, { data: [line] }] : [403, { errors: ['Forbidden'] }]),
      (account) => searchLogs({ ...account, tiers: ['indexes', 'flex'] }, 'shop', window, 200),
    );
    expect(found).toMatchObject({
      ok: true,
      value: [read],
      gaps: [expect.stringMatching(/^indexes: .* answered 403/)],
    });
  });

  test('of which none can be read are not read', async () => {
    expect(await logs({ data: [{ id: 'x' }, null] })).toEqual({
      ok: false,
      reason: '2 log events cannot be read',
    });
  });

  test.each([[{}], [{ data: 'none' }], [{ errors: [] }], [[]]])('are no logs in %j', async (body) => {
    expect(await logs(body)).toMatchObject({ ok: false, reason: expect.stringContaining('unknown shape') });
  });

  test('are none where the vendor’s models leave the list out', async () => {
    for (const body of [{ data: [] }, { data: null }, { meta: { status: 'done' } }])
      expect(await logs(body)).toEqual({ ok: true, value: [] });
  });
});

describe('a series', () => {
  const good = {
    metric: 'a',
    scope: 'host:x',
    pointlist: [
      [1000, 5],
      [2000, null],
    ],
  };
  const told = {
    name: 'a{host:x}',
    tags: ['host:x'],
    points: [
      { at: 1000, value: 5 },
      { at: 2000, value: null },
    ],
  };

  test('that is odd takes no other along; a point that is odd is a gap', async () => {
    const odd = [{ metric: 'b', pointlist: 'none' }, null];
    expect(await series({ status: 'ok', series: [good, ...odd] })).toEqual({
      ok: true,
      value: [told],
      odd: 2,
    });
    const nulls = { metric: null, scope: null, tag_set: null, pointlist: [[1000, 'NaN'], 'x', [2000, 6, 7]] };
    expect(await series({ status: null, series: [nulls] })).toMatchObject({
      value: [
        {
          name: 'metric{*}',
          points: [
            { at: 1000, value: null },
            { at: 2000, value: 6 },
          ],
        },
      ],
    });
  });

  test('beside an error is told as not all', async () => {
    expect(await series({ status: 'ok', error: 'shard 3 timed out', series: [good] })).toEqual({
      ...{ ok: true, value: [told] },
      gaps: ['the query ended with an error'],
    });
    expect(await series({ status: 'ok', error: 'x', series: [] })).toMatchObject({ ok: false });
    expect(await series({ status: 'ok', series: [null] })).toMatchObject({ ok: false });
  });
});

describe('a monitor', () => {
  test.each<[string, object]>([
    ['never evaluated', { name: 'm', query: 'q', type: 'query alert', overall_state: null, tags: null }],
    ['with half of its tags null', { name: 'm', query: 'q', type: null, tags: [null, 7], state: null }],
    ['without groups', { name: 'm', query: 'q', state: { groups: null } }],
  ])('%s is read', async (_, body) => {
    expect(await monitor(body)).toMatchObject({
      ok: true,
      value: { name: 'm', query: 'q', overall_state: 'unknown', tags: [], groups: [] },
    });
  });

  test('names the groups that are not well', async () => {
    const groups = {
      'host:a': { name: 'host:a', status: 'Alert' },
      'host:b': { name: 'host:b', status: 'OK' },
      'host:c': { status: 'No Data' },
    };
    expect(await monitor({ name: 'm', query: 'q', state: { groups } })).toMatchObject({
      value: {
        groups: [
          { name: 'host:a', status: 'Alert' },
          { name: 'host:c', status: 'No Data' },
        ],
      },
    });
  });

  test('is none where there is neither name nor query', async () => {
    for (const body of [{}, { ok: true }, { name: null, query: null }])
      expect(await monitor(body)).toEqual({ ok: false, reason: 'Datadog answered in an unknown shape' });
  });
});
