// The two nights in which clocks are set, and all the others: what a window means then, and which moments a local time names.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Meaning, standing, WeeklyWindow } from './weekly.ts';
import { isZone, momentsOf, offsetIn } from './zone.ts';

const window = (from: string, to: string, more: object = {}): WeeklyWindow =>
  WeeklyWindow.parse({ from, to, zone: 'Europe/Berlin', ...more });
const at = (iso: string): number => Date.parse(iso);

// In Berlin the clocks go from 03:00 back to 02:00 on 25 October 2026, and from 02:00 to 03:00 on 29 March 2026.
describe('when clocks are set', () => {
  test.each<[string, Meaning, string, string, [string, boolean][]]>([
    [
      'a freeze ends the second time its end comes',
      'freeze',
      '00:00',
      '02:30',
      [
        ['2026-10-25T00:29:00Z', true],
        ['2026-10-25T00:45:00Z', true],
        ['2026-10-25T01:29:59Z', true],
        ['2026-10-25T01:30:00Z', false],
      ],
    ],
    [
      'a change window closes the first time its end comes',
      'change window',
      '00:00',
      '02:30',
      [
        ['2026-10-25T00:29:59Z', true],
        ['2026-10-25T00:30:00Z', false],
        ['2026-10-25T01:15:00Z', false],
      ],
    ],
    [
      'a freeze begins the first time its beginning comes',
      'freeze',
      '02:30',
      '05:00',
      [
        ['2026-10-25T00:29:59Z', false],
        ['2026-10-25T00:30:00Z', true],
        ['2026-10-25T01:15:00Z', true],
      ],
    ],
    [
      'a change window opens the second time its beginning comes',
      'change window',
      '02:30',
      '05:00',
      [
        ['2026-10-25T00:45:00Z', false],
        ['2026-10-25T01:29:59Z', false],
        ['2026-10-25T01:30:00Z', true],
      ],
    ],
    [
      'a freeze that begins in the hour that is left out begins when that is jumped over',
      'freeze',
      '02:30',
      '05:00',
      [
        ['2026-03-29T00:59:59Z', false],
        ['2026-03-29T01:00:00Z', true],
      ],
    ],
    [
      'a change window that ends in that hour ends there',
      'change window',
      '00:00',
      '02:30',
      [
        ['2026-03-29T00:59:59Z', true],
        ['2026-03-29T01:00:00Z', false],
      ],
    ],
    [
      'what lies in that hour is not there',
      'change window',
      '02:15',
      '02:45',
      [['2026-03-29T01:00:00Z', false]],
    ],
    [
      'a change window in the hour that comes twice does not open',
      'change window',
      '02:15',
      '02:45',
      [
        ['2026-10-25T00:20:00Z', false],
        ['2026-10-25T01:20:00Z', false],
      ],
    ],
  ])('%s', (_, meaning, from, to, looks) => {
    expect(looks.map(([time]) => [time, standing([window(from, to)], meaning, at(time)).inside])).toEqual(
      looks,
    );
  });

  test('a freeze is never shorter than the clocks on the wall say, and a change window never longer', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
    const time = fc
      .tuple(fc.nat(23), fc.constantFrom(0, 15, 30, 45))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        time,
        time,
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (zone, from, to, now) => {
          fc.pre(from !== to);
          const wall = new Intl.DateTimeFormat('en-GB', {
            timeZone: zone,
            hour: '2-digit',
            minute: '2-digit',
          }).format(now);
          const onWall = from < to ? wall >= from && wall < to : wall >= from || wall < to;
          const all = [window(from, to, { zone })];
          if (onWall) expect(standing(all, 'freeze', now).inside).toBe(true);
          else expect(standing(all, 'change window', now).inside).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('what is said to be the end is the end', () => {
    const time = fc
      .nat(95)
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom<Meaning>('freeze', 'change window'),
        fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }),
        (from, to, meaning, now) => {
          fc.pre(from !== to);
          const all = [window(from, to, { days: ['sat', 'sun'] })];
          const { inside, until } = standing(all, meaning, now);
          if (until === null) throw new Error('it has an end');
          expect(standing(all, meaning, until - 1).inside).toBe(inside);
          expect(standing(all, meaning, until).inside).toBe(!inside);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('every moment is one that its own local time names', () => {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => isZone(zone));
  expect(zones.length).toBeGreaterThan(300);
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.integer({ min: 1.7e9, max: 2e9 }), (zone, seconds) => {
      const offset = offsetIn(zone);
      const now = seconds * 1000;
      const [first, last] = momentsOf(now + offset(now), offset);
      expect([first, last]).toContain(now);
    }),
    { numRuns: 1_000 },
  );
});
