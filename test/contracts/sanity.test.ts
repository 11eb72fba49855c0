// What Vigil relies on in Sanity, asked of the sandbox's stand-in and, with SANITY_CONTRACT_DATASET, SANITY_PROJECT_ID and
// SANITY_TOKEN set, of the real service in the same words. Writes to that dataset only documents of its own, named by
// chance, and removes them: give it a dataset for tests. Without these settings the real half is skipped, and says so.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openSanity, type Sanity } from '#adapters/sanity/client';
import { Stored } from '#adapters/sanity/write';
import {
  byIds,
  byMeaning,
  byServiceAndFailure,
  byText,
  everything,
  pastIncidents,
} from '#core/knowledge/queries';
import type { SanityAccount } from '#core/knowledge/sanity-account';
import { startSanity } from '../../sandbox/sanity/server.ts';

const { SANITY_PROJECT_ID, SANITY_CONTRACT_DATASET, SANITY_TOKEN } = process.env;
const real =
  SANITY_PROJECT_ID && SANITY_CONTRACT_DATASET && SANITY_TOKEN
    ? { projectId: SANITY_PROJECT_ID, dataset: SANITY_CONTRACT_DATASET, token: SANITY_TOKEN, host: null }
    : null;
type Opened = { account: SanityAccount; close(): Promise<void> };

async function sandbox(): Promise<Opened> {
  const own = { projectId: 'sandbox1', dataset: 'production', token: 'sk-contract' };
  const { api, close } = await startSanity(own);
  return { account: { ...own, host: api }, close };
}

const targets: [name: string, open: () => Promise<Opened>, skip: boolean][] = [
  ['the sandbox', sandbox, false],
  [
    real
      ? 'the real service'
      : 'the real service (skipped: set SANITY_PROJECT_ID, SANITY_CONTRACT_DATASET and SANITY_TOKEN)',
    async () => ({
      account: real ?? { projectId: '', dataset: '', token: '', host: null },
      close: async () => undefined,
    }),
    real === null,
  ],
];

describe.each(targets)('Sanity: %s', (_, open, skip) => {
  const run = randomBytes(6).toString('hex');
  const service = `contract-${run}`;
  const id = (name: string): string => `runbook-contract-${run}-${name}`;
  const draft = (name: string, more: object = {}) => ({
    ...{ _id: id(name), _type: 'runbook', title: `Contract ${name}`, service, failureTypes: ['disk_full'] },
    ...{ keywords: ['disk'], alerts: [], text: 'Old logs fill the disk.', ...more },
  });
  let opened: Opened;
  let sanity: Sanity;

  beforeAll(async () => {
    if (skip) return;
    opened = await open();
    sanity = openSanity(opened.account);
  });
  afterAll(async () => {
    if (skip) return;
    const left = await found(byServiceAndFailure({ service }));
    if (left.length > 0) await sanity.commit(left.map(({ _id }) => ({ delete: { id: _id } })));
    await opened.close();
  });
  async function found(query: Parameters<Sanity['query']>[0]): Promise<Stored[]> {
    const answer = await sanity.query(query);
    if (!answer.ok) throw new Error(answer.reason);
    return z.array(Stored).parse(answer.value);
  }
  const ids = async (query: Parameters<Sanity['query']>[0]) => (await found(query)).map(({ _id }) => _id);

  test.skipIf(skip)('takes documents in one transaction, and shows them at once', async () => {
    const result = await sanity.commit([{ create: draft('a') }, { create: draft('b') }]);
    expect(result).toMatchObject({ ok: true, value: { transactionId: expect.stringMatching(/\S/) } });
    expect(await ids(byIds([id('a'), id('b'), id('none')]))).toEqual([id('a'), id('b')]);
  });

  test.skipIf(skip)('refuses to create what is there, and does nothing of that transaction', async () => {
    const result = await sanity.commit([{ create: draft('c') }, { create: draft('a') }]);
    expect(result).toMatchObject({ ok: false, kind: 'conflict', status: 409 });
    expect(await ids(byIds([id('c')]))).toEqual([]);
  });

  test.skipIf(skip)('patches the revision it is told, and no other', async () => {
    const [before] = await found(byIds([id('a')]));
    const patch = {
      id: id('a'),
      ifRevisionID: before?._rev ?? '',
      set: { title: 'Changed' },
      unset: ['text'],
    };
    expect(await sanity.commit([{ patch }])).toMatchObject({ ok: true });
    expect(await sanity.commit([{ patch }])).toMatchObject({ ok: false, kind: 'conflict', status: 409 });
    const [after] = await found(byIds([id('a')]));
    expect(after).toMatchObject({ title: 'Changed', keywords: ['disk'] });
    expect(after).not.toHaveProperty('text');
  });

  test.skipIf(skip)('finds by service and failure type, drafts left out', async () => {
    await sanity.commit([{ create: { ...draft('a'), _id: `drafts.${id('x')}` } }]);
    expect(await ids(byServiceAndFailure({ service }))).toEqual([id('a'), id('b')]);
    expect(await ids(byServiceAndFailure({ service, failureTypes: ['disk_full', 'oom'] }))).toHaveLength(2);
    expect(await ids(byServiceAndFailure({ service, failureTypes: ['oom'] }))).toEqual([]);
    expect(await ids(byServiceAndFailure({ service: 'nobody' }))).toEqual([]);
    await sanity.commit([{ delete: { id: `drafts.${id('x')}` } }]);
  });

  test.skipIf(skip)('orders by words in common', async () => {
    await sanity.commit([
      { create: draft('d', { title: 'Certificate expires', keywords: ['tls', 'renewal'] }) },
    ]);
    expect(await ids(byText({ service }, ['certificate', 'renewal']))).toEqual([id('d')]);
    expect((await ids(byText({ service }, ['contract', 'disk'])))[0]).toBe(id('b'));
  });

  test.skipIf(skip)('pages through a type, and lists past incidents', async () => {
    expect((await ids(everything('runbook', id('a'), 2)))[0]).toBe(id('b'));
    expect(await ids(pastIncidents({ service }))).toEqual([]);
  });

  test.skipIf(skip)('says that it cannot search by meaning, or does', async () => {
    const answer = await sanity.query(byMeaning({ service, text: 'disk' }), { semantic: true });
    if (!answer.ok) expect(answer.kind).toBe('refused');
    else expect(z.array(Stored).safeParse(answer.value).success).toBe(true);
  });

  test.skipIf(skip)('removes, also what is gone already', async () => {
    expect(await sanity.commit([{ delete: { id: id('b') } }])).toMatchObject({ ok: true });
    expect(await sanity.commit([{ delete: { id: id('b') } }])).toMatchObject({ ok: true });
  });

  test.skipIf(skip)('turns away a wrong token, and names no token', async () => {
    const stranger = openSanity({ ...opened.account, token: 'sk-wrong' });
    const answer = await stranger.commit([{ create: draft('e') }]);
    expect(answer).toMatchObject({ ok: false, kind: 'unauthorised' });
    expect(JSON.stringify(answer)).not.toContain('sk-wrong');
  });
});
