// Weekly windows as an organisation means them: by the clocks on the wall, also in the two nights when these are set.
import { describe, expect, test } from 'vitest';
import { closed, frozen, type Meaning, standing, WeeklyWindow, windowWords } from './weekly.ts';
import { momentIn } from './zone.ts';

const window = (from: string, to: string, more: object = {}): WeeklyWindow =>
  WeeklyWindow.parse({ from, to, zone: 'Europe/Berlin', ...more });
const at = (iso: string): number => Date.parse(iso);
const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
const here = (windows: WeeklyWindow[], meaning: Meaning, time: string): [boolean, string | null] => {
  const { inside, until } = standing(windows, meaning, at(time));
  return [inside, iso(until)];
};

const workdays = { days: ['mon', 'tue', 'wed', 'thu', 'fri'] };

describe('a window', () => {
  test.each<[string, WeeklyWindow[], string, boolean, string]>([
    [
      'of office hours',
      [window('09:00', '17:00', workdays)],
      '2026-11-30T08:00:00Z',
      true,
      '2026-11-30T16:00:00.000Z',
    ],
    [
      'before it begins',
      [window('09:00', '17:00', workdays)],
      '2026-11-30T07:59:59Z',
      false,
      '2026-11-30T08:00:00.000Z',
    ],
    [
      'that is over for the week',
      [window('09:00', '17:00', workdays)],
      '2026-11-27T16:00:00Z',
      false,
      '2026-11-30T08:00:00.000Z',
    ],
    [
      'past midnight, before it',
      [window('22:00', '06:00', { days: ['fri'] })],
      '2026-11-27T22:30:00Z',
      true,
      '2026-11-28T05:00:00.000Z',
    ],
    [
      'past midnight, after it',
      [window('22:00', '06:00', { days: ['fri'] })],
      '2026-11-28T04:59:00Z',
      true,
      '2026-11-28T05:00:00.000Z',
    ],
    [
      'past midnight, of the day before only',
      [window('22:00', '06:00', { days: ['fri'] })],
      '2026-11-28T22:00:00Z',
      false,
      '2026-12-04T21:00:00.000Z',
    ],
    [
      'over a weekend',
      [window('fri 18:00', 'mon 06:00')],
      '2026-11-29T12:00:00Z',
      true,
      '2026-11-30T05:00:00.000Z',
    ],
    [
      'over a weekend, begun last month',
      [window('fri 18:00', 'mon 06:00')],
      '2026-11-01T00:00:00Z',
      true,
      '2026-11-02T05:00:00.000Z',
    ],
    [
      'nearly the whole week',
      [window('mon 09:00', 'mon 08:00')],
      '2026-11-30T07:30:00Z',
      false,
      '2026-11-30T08:00:00.000Z',
    ],
    [
      'a whole day',
      [window('00:00', '24:00', { days: ['sun'] })],
      '2026-11-29T22:59:59Z',
      true,
      '2026-11-29T23:00:00.000Z',
    ],
    [
      'of two that meet',
      [window('00:00', '12:00'), window('12:00', '18:00')],
      '2026-11-30T10:00:00Z',
      true,
      '2026-11-30T17:00:00.000Z',
    ],
    [
      'in another zone beside it',
      [window('09:00', '17:00'), window('09:00', '17:00', { zone: 'America/New_York' })],
      '2026-11-30T16:30:00Z',
      true,
      '2026-11-30T22:00:00.000Z',
    ],
    [
      'in a zone with half an hour',
      [window('09:00', '17:00', { zone: 'Asia/Kolkata' })],
      '2026-11-30T03:30:00Z',
      true,
      '2026-11-30T11:30:00.000Z',
    ],
    [
      'far in the east',
      [window('00:00', '01:00', { days: ['tue'], zone: 'Pacific/Kiritimati' })],
      '2026-11-30T10:00:00Z',
      true,
      '2026-11-30T11:00:00.000Z',
    ],
  ])('%s', (_, windows, time, inside, until) => {
    expect(here(windows, 'freeze', time)).toEqual([inside, until]);
    expect(here(windows, 'change window', time)).toEqual([inside, until]);
  });

  test('that covers every hour has no end', () => {
    expect(here([window('00:00', '24:00')], 'freeze', '2026-11-30T10:00:00Z')).toEqual([true, null]);
  });
});

describe('in words', () => {
  test.each<[WeeklyWindow, string]>([
    [window('09:00', '17:00', workdays), 'Mon–Fri 09:00–17:00 (Europe/Berlin)'],
    [window('22:00', '06:00'), 'every day 22:00–06:00 (Europe/Berlin)'],
    [window('09:00', '12:00', { days: ['thu', 'tue'] }), 'Tue, Thu 09:00–12:00 (Europe/Berlin)'],
    [window('fri 18:00', 'mon 06:00'), 'Fri 18:00–Mon 06:00 (Europe/Berlin)'],
  ])('%j is %s', (one, words) => {
    expect(windowWords(one)).toBe(words);
  });

  test('a freeze says when it ends, there and in UTC', () => {
    expect(frozen([window('fri 18:00', 'mon 06:00')], new Date('2026-11-29T12:00:00Z'))).toBe(
      'The freeze Fri 18:00–Mon 06:00 (Europe/Berlin) ends on Mon 2026-11-30 at 06:00 Europe/Berlin (05:00 UTC).',
    );
    expect(frozen([window('fri 18:00', 'mon 06:00')], new Date('2026-11-30T12:00:00Z'))).toBeNull();
  });

  test('a change window says when it opens', () => {
    expect(closed([window('09:00', '17:00', workdays)], new Date('2026-11-28T12:00:00Z'))).toBe(
      'It is outside the change window Mon–Fri 09:00–17:00 (Europe/Berlin), which opens on Mon 2026-11-30 at 09:00 Europe/Berlin (08:00 UTC).',
    );
    expect(closed([window('09:00', '17:00', workdays)], new Date('2026-11-30T12:00:00Z'))).toBeNull();
  });

  test('of a time that comes twice, UTC says which one is meant', () => {
    expect(momentIn('Europe/Berlin', at('2026-10-25T00:30:00Z'))).toBe(
      'Sun 2026-10-25 at 02:30 Europe/Berlin (00:30 UTC)',
    );
    expect(momentIn('Europe/Berlin', at('2026-10-25T01:30:00Z'))).toBe(
      'Sun 2026-10-25 at 02:30 Europe/Berlin (01:30 UTC)',
    );
  });
});

test.each([
  ['a zone that nobody knows', { zone: 'Europe/Atlantis' }],
  ['an offset instead of a place', { zone: '+01:00' }],
  ['a short name that knows no summer', { zone: 'EST' }],
  ['a day that nobody knows', { days: ['funday'] }],
  ['a time that is none', { from: '25:00' }],
  ['one time with its day, and one without', { from: 'fri 18:00' }],
  ['days beside times with their day', { days: ['fri'], from: 'fri 18:00', to: 'mon 06:00' }],
  ['a beginning that is its end', { from: '17:00' }],
  ['a beginning at the end of a day', { from: '24:00' }],
])('a window with %s is none', (_, change) => {
  expect(
    WeeklyWindow.safeParse({ from: '09:00', to: '17:00', zone: 'Europe/Berlin', ...change }).success,
  ).toBe(false);
});
