import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { PageShape } from '#core/incident/page-shapes';
import { hearing, testConfig } from '../../test/support/hearing.ts';
import { fact, KEY } from '../../test/support/incidents.ts';
import { replica, say } from '../../test/support/replicas.ts';
import { bareRepository, type Repository } from '../../test/support/repository.ts';
import { heed } from './heed.ts';

let repository: Repository;
let ledgers: Ledger[];
beforeEach(async () => {
  repository = bareRepository();
  ledgers = [];
  for (const name of ['one', 'two', 'three']) ledgers.push(await replica(repository, name));
});
afterEach(() => {
  for (const ledger of ledgers) ledger.close();
  repository.remove();
});

const page = PageShape.parse({
  ...{ id: 'Q1SHOP1', number: 7, title: 'Checkout fails', urgency: 'high', priority: null },
  service: { id: 'PSHOP01', summary: 'shop' },
});
const event = (type: string, id: string) => ({ id, type: `incident.${type}`, at: null, by: 'Olga' });
/** The event reaches every replica at once. */
const everywhere = (type: string, id: string, told = page) =>
  Promise.all(ledgers.map((ledger) => heed(hearing(ledger, testConfig()), event(type, id), told)));
const types = async () => {
  await ledgers[0]?.refresh();
  return ledgers[0]?.get(KEY)?.records.map(({ type }) => type);
};

it('takes an event once that all replicas get side by side: it opens, changes, resolves, joins and opens again', async () => {
  await everywhere('triggered', 'E1');
  expect(await types()).toEqual(['incident.opened']);
  await everywhere('priority_updated', 'E2', { ...page, priority: { name: 'P1' } });
  await everywhere('resolved', 'E3', { ...page, priority: { name: 'P1' } });
  await everywhere('reopened', 'E4', { ...page, priority: { name: 'P1' } });
  await ledgers[1]?.append(KEY, say(fact('incident.escalated')));
  await everywhere('reopened', 'E5', { ...page, priority: { name: 'P1' } });
  expect(await types()).toEqual([
    ...['incident.opened', 'alert.changed', 'alert.resolved', 'alert.joined', 'incident.escalated'],
    'incident.reopened',
  ]);
}, 60_000);

it('hears of the end of an alert that another replica opened a moment ago', async () => {
  const [first, second] = ledgers;
  if (!first || !second) throw new Error('there are no replicas');
  await heed(hearing(first, testConfig()), event('triggered', 'E1'), page);
  await heed(hearing(second, testConfig()), event('resolved', 'E2'), page);
  expect(await types()).toEqual(['incident.opened', 'alert.resolved']);
}, 60_000);
