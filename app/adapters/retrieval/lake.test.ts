// The same questions, asked of the stand-in of Sanity and of the runbooks at hand.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSanity } from '#adapters/sanity/client';
import { runbookDocument } from '#core/knowledge/from-runbook';
import { type Sanity as StandIn, startSanity } from '../../../sandbox/sanity/server.ts';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { findDocuments, localLake } from './lake.ts';

const account = { projectId: 'sandbox1', dataset: 'production', token: 'sk-lake' };
const documents = [runbookDocument(runbookOf(purgeText)), runbookDocument(runbookOf(flagText))];
const pause = async (): Promise<void> => undefined;
let stand: StandIn;

async function start(embeddings: boolean) {
  stand = await startSanity({ ...account, embeddings });
  stand.put(documents);
  return openSanity({ ...account, host: stand.api }, { pause });
}
beforeEach(() => {
  stand = { close: async () => undefined } as StandIn;
});
afterEach(() => stand.close());

const wanted = { service: 'shop', text: 'the pricing flag was switched' };
const ids = (found: Awaited<ReturnType<typeof findDocuments>>) =>
  found.ok ? [found.by, ...found.documents.map(({ runbookId }) => runbookId)] : found.reason;

describe('a search', () => {
  test('by words brings the same from Sanity and from the runbooks at hand', async () => {
    const sanity = await start(false);
    expect(ids(await findDocuments(sanity, wanted))).toEqual(['words', 'shop-flag']);
    expect(ids(await findDocuments(localLake(documents), wanted))).toEqual(['words', 'shop-flag']);
  });

  test('goes by meaning where the dataset has embeddings, and says why not where it has none', async () => {
    expect(ids(await findDocuments(await start(true), wanted))).toEqual([
      'meaning',
      'shop-flag',
      'shop-cache',
    ]);
    await stand.close();
    expect(await findDocuments(await start(false), wanted)).toMatchObject({
      notes: ['by meaning: Sanity answered 400: Embeddings are not enabled for this dataset'],
    });
  });

  test('without words brings all of the service, of the failure type where one is named', async () => {
    const lake = localLake(documents);
    expect(ids(await findDocuments(lake, { service: 'shop' }))).toEqual([
      'filter',
      'shop-cache',
      'shop-flag',
    ]);
    expect(ids(await findDocuments(lake, { service: 'shop', failureTypes: ['bad_flag'] }))).toEqual([
      'filter',
      'shop-flag',
    ]);
    expect(ids(await findDocuments(lake, { service: 'billing', text: 'flag' }))).toEqual(['filter']);
  });

  test('leaves out what breaks the schema, and drops what Sanity and others add', async () => {
    const sanity = await start(false);
    stand.put([
      { ...documents[0], _id: 'broken', severity: 'urgent' } as never,
      { ...documents[1], owner: 'a' } as never,
    ]);
    const found = await findDocuments(sanity, { service: 'shop' });
    expect(found).toMatchObject({
      ok: true,
      notes: [expect.any(String), '1 documents do not keep the schema'],
    });
    expect(found.ok && found.documents).toEqual(documents);
  });

  test('that Sanity turns away is a failure with a reason', async () => {
    await start(false);
    const stranger = openSanity({ ...account, token: 'sk-wrong', host: stand.api }, { pause });
    expect(await findDocuments(stranger, wanted)).toMatchObject({ ok: false, kind: 'unauthorised' });
  });
});
