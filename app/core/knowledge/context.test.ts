// Which runbook fits an alert, as an author of runbooks would try it.
import { describe, expect, test } from 'vitest';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { matchRunbooks, PROPOSE_THRESHOLD } from './context.ts';

const runbooks = [runbookOf(flagText), runbookOf(purgeText)];
const match = (title: string, text = '', service = 'shop') =>
  matchRunbooks(runbooks, { service, title, text }).map(({ runbook, score, why }) => ({
    runbook,
    score,
    why,
  }));

describe('a runbook', () => {
  test('whose alert rings comes first, with the reason', () => {
    expect(match('Checkout error rate is high: 7 %', 'checkout cache')).toEqual([
      { runbook: 'shop-cache', score: 98, why: 'alert “Checkout error rate is high”' },
      {
        runbook: 'shop-flag',
        score: 16,
        why: 'shares checkout; the alert’s name does not speak of it',
      },
    ]);
  });

  test('carries its title and the hash of its file, so that a proposal can cite exactly this one', () => {
    expect(
      matchRunbooks(runbooks, { service: 'shop', title: 'Checkout error rate is high', text: '' })[0],
    ).toMatchObject({ title: 'Checkout fails because of the cache', sha256: runbooks[1]?.sha256 });
  });

  test('of another service never matches, whatever the words say', () => {
    expect(match('Checkout error rate is high', 'checkout cache', 'billing')).toEqual([]);
  });

  test('may be found by other words than its own: whatever monitors call a cache', () => {
    expect(match('RedisKeysStale')).toEqual([{ runbook: 'shop-cache', score: 36, why: 'shares cache' }]);
  });

  test('of which the alert’s name says nothing is not proposed, however often the evidence names it', () => {
    const [first] = match('Strange user agents', 'checkout cache order error rate '.repeat(50));
    expect(first?.runbook).toBe('shop-cache');
    expect(first?.score).toBeLessThan(PROPOSE_THRESHOLD);
    expect(first?.why).toMatch(/the alert’s name does not speak of it$/);
  });

  test('beside which another fits as well is not proposed, and the other is named', () => {
    const [first] = match(
      'Checkout error rate is high',
      'Checkout fails after a flag change: pricing flag switched on',
    );
    expect(first?.score).toBeLessThan(PROPOSE_THRESHOLD);
    expect(first?.why).toBe('alert “Checkout error rate is high”; shop-flag fits as well');
  });

  test('whose cause the evidence rules out is not proposed', () => {
    const [first] = match('Checkout error rate is high', 'The cache is healthy.');
    expect(first?.why).toBe('alert “Checkout error rate is high”; the evidence rules out cache');
    expect(first?.score).toBeLessThan(PROPOSE_THRESHOLD);
  });

  test('with one word in common stays below what Vigil proposes from', () => {
    for (const { score } of match('Error budget')) expect(score).toBeLessThan(PROPOSE_THRESHOLD);
  });

  test('with nothing in common is not named at all', () => {
    expect(match('Disk full', 'on db-7')).toEqual([]);
  });

  test('among equals is chosen by name, so that every replica chooses the same', () => {
    const twins = [
      { ...runbookOf(purgeText), id: 'zz-twin' },
      { ...runbookOf(purgeText), id: 'aa-twin' },
    ];
    const found = matchRunbooks(twins, { service: 'shop', title: 'Checkout error rate is high', text: '' });
    expect(found.map(({ runbook }) => runbook)).toEqual(['aa-twin', 'zz-twin']);
  });

  test('is one of at most five', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({ ...runbookOf(purgeText), id: `twin-${index}` }));
    expect(
      matchRunbooks(many, { service: 'shop', title: 'Checkout error rate is high', text: '' }),
    ).toHaveLength(5);
  });
});
