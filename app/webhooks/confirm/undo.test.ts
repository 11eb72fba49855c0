// Undoing on the confirm page, as a browser goes through it: what it would bring back, sign-in, and one record in the ledger.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { latestOf } from '#core/ledger/replay';
import { startTestForge, type TestForge } from '../../../sandbox/github/test-forge.ts';
import { readersOf } from '../../../test/support/confirm-browser.ts';
import { type ConfirmDesk, openConfirmDesk } from '../../../test/support/confirming.ts';
import { fact } from '../../../test/support/incidents.ts';

const ran = (digest: string, head: string): Fact[] => [
  fact('remediation.approved', { digest, head }),
  fact('pull.merged'),
  fact('remediation.started', { digest }),
  fact('remediation.finished'),
];
let forge: TestForge;
let desk: ConfirmDesk;
beforeAll(async () => {
  forge = await startTestForge();
});
afterAll(() => forge.close());
beforeEach(async () => {
  desk = await openConfirmDesk(forge, { since: (...of) => [...ran(...of), fact('recovery.refuted')] });
});
afterEach(() => desk.close());
const { browser, link, signedIn, press, reviews } = readersOf(() => desk);
const asked = () => desk.incident().records.filter(({ type }) => type === 'undo.requested');

test('the page says why nothing was undone, what the undo would bring back, and shows its bytes', async () => {
  const { text, status } = await browser().go(link());
  expect(status).toBe(200);
  for (const said of [
    'The fix ran and did not help: health was red 4 of 10 times.',
    'Nothing was undone: nothing got worse than it was before the fix, and the fix takes the cause away',
    'the flag as it was while the fault was there',
    'curl --fail --silent --max-time 10 -X POST &#34;$SHOP_FLAG_ON_URL&#34;',
    'Sign in with GitHub',
  ])
    expect(text).toContain(said);
  expect(text).not.toMatch(/name="csrf"|value="approve"/);
});

test('one press of somebody who may write asks for it once, in their name, and no review is made', async () => {
  const olga = await signedIn('olga');
  const done = await press(olga, 'undo');
  expect([done.status, done.text]).toEqual([200, expect.stringContaining('@olga asked for the undo')]);
  expect(asked()).toMatchObject([{ data: { by: 'olga' }, actor: { kind: 'person', login: 'olga' } }]);
  expect(desk.woken).toEqual([desk.incident().key]);
  expect(await reviews()).toEqual([]);
  const otto = await browser().go(link());
  expect([otto.status, otto.text]).toEqual([409, expect.stringContaining('This is decided already')]);
  const token = desk.sent.find(({ authorization }) => authorization.startsWith('Bearer ghu_'));
  await expect(forge.as(token?.authorization.slice(7) ?? '').users.getAuthenticated()).rejects.toMatchObject({
    status: 401,
  });
});

test('nothing is asked for by somebody who may only read', async () => {
  const { status, text } = await press(await signedIn('reader'), 'undo');
  expect([status, text]).toEqual([403, expect.stringContaining('@reader has no write access')]);
  expect(asked()).toEqual([]);
});

test.each([
  ['approve', {}, {}, 409],
  ['changes', {}, {}, 409],
  ['undo', { csrf: 'x'.repeat(43) }, {}, 403],
  ['undo', { head: 'c'.repeat(40) }, {}, 403],
  ['undo', {}, { 'sec-fetch-site': 'cross-site' }, 403],
])('nothing is asked for by %s with %o and %o', async (decision, more, headers, status) => {
  expect((await press(await signedIn('olga'), decision, more, headers)).status).toBe(status);
  expect([asked(), await reviews()]).toEqual([[], []]);
});

test('nothing is asked for when it was undone meanwhile', async () => {
  const olga = await signedIn('olga');
  await desk.world.ledger.append(desk.incident().key, () => ({
    facts: [fact('undo.requested', { by: 'sam' }), fact('undo.started'), fact('undo.finished')],
    actor: { kind: 'app' },
    at: desk.world.now(),
  }));
  expect((await press(olga, 'undo')).status).toBe(409);
  expect(latestOf(desk.incident(), 'undo.requested')?.by).toBe('sam');
});

test('an open proposal is not undone, and what healed has no such page', async () => {
  await desk.close();
  desk = await openConfirmDesk(forge);
  expect((await press(await signedIn('olga'), 'undo')).status).toBe(409);
  await desk.close();
  desk = await openConfirmDesk(forge, { since: (...of) => [...ran(...of), fact('recovery.confirmed')] });
  expect((await browser().go(link())).status).toBe(409);
});
