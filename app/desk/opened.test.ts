// The first fact of an incident whose alert says little or too much.
import { expect, test } from 'vitest';
import { PageShape } from '#core/incident/page-shapes';
import { hearing, memoryLedger } from '../../test/support/hearing.ts';
import { openedFact } from './opened.ts';

const open = (title: string | null, summary: string | null) =>
  openedFact(
    hearing(memoryLedger()),
    PageShape.parse({ type: 'incident', id: 'Q1SHOP1', title, service: { id: 'PSHOP01', summary } }),
    { event: 'E1' },
  );

test.each([
  ['', ''],
  [' \t', '\u200b'],
  [null, null],
  ['\u2800\ufe0f', '   '],
])('an alert called %j of a service called %j has a word in their places', async (title, summary) => {
  const { data } = await open(title, summary);
  expect(data.title).toBe('an alert without a title');
  expect(data.service.name).toBe('PSHOP01');
});

test('a title that is too long is cut between characters', async () => {
  const { data } = await open(`x${'🇩🇪'.repeat(400)}`, `y${'👍🏽'.repeat(200)}`);
  expect(data.title).toMatch(/^x(?:🇩🇪)+\n\[truncated/);
  expect(data.service.name).toMatch(/^y(?:👍🏽)+\n\[truncated/);
});
