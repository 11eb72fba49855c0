// What orient makes of Datadog's answers, and that it never calls a source clean that was not read.
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Datadog as Account } from '#adapters/datadog';
import { type Datadog, startDatadog } from '../../sandbox/datadog/server.ts';
import type { Line } from '../../sandbox/datadog/shapes.ts';
import { fromDatadog } from './sources.ts';

const keys = { apiKey: 'a'.repeat(32), appKey: 'b'.repeat(40) };
const openedAt = new Date().toISOString();
const at = (secondsAgo: number): string => new Date(Date.parse(openedAt) - secondsAgo * 1000).toISOString();
let journal: Line[] = [];
let datadog: Datadog;
let account: Account;

beforeEach(async () => {
  journal = [{ at: at(20), status: 'error', message: 'checkout answered 500: not a number' }];
  datadog = await startDatadog({ ...keys, journal: () => journal, alerting: () => true });
  account = { api: datadog.api, ...keys };
});
afterEach(() => datadog.close());

/** What orient gathers for an alert with these details, as text by id, and what it calls missing. */
async function gathered(details: object = {}, as: Account = account) {
  const alert = {
    id: 'A1',
    body: { details: { monitor_id: datadog.monitor.id, tags: 'service:shop', ...details } },
  };
  const { items, missing } = await fromDatadog(as, [alert], openedAt);
  const told = Object.fromEntries(items.map(({ id, title, text }) => [id, `${title}\n${text}`]));
  return { told, missing: missing.map(({ source, reason }) => `${source}: ${reason}`) };
}

describe('logs', () => {
  test('that were searched only in part are told as that, and without a line they are missing', async () => {
    const warnings = [{ code: 'unknown_index', title: 'Unknown index: main' }];
    datadog.behave({ meta: { status: 'timeout', warnings } });
    const half = await gathered();
    expect(half.told['logs-1']).toContain(
      'Not all logs were searched: indexes: the search ended with timeout; indexes: the search warned of unknown_index.',
    );
    expect(half.told['logs-1']).toMatch(/^1 line of shop, one kind; not all logs were searched\n/);
    journal = [{ at: at(20), status: 'info', message: 'order taken' }];
    for (const meta of [{ status: 'timeout' }, { status: 'failed' }, { warnings }]) {
      datadog.behave({ meta });
      const none = await gathered();
      expect(none.told).not.toHaveProperty('logs-1');
      expect(none.missing).toEqual([expect.stringMatching(/^Datadog logs: not all logs were searched: /)]);
    }
  });

  test('are looked for in the tiers that vigil.yml names, in turn, until there are some', async () => {
    datadog.behave({ tier: 'flex' });
    expect((await gathered()).told['logs-1']).toContain('(searched: indexes)');
    const both = await gathered({}, { ...account, tiers: ['indexes', 'flex'] });
    expect(both.told['logs-1']).toContain('1 x error');
    datadog.behave({ tier: 'indexes' });
    const first = await gathered({}, { ...account, tiers: ['indexes', 'flex'] });
    expect(first.told['logs-1']).toContain('1 x error');
    datadog.behave({ tier: 'online-archives' });
    const none = await gathered({}, { ...account, tiers: ['flex', 'indexes'] });
    expect(none.told['logs-1']).toContain('(searched: flex, indexes)');
  });

  test.each(['emergency', 'alert', 'critical', 'error', 'warn'])('of status %s are found', async (status) => {
    journal = [
      { at: at(30), status: 'info', message: 'order taken' },
      { at: at(20), status, message: 'panic: nil map' },
    ];
    const { told } = await gathered();
    expect(told['logs-1']).toBe(
      `1 line of shop, one kind\n1 x ${status}, ${at(20)} to ${at(20)}: panic: nil map`,
    );
  });

  test('of a service that logs everything as info are found by what they say', async () => {
    journal = [
      ...Array.from({ length: 150 }, (_, index) => ({
        at: at(200 - index),
        status: 'info',
        message: `order ${index} taken`,
      })),
      { at: at(20), status: 'info', message: 'ERROR: connection refused' },
      { at: at(19), status: 'info', message: 'java.lang.NullPointerException: price' },
      { at: at(18), status: 'notice', attributes: { level: 'fatal', msg: 'out of memory' } },
    ];
    const { told } = await gathered();
    expect(told['logs-1']?.split('\n').slice(0, 2)).toEqual([
      '3 lines of shop that speak of errors, 3 kinds',
      'no line has a status of warning or worse in this window; these speak of errors all the same:',
    ]);
    expect(told['logs-1']).toContain(`x info, ${at(20)} to ${at(20)}: ERROR: connection refused`);
    expect(told['logs-1']).toContain(': java.lang.NullPointerException: price');
    expect(told['logs-1']).toContain(': out of memory');
    expect(told['logs-1']).not.toContain('taken');
  });

  test('cost one call of the tightest limit, whether there are errors or none', async () => {
    const own = await startDatadog({
      ...{ ...keys, journal: () => journal, alerting: () => true },
      limits: { logs: [1, 3600] },
    });
    const { told, missing } = await gathered({}, { ...account, api: own.api });
    await own.close();
    expect(missing).toEqual([]);
    expect(told['logs-1']).toMatch(/^1 line of shop, one kind\n/);
  });

  test('that mention errors by the thousand do not crowd out the errors', async () => {
    journal = [
      { at: at(1000), status: 'critical', message: 'disk is full' },
      ...Array.from({ length: 1500 }, (_, index) => ({
        ...{ at: at(900 - index / 2), status: 'info', message: `tick, error=null, ${index}` },
      })),
    ];
    const { told } = await gathered();
    expect(told['logs-1']?.split('\n').slice(0, 2)).toEqual([
      'the newest 1 line of shop and 199 more that speak of errors, 2 kinds',
      `1 x critical, ${at(1000)} to ${at(1000)}: disk is full`,
    ]);
  });

  test('with a few warnings beside errors that are logged as info show both', async () => {
    journal = [
      { at: at(20), status: 'warn', message: 'deprecated option' },
      { at: at(19), status: 'info', message: 'ERROR: connection refused' },
    ];
    const { told } = await gathered();
    expect(told['logs-1']).toBe(`1 line of shop and 1 more that speaks of an error, 2 kinds
1 x warn, ${at(20)} to ${at(20)}: deprecated option
1 x info, ${at(19)} to ${at(19)}: ERROR: connection refused`);
  });

  test('with nothing to see are told by what was looked for', async () => {
    journal = [{ at: at(20), status: 'info', message: 'order taken' }];
    expect(
      (await gathered()).told['logs-1'],
    ).toBe(`no line of shop has a status of warning or worse, and none speaks of an error
no line has a status of warning or worse in this window, and none speaks of an error (searched: indexes)`);
  });

  test('of JSON without a message say what the service wrote', async () => {
    journal = [
      { at: at(20), status: 'error', attributes: { msg: 'pool exhausted', error: { kind: 'Timeout' } } },
      { at: at(19), status: 'error', attributes: { 'error.message': 'no route to db' } },
      { at: at(18), status: 'error', attributes: { code: 'E7', shard: 'x' } },
    ];
    const { told } = await gathered();
    for (const said of [': pool exhausted', ': no route to db', ': {"code":"E7","shard":"x"}'])
      expect(told['logs-1']).toContain(said);
    expect(told['logs-1']).toMatch(/^3 lines of shop, 3 kinds\n/);
  });
});

