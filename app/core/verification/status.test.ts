import { describe, expect, test } from 'vitest';
import { fitsStatus, mayHaveLocation, StatusSet, statusWords } from './status.ts';

describe('the status an answer may have', () => {
  test.each([
    [200, [200], [201, 404]],
    [
      [200, 204],
      [200, 204],
      [201, 203, 500],
    ],
    ['2xx', [200, 204, 299], [199, 300, 404]],
    ['200-204', [200, 203, 204], [199, 205]],
    [
      ['2xx', 304],
      [200, 299, 304],
      [300, 303, 404],
    ],
  ] as const)('%j fits what it names and nothing else', (set, good, bad) => {
    const parsed = StatusSet.parse(set);
    expect(good.filter((status) => !fitsStatus(parsed, status))).toEqual([]);
    expect(bad.filter((status) => fitsStatus(parsed, status))).toEqual([]);
  });

  test.each([
    [99],
    [600],
    ['200'],
    ['6xx'],
    ['2XX'],
    ['204-200'],
    ['200-'],
    [[]],
    [['2xx', '4xx', '5xx']],
    ['100-599'],
  ])('%j is refused', (set) => {
    expect(StatusSet.safeParse(set).success).toBe(false);
  });

  test('is told to people, and known to come with a location or not', () => {
    expect(statusWords(StatusSet.parse([200, '3xx']))).toBe('200 or 3xx');
    expect([200, '2xx', [301, 308], '3xx', 304].map((set) => mayHaveLocation(StatusSet.parse(set)))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });
});
