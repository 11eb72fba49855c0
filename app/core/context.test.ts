// Which runbook fits an alert, as an author of runbooks would try it.
import { describe, expect, test } from 'vitest';
import { flagText, purgeText, runbookOf } from '../../test/support/shop.ts';
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
      { runbook: 'shop-cache', score: 100, why: 'alert “Checkout error rate is high”' },
      { runbook: 'shop-flag', score: 20, why: 'alert “Checkout fails after a flag change”' },
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

  test('may be found by its keywords alone', () => {
    expect(match('Orders fail', 'the checkout cache is odd')).toEqual([
      { runbook: 'shop-cache', score: 82, why: '100 % of its keywords' },
    ]);
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
