// What is written when the network, the limits or somebody else interfere: what was wanted, once, and nothing else.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { documentId, type RunbookDocument } from '#core/knowledge/documents';
import { type Sanity as StandIn, startSanity } from '../../../sandbox/sanity/server.ts';
import { openSanity, type Sanity } from './client.ts';
import { readAll, writeDocuments } from './write.ts';

const account = { projectId: 'sandbox1', dataset: 'production', token: 'sk-write' };
let lake: StandIn;
let sanity: Sanity;
let pauses: number[] = [];
const pause = async (ms: number): Promise<void> => void pauses.push(Math.round(ms));

beforeEach(async () => {
  pauses = [];
  lake = await startSanity(account);
  sanity = openSanity({ ...account, host: lake.api }, { pause, deadlineMs: 5000 });
});
afterEach(() => lake.close());

const runbook = (name: string, change: Partial<RunbookDocument> = {}): RunbookDocument => ({
  ...{ _id: documentId.runbook(name), _type: 'runbook', title: `About ${name}`, service: 'shop' },
  ...{ failureTypes: ['disk_full'], severity: 'sev2', keywords: [], alerts: [], steps: ['Look.'] },
  ...{ runbookId: name, path: `runbooks/${name}.md`, sha256: 'a'.repeat(64), managedBy: 'vigil ingest' },
  ...change,
});
const two = [runbook('one'), runbook('two')];
const titles = () => lake.documents().map(({ title }) => title);
const mutated = () =>
  lake
    .requests()
    .filter(({ on }) => on === 'mutate')
    .map(({ status }) => status);
const write = (documents: RunbookDocument[]) => writeDocuments(sanity, documents, { pause });

describe('documents', () => {
  test('are written once; the same again writes nothing', async () => {
    expect(await write(two)).toEqual({ ok: true, written: { created: 2, updated: 0, removed: 0 } });
    const before = lake.documents();
    expect(await write(two)).toEqual({ ok: true, written: { created: 0, updated: 0, removed: 0 } });
    expect(lake.documents()).toEqual(before);
    expect(mutated()).toEqual([200]);
  });

  test('change in the fields that differ; what the schemas do not know stays as it is', async () => {
    await write([runbook('one', { verificationProcedure: 'Orders go through.', riskLevel: 'LOW' })]);
    lake.put(lake.documents().map((one) => ({ ...one, owner: 'team-a', keywords: ['by', 'hand'] })));
    const { verificationProcedure: _, ...wanted } = runbook('one', {
      title: 'A new title',
      riskLevel: 'LOW',
    });
    expect(await write([wanted])).toMatchObject({ ok: true, written: { updated: 1 } });
    expect(lake.documents()).toMatchObject([
      { title: 'A new title', riskLevel: 'LOW', owner: 'team-a', keywords: [] },
    ]);
    expect(lake.documents()[0]).not.toHaveProperty('verificationProcedure');
  });

  test('that somebody wrote by hand under the same id are left alone', async () => {
    const { managedBy: _, ...theirs } = runbook('one', { title: 'Written by hand' });
    lake.put([theirs]);
    expect(await write(two)).toMatchObject({ ok: true, written: { created: 1, updated: 0 } });
    expect(titles()).toEqual(['Written by hand', 'About two']);
  });

  test('are removed only where an ingest wrote them', async () => {
    const { managedBy: _, ...theirs } = runbook('theirs');
    lake.put([theirs]);
    await write(two);
    const remove = [documentId.runbook('one'), documentId.runbook('theirs'), documentId.runbook('never')];
    expect(await writeDocuments(sanity, [], { remove, pause })).toMatchObject({ written: { removed: 1 } });
    expect(titles()).toEqual(['About theirs', 'About two']);
  });

  test('that break the schema are refused before anything is sent', async () => {
    const broken = runbook('broken', { failureTypes: [] });
    expect(await write([...two, broken])).toMatchObject({
      ok: false,
      kind: 'refused',
      reason: expect.stringContaining('runbook-broken: failureTypes'),
    });
    expect(mutated()).toEqual([]);
  });

  test('by the thousand go in transactions, with progress', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => runbook(`many-${index}`));
    const told: string[] = [];
    const onProgress = (done: number, of: number) => void told.push(`${done}/${of}`);
    expect(await writeDocuments(sanity, many, { pause, onProgress })).toMatchObject({
      written: { created: 1001 },
    });
    expect(told.slice(-2)).toEqual(['1000/1001', '1001/1001']);
    expect(
      lake
        .requests()
        .filter(({ on }) => on === 'mutate')
        .map((one) => one.mutations),
    ).toEqual([...Array.from({ length: 10 }, () => 100), 1]);
    const all = await readAll(sanity, 'runbook');
    expect(all.ok && all.value.size).toBe(1001);
  });
});

