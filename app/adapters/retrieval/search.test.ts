// What a search over main and Sanity brings: runbooks on main to act on, the rest for people.
import { describe, expect, test } from 'vitest';
import { runbookDocument } from '#core/knowledge/from-runbook';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { createIndex, retrieve, searchableDocument } from './search.ts';

const cache = runbookOf(purgeText);
const flag = runbookOf(flagText);
const incident = { service: 'shop', title: 'Checkout error rate is high', text: 'status 500' };

describe('retrieve', () => {
  test('names runbooks on main by id and hash, and says when none is good enough', () => {
    expect(retrieve([cache, flag], incident)).toMatchObject({
      abstained: false,
      matches: [{ runbook: 'shop-cache', sha256: cache.sha256 }, { runbook: 'shop-flag' }],
      forPeople: [],
    });
    expect(retrieve([cache, flag], { ...incident, service: 'billing' })).toEqual({
      ...{ matches: [], abstained: true, forPeople: [] },
    });
    expect(retrieve([cache, flag], { ...incident, title: 'Strange logs' })).toMatchObject({
      abstained: true,
    });
  });

  test('shows people what Sanity has and main has not, or not any more; it never becomes a match', () => {
    const twin = runbookDocument(cache);
    const old = { ...runbookDocument(flag), sha256: 'b'.repeat(64) };
    const strange = { ...twin, _id: 'x', title: 'Checkout error rate is high', runbookId: 'shop-strange' };
    const { matches, forPeople } = retrieve([cache, flag], incident, [twin, old, strange]);
    expect(matches.map(({ runbook }) => runbook)).toEqual(['shop-cache', 'shop-flag']);
    expect(forPeople.map(({ id, because }) => [id, because])).toEqual([
      ['shop-strange', 'it is not on main'],
      ['shop-flag', 'the runbook on main says something else by now'],
    ]);
  });

  test('narrows by failure type where a runbook has it, and not where none has', () => {
    const types = (failureTypes: string[]) =>
      retrieve([cache, flag], { ...incident, failureTypes }).matches.map(({ runbook }) => runbook);
    expect(types(['bad_flag'])).toEqual(['shop-flag']);
    expect(types(['disk_full'])).toEqual(['shop-cache', 'shop-flag']);
  });
});

test('among thousands of a service the one that rings is found, whatever order they came in', () => {
  const noise = Array.from({ length: 3000 }, (_, index) => ({
    ...searchableDocument(runbookDocument(flag)),
    id: `noise-${index}`,
    title: `Job ${index} is late`,
    alerts: [`Nightly job ${index} is late`],
    keywords: ['job', `queue${index % 90}`],
  }));
  const wanted = searchableDocument(runbookDocument(cache));
  for (const entries of [
    [wanted, ...noise],
    [...noise, wanted],
  ]) {
    const [first] = createIndex(entries).search(incident);
    expect(first).toMatchObject({ entry: { id: 'shop-cache' }, score: expect.any(Number) });
    expect(first?.score).toBeGreaterThan(85);
  }
});
