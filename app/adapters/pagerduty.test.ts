import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import {
  incidentStatus,
  listAlerts,
  listNotes,
  listOpenIncidents,
  noteOnce,
  readIncident,
} from './pagerduty.ts';

let server: Server | undefined;
let asked: string[] = [];
afterEach(() => server?.close());

/** A PagerDuty that answers each request by its path and query. */
async function answering(answer: (url: URL) => { status?: number; body: unknown }) {
  server?.close();
  asked = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://pagerduty');
    asked.push(url.pathname + url.search);
    const { status = 200, body } = answer(url);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { api: `http://127.0.0.1:${port}`, apiKey: 'key', from: 'vigil@acme.example' };
}

const ids = (listing: { ok: boolean; value?: { id?: string | null | undefined }[] }) =>
  listing.value?.map(({ id }) => id);

/** So many incidents, in pages as asked for; `page` says how a page ends. */
const incidents = (total: number, page: (more: boolean) => object) => (url: URL) => {
  const offset = Number(url.searchParams.get('offset'));
  const shown = Array.from({ length: total }, (_, index) => ({ id: `PINC${1000 + index}` }));
  return {
    body: { incidents: shown.slice(offset, offset + 100), ...page(offset + 100 < total) },
  };
};

it.each([
  ['says that there are more', (more: boolean) => ({ more, total: null, limit: 100 }), 3],
  ['says `more: null`', () => ({ more: null }), 3],
  ['says nothing of further pages', () => ({}), 3],
])('reads all pages of open incidents, however old, when a page %s', async (_, page, pages) => {
  const account = await answering(incidents(250, page));

  const open = await listOpenIncidents(account, ['PSHOP01']);

  expect(ids(open)).toHaveLength(250);
  expect(asked).toHaveLength(pages);
  expect(asked[0]).toContain('date_range=all');
});

it('stops at a bound, and says so, when a list never ends', async () => {
  const account = await answering(() => ({ body: { incidents: [{ id: 'PSAME01' }], more: true } }));

  expect(await listOpenIncidents(account, null)).toEqual({
    ...{ ok: true, value: [expect.objectContaining({ id: 'PSAME01' })] },
    cut: 'only the first 2000 were read',
  });
});

it('asks about a large inventory in parts, and puts together what they hold', async () => {
  const account = await answering((url) => ({
    body: { incidents: [null, { id: `PINC${url.searchParams.get('service_ids[]')}` }], more: false },
  }));

  const open = await listOpenIncidents(
    account,
    Array.from({ length: 250 }, (_, index) => `PSRV${100 + index}`),
  );

  expect([ids(open), open.ok && open.odd]).toEqual([['PINCPSRV100', 'PINCPSRV200', 'PINCPSRV300'], 3]);
  expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(3000);
});

it('keeps what it read when a later page fails', async () => {
  const pages = incidents(250, (more) => ({ more }));
  const account = await answering((url) =>
    url.searchParams.get('offset') === '200' ? { status: 400, body: {} } : pages(url),
  );

  const open = await listOpenIncidents(account, ['PSHOP01']);

  expect([open.ok, ids(open)?.length, open.ok && open.cut]).toEqual([
    true,
    200,
    expect.stringContaining('answered 400'),
  ]);
});

it('reads the incidents beside one that is none, and one that lacks nearly everything', async () => {
  const odd = [null, 42, 'PTEXT01', {}, { id: null }, [], { id: { is: 'odd' } }];
  const bare = [
    { id: 'PBARE01', service: null },
    { id: 'PBARE02', service: 'PSHOP01', title: 12 },
  ];
  const account = await answering(() => ({ body: { incidents: [...odd, ...bare], total: null } }));

  expect(await listOpenIncidents(account, ['PSHOP01'])).toMatchObject({
    ...{ ok: true, odd: 7 },
    value: [
      { id: 'PBARE01', service: null, title: null },
      { id: 'PBARE02', service: { id: 'PSHOP01' }, title: '12' },
    ],
  });
});

it('reads the alerts beside an odd one; only `type` is promised of each', async () => {
  const alerts = [
    { type: 'alert' },
    { type: 'alert', id: 'A2', summary: 'Disk full', body: null },
    { type: 'alert', id: 'A3', body: { cef_details: { description: 'No space left' } } },
    { type: 'alert', id: 'A4', summary: { text: 'odd' }, body: 'odd', status: 3 },
    null,
  ];
  const account = await answering(() => ({ body: { alerts, more: null } }));

  const read = await listAlerts(account, 'PINC001');

  expect([ids(read), read.ok && read.odd]).toEqual([[undefined, 'A2', 'A3', 'A4'], 1]);
});

it('reads the notes beside an odd one', async () => {
  const notes = [
    { id: 'N1', content: 'Looks like the cache', user: null },
    { id: 'N2', content: null },
    'odd',
    { content: 'no id', user: { id: 7, summary: 'Olga' }, created_at: 7 },
  ];
  const account = await answering(() => ({ body: { notes } }));

  expect(await listNotes(account, 'PINC001')).toMatchObject({
    ...{ ok: true, odd: 2 },
    value: [{ content: 'Looks like the cache' }, { content: 'no id', user: { id: '7' } }],
  });
});

it('reads an incident whose fields are odd, and into which one it was merged', async () => {
  const account = await answering(() => ({
    body: {
      incident: {
        ...{ id: 'PINC001', incident_number: '42', title: 7, priority: 'P1', service: { id: 'PSHOP01' } },
        ...{ status: 'resolved', html_url: 'javascript:alert(1)', urgency: ['high'], created_at: 'soon' },
        resolve_reason: { type: 'merge_resolve_reason', incident: { id: 'PINC002' } },
      },
    },
  }));

  expect(await readIncident(account, 'PINC001')).toEqual({
    ok: true,
    value: {
      ...{ id: 'PINC001', number: 42, url: null, status: 'resolved', title: '7', urgency: null },
      ...{ priority: { name: 'P1' }, service: { id: 'PSHOP01', name: 'PSHOP01' }, mergedInto: 'PINC002' },
      ...{ createdAt: null, changedAt: null, statusAt: null },
    },
  });
});

it('finds its own note beside odd ones, and writes it once', async () => {
  const notes: unknown[] = [null, { content: 7 }, { user: 'olga' }];
  const account = await answering(() => {
    if (asked.length % 2 === 0) notes.push({ content: 'Vigil: RESOLVED. [vigil:pd-q1#1]' });
    return { body: asked.length % 2 === 0 ? { note: { id: null } } : { notes } };
  });

  const note = () => noteOnce(account, 'PINC001', 'Vigil: RESOLVED. [vigil:pd-q1#1]', 'vigil:pd-q1#1');
  expect([await note(), await note()]).toEqual([
    { ok: true, value: 'vigil:pd-q1#1' },
    { ok: true, value: 'vigil:pd-q1#1' },
  ]);
  expect(asked).toHaveLength(3);
});

it('does not know the state of an incident that has none', async () => {
  const account = await answering(() => ({ body: { incident: { id: 'PINC001', status: null } } }));

  expect(await incidentStatus(account, 'PINC001')).toMatchObject({ ok: false, permanent: false });
});
