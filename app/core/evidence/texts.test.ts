import { expect, it } from 'vitest';
import { foldedText, foldLogs } from './fold-logs.ts';
import { seriesText } from './series-text.ts';

it('folds lines that differ only in numbers, ids and times', () => {
  const line = (at: string, message: string, status = 'error') => ({ at, status, message });
  const folded = foldLogs(
    [
      line('03:00:02', 'order VS-00017 failed after 120ms: price of socks is NaN'),
      line('03:00:01', 'order VS-00016 failed after 98ms: price of socks is NaN'),
      line('03:00:03', 'request 0b8a2f8e-98a5-4c6e-9f0e-2f3f3f1c7a55 timed out', 'warn'),
    ],
    10,
  );
  expect(
    foldedText(folded),
  ).toBe(`2 x error, 03:00:01 to 03:00:02: order VS-00017 failed after 120ms: price of socks is NaN
1 x warn, 03:00:03 to 03:00:03: request 0b8a2f8e-98a5-4c6e-9f0e-2f3f3f1c7a55 timed out`);
  expect(foldLogs([line('1', 'a'), line('2', 'b'), line('3', 'b')], 1).map(({ sample }) => sample)).toEqual([
    'b',
  ]);
});

it('tells a series as before, around the alert, and last; gaps are gaps', () => {
  const alertAt = Date.parse('2026-11-22T03:00:00Z');
  const at = (minutes: number): number => alertAt + minutes * 60_000;
  expect(
    seriesText(
      'shop.errors{*}',
      [
        { at: at(-30), value: 0 },
        { at: at(-20), value: 1 },
        { at: at(-5), value: null },
        { at: at(0), value: 40.12345 },
        { at: at(2), value: 38 },
      ],
      alertAt,
    ),
  ).toBe(`shop.errors{*}
earlier: 0 to 1, median 1; around the alert: 38 to 40.12, median 40.12; last 38; 1 points without a value
02:30 0, 02:40 1, 03:00 40.12, 03:02 38`);
  expect(seriesText('x', [{ at: at(0), value: null }], alertAt)).toBe('x: no values in this window');
});
