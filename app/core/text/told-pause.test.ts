import { describe, expect, test } from 'vitest';
import { toldPause } from './told-pause.ts';

const now = Date.parse('2026-11-30T12:00:00Z');
const told = (headers: Record<string, string>, status = 429) => toldPause(new Headers(headers), status, now);

describe('a pause that was told', () => {
  test.each<[string, Record<string, string>, number | null]>([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['seconds with a fraction', { 'retry-after': ' 1.5 ' }, 1500],
    ['milliseconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['a date', { 'retry-after': 'Mon, 30 Nov 2026 12:00:30 GMT' }, 30_000],
    ['a date of the old form', { 'retry-after': 'Monday, 30-Nov-26 12:00:30 GMT' }, 30_000],
    ['a date of ISO 8601', { 'retry-after': '2026-11-30T12:01:00Z' }, 60_000],
    ['a moment in seconds', { 'x-ratelimit-reset': String(now / 1000 + 20) }, 20_000],
    ['a moment in milliseconds', { 'ratelimit-reset': String(now + 20_000) }, 20_000],
    ['a limit’s own header', { 'x-ratelimit-reset': '18' }, 18_000],
    [
      'a date that is over, before a limit’s header',
      { 'retry-after': 'Mon, 30 Nov 2026 11:00:00 GMT', 'x-ratelimit-reset': '5' },
      5000,
    ],
    ['nonsense, before a limit’s header', { 'retry-after': 'soon', 'ratelimit-reset': '5' }, 5000],
    ['nothing', {}, null],
    ['zero', { 'retry-after': '0' }, null],
    ['zero milliseconds', { 'retry-after-ms': '0' }, null],
    ['an empty value', { 'retry-after': '' }, null],
    ['less than nothing', { 'retry-after': '-5' }, null],
    ['a word', { 'retry-after': 'a minute' }, null],
    ['an infinite time', { 'retry-after': 'Infinity', 'retry-after-ms': 'Infinity' }, null],
    ['a date that is none', { 'retry-after': 'Mon, 45 Nov 2026 12:00:00 GMT' }, null],
  ])('is read from %s', (_, headers, pause) => expect(told(headers)).toBe(pause));

  test('is measured by the vendor’s clock, where it tells the time', () => {
    const headers = { date: 'Mon, 30 Nov 2026 12:10:00 GMT', 'retry-after': 'Mon, 30 Nov 2026 12:10:04 GMT' };
    expect(told(headers)).toBe(4000);
  });

  test('is no limit’s header where no limit was reached', () => {
    expect(told({ 'x-ratelimit-reset': '3600' }, 503)).toBeNull();
    expect(told({ 'retry-after': '2' }, 503)).toBe(2000);
  });
});
