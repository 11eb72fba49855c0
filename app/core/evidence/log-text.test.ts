import { describe, expect, test } from 'vitest';
import { logText } from './log-text.ts';

const line = (status: string, message: string, at = '03:00') => ({ at, status, message });
const searched = { gaps: [], odd: 0, more: false, tiers: ['indexes'] };

describe('logs as evidence', () => {
  test('are kinds with counts, the worst status first however rare it is', () => {
    const warnings = Array.from({ length: 60 }, (_, index) => line('warn', `slow ${'x'.repeat(index % 15)}`));
    const { title, text } = logText('shop', {
      ...searched,
      lines: [...warnings, line('emergency', 'panic: nil map')],
    });
    expect(title).toBe('61 lines of shop, 16 kinds');
    expect(text.split('\n')[0]).toBe('1 x emergency, 03:00 to 03:00: panic: nil map');
    expect(text.split('\n').at(-1)).toBe('and 4 more kinds');
  });

  test('that were not all searched say so first', () => {
    const gaps = ['the search timed out'];
    expect(logText('shop', { ...searched, gaps, lines: [line('error', 'full')] })).toEqual({
      title: '1 line of shop, one kind; not all logs were searched',
      text: 'Not all logs were searched: the search timed out.\n1 x error, 03:00 to 03:00: full',
    });
  });

  test('of which some cannot be read, or are older, say that too', () => {
    const { title, text } = logText('shop', {
      ...searched,
      odd: 2,
      more: true,
      lines: [line('error', 'full')],
    });
    expect(title).toBe('the newest 1 line of shop, one kind');
    expect(text).toBe('2 more events cannot be read.\n1 x error, 03:00 to 03:00: full');
  });

  test('of a service that logs everything as info are told as what they are', () => {
    const lines = [line('info', 'ERROR: connection refused'), line('info', 'ERROR: connection refused')];
    expect(logText('shop', { ...searched, lines })).toEqual({
      title: '2 lines of shop that speak of errors, one kind',
      text: `no line has a status of warning or worse in this window; these speak of errors all the same:
2 x info, 03:00 to 03:00: ERROR: connection refused`,
    });
  });

  test('of both kinds are counted apart', () => {
    const lines = [line('error', 'full'), line('info', 'retry after error'), line('debug', 'no error')];
    expect(logText('shop', { ...searched, lines }).title).toBe(
      '1 line of shop and 2 more that speak of errors, 3 kinds',
    );
  });

  test('that hold nothing are told with what was looked for, and where', () => {
    expect(logText('shop', { ...searched, tiers: ['indexes', 'flex'], lines: [] })).toEqual({
      title: 'no line of shop has a status of warning or worse, and none speaks of an error',
      text: 'no line has a status of warning or worse in this window, and none speaks of an error (searched: indexes, flex)',
    });
  });
});