describe('one odd element', () => {
  test('of logs and series takes no other along, and is counted', async () => {
    datadog.behave({ odd: true });
    const { told, missing } = await gathered();
    expect(missing).toEqual([]);
    expect(told['logs-1']).toContain('1 more event cannot be read.');
    expect(told['logs-1']).toContain('1 x error');
    expect(told['logs-1']).toContain(`1 x unknown, ? to ?: an event without a message`);
    expect(told['metric-1']).toContain('1 more series cannot be read.');
    expect(told['metric-1']).toContain('shop.checkout.errors{service:shop}');
  });

  test('of a monitor, null, is a word in place, and its metric is read', async () => {
    datadog.behave({ nulls: true });
    const { told, missing } = await gathered();
    expect(missing).toEqual([]);
    expect(told['monitor-1']).toMatch(
      /^monitor 155844758 is unknown\nwithout a name\nstate unknown, type query alert\n/,
    );
    expect(Object.keys(told)).toEqual(['monitor-1', 'metric-1', 'logs-1']);
  });

  test('is never the whole: what is no answer of Datadog’s stays unread', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true,"data":"none"}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const api = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const query = 'avg(last_5m):avg:a.b{*} > 1';
    const { told, missing } = await gathered({ query }, { ...account, api });
    await new Promise((done) => server.close(done));
    expect(told).toEqual({});
    expect(missing).toEqual([
      'Datadog monitor: Datadog answered in an unknown shape',
      'Datadog metric: Datadog answered in an unknown shape',
      'Datadog logs: Datadog answered in an unknown shape',
    ]);
  });
});

describe('a monitor of many groups', () => {
  const all = 'auth,billing,cart,catalog,checkout,search,shop,stock,tax,users,web,worker'.split(',');

  test('shows the series of the alert, says how many more there are, and names who is red', async () => {
    datadog.behave({ groups: { all, red: ['shop', 'tax'] } });
    const { told } = await gathered({ tags: 'env:production,service:shop' });
    expect(told['monitor-1']).toMatch(/^monitor 155844758 is Alert for 2 groups\n/);
    expect(told['monitor-1']).toContain('groups: service:shop is Alert, service:tax is Alert');
    const series = told['metric-1']?.match(/^shop\.checkout\.errors\{.*\}$/gm) ?? [];
    expect(series).toHaveLength(5);
    expect(series.slice(0, 2)).toEqual([
      'shop.checkout.errors{service:shop}',
      'shop.checkout.errors{service:tax}',
    ]);
    expect(told['metric-1']).toContain('and 7 more');
  });

  test('shows the sick one also where the alert names no group', async () => {
    datadog.behave({ groups: { all, red: ['worker'] } });
    const { told } = await gathered({ tags: 'env:production' });
    expect(told['monitor-1']).toMatch(/^monitor 155844758 is Alert for service:worker\n/);
    expect(told['metric-1']).toMatch(
      /\}\n\nshop\.checkout\.errors\{service:worker\}\n|^[^\n]*\nshop\.checkout\.errors\{service:worker\}\n/,
    );
  });

  test('has the logs of the alert’s service looked at, not of the monitor’s owner', async () => {
    datadog.behave({ groups: { all, red: ['shop'] } });
    const { told, missing } = await gathered({ tags: 'env:production,service:shop' });
    expect(missing).toEqual([]);
    expect(told['logs-1']).toMatch(/^1 line of shop, one kind\n/);
  });
});
