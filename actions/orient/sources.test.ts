import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { fromPagerDuty } from './sources.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function pagerDuty(alerts: unknown, notes: unknown) {
  const listening = createServer((request, response) => {
    const body = request.url?.includes('/alerts') ? alerts : notes;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  return { api: `http://127.0.0.1:${port}`, apiKey: 'key', from: '' };
}

it('takes the alerts and notes that can be read as evidence, and says how many cannot', async () => {
  const account = await pagerDuty(
    { alerts: [null, { id: 'A1', summary: 'Disk full' }, { type: 'alert' }], more: null },
    { notes: [{ id: 'N1' }, { content: 'Looks like the cache' }, 7] },
  );

  const { items, missing } = await fromPagerDuty(account, 'Q1SHOP1');

  expect(items.map(({ id, text }) => [id, text])).toEqual([
    ['alert-1', 'Disk full\n{}'],
    ['alert-2', 'no summary\n{}'],
    ['note-1', ' \nLooks like the cache'],
  ]);
  expect(missing).toEqual([
    { source: 'PagerDuty alerts', reason: '1 of 3 cannot be read' },
    { source: 'PagerDuty notes', reason: '2 of 3 cannot be read' },
  ]);
});

it('says that there are more alerts than it read', async () => {
  const page = Array.from({ length: 100 }, (_, index) => ({ type: 'alert', summary: `${index}` }));
  const account = await pagerDuty({ alerts: page, more: true }, { notes: [] });

  const { items, missing } = await fromPagerDuty(account, 'Q1SHOP1');

  expect(items).toHaveLength(300);
  expect(missing).toEqual([{ source: 'PagerDuty alerts', reason: 'only the first 300 were read' }]);
});
