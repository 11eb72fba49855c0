import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundOf, percent } from './bound.ts';

describe('a bound', () => {
  test.each([
    ['<= 1 %', 0.01],
    ['<=1%', 0.01],
    ['≤ 0.5 %', 0.005],
    [' < 12.25 % ', 0.1225],
    ['<= 0.01 %', 0.0001],
    ['<= 50 %', 0.5],
  ])('of %j is the share %d', (words, share) => expect(boundOf(words)).toBe(share));

  test.each([
    '1 %',
    '<= 1',
    '>= 1 %',
    '<= 0 %',
    '<= 0.001 %',
    '<= 51 %',
    '<= 1.2345 %',
    '<= 1 % ok',
    '',
    '-1 %',
  ])('is not in %j', (words) => expect(boundOf(words)).toBe(null));

  test('means exactly what is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 50_000 }), (thousandths) => {
        expect(boundOf(`<= ${(thousandths / 1000).toFixed(3)} %`)).toBe(thousandths / 100_000);
      }),
    );
  });
});

test.each([
  [0, '0 %'],
  [0.0004, '0.04 %'],
  [0.01, '1 %'],
  [0.0246, '2.5 %'],
  [0.2233, '22.3 %'],
  [0.9999, '99.9 %'],
  [1, '100 %'],
])('the share %d is told as %s', (share, words) => expect(percent(share)).toBe(words));
