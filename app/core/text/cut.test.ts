// Cuts as a reader sees them: no half flag, no half emoji, no accent without its letter, whatever the length.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, fitted, shorten } from './cut.ts';

describe('a cut', () => {
  test.each([
    ['an emoji of two units', 'ab🔥cd', 3, 'ab'],
    ['a flag', 'ab🇩🇪🇫🇷', 4, 'ab'],
    ['a flag after a flag', 'ab🇩🇪🇫🇷', 8, 'ab🇩🇪'],
    ['a skin tone', 'ab👍🏽', 4, 'ab'],
    ['a family', 'a👨‍👩‍👧b', 6, 'a'],
    ['an accent that is a sign of its own', 'abe\u0301', 3, 'ab'],
    ['a Windows line end', 'ab\r\ncd', 3, 'ab'],
    ['a syllable of Hangul parts', '\u1112\u1161\u11ab', 2, ''],
  ])('never leaves half of %s', (_, text, most, left) => expect(cut(text, most)).toBe(left));

  test('leaves what fits as it is', () => {
    expect(cut('ab🔥', 4)).toBe('ab🔥');
    expect(cut('ab', 0)).toBe('');
  });

  test('does not lose everything to a letter with ten thousand accents', () => {
    const text = `before ${`e${'\u0301'.repeat(10_000)}`}`;
    expect(cut(text, 500).length).toBe(500);
  });

  test('is never longer than it may be and never ends inside a character', () => {
    const any = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(any, fc.nat(80), (text, most) => {
        const left = cut(text, most);
        expect(left.length).toBeLessThanOrEqual(most);
        const whole = [...new Intl.Segmenter('en').segment(text)].map(({ index }) => index);
        expect([...whole, text.length]).toContain(left.length);
      }),
    );
  });

  test('with a sign says that something is missing, within the limit', () => {
    expect(shorten('one two three', 8)).toBe('one two…');
    expect(shorten('ab🔥cd', 4)).toBe('ab…');
    expect(shorten('one two', 7)).toBe('one two');
  });
});

test('what grows when it is escaped is made of as many words as fit, and no escape is cut', () => {
  const escaped = (most: number): string => cut('&'.repeat(300), most).replaceAll('&', '&amp;');
  const made = fitted(300, 1000, escaped);
  expect(made.length).toBeLessThanOrEqual(1000);
  expect(made).toMatch(/^(&amp;)+$/);
  expect(made.length).toBeGreaterThan(900);
  expect(fitted(300, 2, escaped)).toBe('');
});
