import { describe, expect, it } from 'vitest';
import { rate, rateText } from './interval.ts';

const rounded = (hits: number, of: number) => {
  const { low, high } = rate(hits, of);
  return [low, high].map((bound) => Math.round(bound * 10_000) / 10_000);
};

describe('the interval of a share', () => {
  // Known values of the Wilson score interval at 95 %.
  it.each([
    [0, 10, [0, 0.2775]],
    [10, 10, [0.7225, 1]],
    [5, 10, [0.2366, 0.7634]],
    [90, 100, [0.8256, 0.9448]],
  ])('of %i of %i is what the formula gives', (hits, of, bounds) =>
    expect(rounded(hits, of)).toEqual(bounds),
  );

  it('says everything is possible when nothing was counted', () => {
    expect(rate(0, 0)).toEqual({ hits: 0, of: 0, value: null, low: 0, high: 1 });
    expect(rateText(rate(0, 0))).toBe('none');
  });

  it('is told with its count', () => expect(rateText(rate(18, 20))).toBe('18 of 20, 90.0 % (69.9 to 97.2)'));
});