describe('nothing is written twice when', () => {
  test('Sanity is busy: it waits as long as it was told', async () => {
    lake.fail({ on: 'mutate', times: 2, status: 429, retryAfter: 7 });
    expect(await write(two)).toMatchObject({ ok: true, written: { created: 2 } });
    expect(mutated()).toEqual([429, 429, 200]);
    expect(pauses.filter((ms) => ms === 7000)).toHaveLength(2);
  });

  test('Sanity is busy and names a wait of nothing: it still makes a pause', async () => {
    lake.fail({ on: 'mutate', times: 2, status: 429, retryAfter: 0 });
    expect(await write(two)).toMatchObject({ ok: true, written: { created: 2 } });
    expect(pauses.filter((ms) => ms >= 250)).toHaveLength(2);
  });

  test('a query meets 503: it is asked again', async () => {
    lake.fail({ on: 'query', times: 2, status: 503 });
    expect(await write(two)).toMatchObject({ ok: true, written: { created: 2 } });
  });

  test('a mutation meets 500: it reads, and only then writes again', async () => {
    lake.fail({ on: 'mutate', times: 1, status: 500 });
    expect(await write(two)).toMatchObject({ ok: true, written: { created: 2 } });
    expect(lake.requests().map(({ on, status }) => `${on} ${status}`)).toEqual([
      'query 200',
      'mutate 500',
      'query 200',
      'mutate 200',
    ]);
  });

  test('the connection is lost after the transaction: it reads that all is done', async () => {
    lake.fail({ on: 'mutate', times: 1, cut: true });
    expect(await write(two)).toEqual({ ok: true, written: { created: 2, updated: 0, removed: 0 } });
    expect(lake.requests().filter(({ on }) => on === 'mutate')).toHaveLength(1);
    expect(titles()).toEqual(['About one', 'About two']);
  });

  test('somebody writes in between: it reads again and changes what they left', async () => {
    await write(two);
    const known = await readAll(sanity, 'runbook');
    if (!known.ok) throw new Error(known.reason);
    lake.put(lake.documents().map((one) => ({ ...one, title: 'Meanwhile' })));
    const wanted = two.map((one) => ({ ...one, title: 'Wanted now' }));
    expect(await writeDocuments(sanity, wanted, { pause, found: known.value })).toMatchObject({
      ok: true,
      written: { updated: 2 },
    });
    expect(mutated()).toEqual([200, 409, 200]);
    expect(titles()).toEqual(['Wanted now', 'Wanted now']);
  });

  test('Sanity stays away: it says so and what was written, and the next call goes on', async () => {
    const many = Array.from({ length: 250 }, (_, index) => runbook(`many-${index}`));
    await write(many.slice(0, 100));
    lake.fail({ on: 'mutate', times: 100, status: 503 });
    expect(await write(many)).toMatchObject({ ok: false, kind: 'unknown', status: 503 });
    await lake.close();
    expect(await write(many)).toMatchObject({
      ok: false,
      kind: 'unavailable',
      written: { created: 0 },
      reason: expect.stringMatching(/^Sanity did not answer: /),
    });
  });
});

test('the token goes to Sanity or to this machine, and nowhere else', () => {
  for (const host of ['https://evil.example', 'http://10.0.0.1:80', 'http://127.0.0.1.evil.example:80'])
    expect(() => openSanity({ ...account, host })).toThrow(/SANITY_API_HOST/);
});
