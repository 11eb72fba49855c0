import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalise, visible } from './untrusted.ts';

describe('text from outside', () => {
  test.each([
    ['colours', '\x1b[31;1mred\x1b[0m', 'red'],
    ['a terminal link', '\x1b]8;;https://evil.example\x07click\x1b]8;;\x07', 'click'],
    ['an open terminal string, whose text stays to be seen', '\x1b]0;rm -rf /', '0;rm -rf /'],
    ['one-byte control introducers', '\x9b2Jx', 'x'],
    ['bidi overrides and marks', 'a\u202eb\u2066c\u2069\u200e\u061cd', 'abcd'],
    ['zero-width characters', 'pass\u200b\u200c\u200d\u2060\ufeffword', 'password'],
    ['invisible operators and fillers', 'a\u2062\u2064\u115f\u1160\u3164\uffa0\u2800b', 'ab'],
    ['tag characters', 'ok\u{e0061}\u{e0070}\u{e007f}', 'ok'],
    ['variation selectors', 'a\ufe0f\u{e0100}b', 'ab'],
    ['soft hyphens and NUL', 'a\u00adb\0c\x07', 'abc'],
    ['lone surrogates', 'a\ud800b', 'ab'],
    ['line ends of every kind', 'a\r\nb\rc\u2028d\x85e', 'a\nb\nc\nd\ne'],
    ['no-break spaces', 'a\u00a0b\u3000c', 'a b c'],
  ])('loses %s', (_, text, seen) => {
    expect(normalise(text, { maxChars: 1000 })).toBe(seen);
  });

  test('keeps tabs, line ends and other scripts, composed', () => {
    expect(normalise('Zu\u0308rich\tΑθήνα\n東京 🚀', { maxChars: 1000 })).toBe('Zürich\tΑθήνα\n東京 🚀');
  });

  test('says how much was cut, within the limit', () => {
    expect(normalise('x'.repeat(200), { maxChars: 60 })).toBe(
      `${'x'.repeat(21)}\n[truncated: about 140 more characters]`,
    );
    expect(normalise('x'.repeat(200), { maxChars: 10 })).toBe('x'.repeat(10));
    expect(normalise('🚀🚀', { maxChars: 3 })).toBe('🚀');
  });

  test('is within its limit, settled and visible whatever came in', () => {
    const any = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(any, fc.nat(200), (text, maxChars) => {
        const once = normalise(text, { maxChars });
        expect(once.length).toBeLessThanOrEqual(maxChars);
        expect(visible(once)).toBe(once);
        expect(normalise(once, { maxChars })).toBe(once);
      }),
    );
  });
});
