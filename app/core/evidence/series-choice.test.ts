import { describe, expect, test } from 'vitest';
import { bySickness } from './series-choice.ts';

const alertAt = Date.parse('2026-11-30T03:00:00Z');
/** Values at 28, 20 and 5 minutes before the alert, at the alert, and after it. */
const series = (tag: string, ...values: (number | null)[]) => ({
  name: `http.errors{env:prod,${tag}}`,
  tags: ['env:prod', tag],
  points: values.map((value, index) => ({
    at: alertAt + ([-28, -20, -5, 0, 2][index] ?? 0) * 60_000,
    value,
  })),
});
const healthy = 'abcdefghijkl'.split('').map((name) => series(`service:${name}`, 1, 2, 1, 1, 2));
const sought = { tags: [] as string[], red: [] as string[][], alertAt };
const first = (all: Parameters<typeof bySickness>[0], change: Partial<typeof sought> = {}) =>
  bySickness(all, { ...sought, ...change })
    .slice(0, 5)
    .map(({ tags }) => tags[1]);

describe('of many series', () => {
  test('those of the alert come first, wherever they stand', () => {
    const tags = ['team:core', 'ENV:prod', 'service:G'];
    expect(first([...healthy, series('service:z', 1, 1, 1, 90, 90)], { tags }).slice(0, 2)).toEqual([
      'service:g',
      'service:z',
    ]);
  });

  test('those of a red group come next', () => {
    expect(first(healthy, { red: [['service:k', 'env:prod'], []] })[0]).toBe('service:k');
  });

  test.each<[string, (number | null)[]]>([
    ['is far from the others at the end', [1, 2, 1, 40, 55]],
    ['spiked when it rang and is quiet again', [1, 2, 1, 40, 1]],
    ['fell to nothing where the others work', [1, 2, -30, -30, -30]],
    ['was sick all the time', [60, 61, 60, 62, 60]],
    ['has gaps', [1, null, null, 40, null]],
  ])('one that %s is among the shown', (_, values) => {
    expect(first([...healthy, series('service:z', ...values)])[0]).toBe('service:z');
  });

  test('one that left its own past is seen beside many that are always high', () => {
    const high = 'mnopqrstu'.split('').map((name) => series(`service:${name}`, 900, 901, 900, 901, 900));
    expect(first([...healthy, ...high, series('service:z', 5, 5, 60, 70, 70)])).toContain('service:z');
  });

  test('none is lost, and those without values come last', () => {
    const silent = series('service:0', null, null, null, null, null);
    const all = bySickness([silent, ...healthy], sought);
    expect(all).toHaveLength(13);
    expect(bySickness([], sought)).toEqual([]);
    expect(first([silent, series('service:z', 1, 1, 1, 9, 9), ...healthy])[0]).toBe('service:z');
  });
});
