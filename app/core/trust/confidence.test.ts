// Confidence: the smallest of its parts, each shown.
import { describe, expect, test } from 'vitest';
import { type ConfidenceInput, confidence } from './confidence.ts';

const earned = { successes: 30, failures: 0, sampled: 0, lowerBound: 91, reason: '30 verified successes' };
const input = (change: Partial<ConfidenceInput> = {}): ConfidenceInput => ({
  match: { runbook: 'shop-cache', score: 98.7 },
  history: earned,
  model: null,
  quotes: { verified: 0, unverified: 0 },
  ...change,
});

describe('confidence', () => {
  test('is the smallest of its parts, and every part is shown with its reason', () => {
    expect(confidence(input({ model: 95 }))).toEqual({
      value: 91,
      components: [
        { name: 'evidence', value: 98, reason: 'the alert matches runbook shop-cache' },
        { name: 'history', value: 91, reason: '30 verified successes' },
        { name: 'model', value: 95, reason: 'the model about its own answer' },
      ],
    });
  });

  test('is capped at 60 where no runbook matches', () => {
    expect(confidence(input({ match: null })).value).toBe(60);
  });

  test('is capped at 50 by one quote that is not in the evidence', () => {
    const { value, components } = confidence(input({ quotes: { verified: 3, unverified: 1 } }));
    expect(value).toBe(50);
    expect(components.at(-1)).toEqual({
      name: 'quotes',
      value: 50,
      reason: '1 quoted lines are not in the evidence',
    });
  });

  test('is only ever lowered by what the model says of itself', () => {
    for (let said = 0; said <= 100; said++)
      expect(confidence(input({ model: said })).value).toBe(Math.min(said, 91));
    expect(confidence(input({ model: null })).value).toBe(91);
  });

  test('is nothing without a history', () => {
    expect(confidence(input({ history: { ...earned, lowerBound: 0 } })).value).toBe(0);
  });
});
