// What may be said of the whole body of an answer, and which bodies it fits.
import { describe, expect, test } from 'vitest';
import { BodyWords, bodyFault } from './body.ts';

const said = (words: object, text: string) => bodyFault(BodyWords.parse(words), text);

describe('a body', () => {
  test.each([
    [{ equals: 'pong' }, 'pong\n'],
    [{ equals: 'a\nb\n' }, 'a\nb'],
    [{ matches: 'version *, all well' }, 'version 7.1, all well\n'],
    [{ matches: '*well' }, 'well'],
    [{ matches: 'a*a' }, 'aa'],
    [{ matches: 'a*b*c' }, 'a b b c c'],
    [{ matches: '<ul>*</ul>' }, '<ul>\n<li>1</li>\n</ul>'],
    [{ lacks: ['Sorry', 'maintenance'] }, 'All well'],
  ])('fits %j: %j', (words, text) => expect(said(words, text)).toBeNull());
  test.each([
    [{ equals: 'pong' }, 'pong!', 'the answer is another text of 5 letters than expected'],
    [{ equals: 'pong' }, ' pong', 'the answer is another text of 5 letters than expected'],
    [{ matches: 'a*a' }, 'a', 'the answer does not match "a*a"'],
    [{ matches: 'abc' }, 'abcd', 'the answer does not match "abc"'],
    [{ matches: 'ab*bc' }, 'abc', 'the answer does not match "ab*bc"'],
    [{ matches: 'a*b*c' }, 'acb', 'the answer does not match "a*b*c"'],
    [{ matches: '.*' }, 'x', 'the answer does not match ".*"'],
    [{ lacks: ['Sorry', 'maintenance'] }, 'in maintenance', 'the answer contains "maintenance"'],
  ])('does not fit %j: %j', (words, text, reason) => expect(said(words, text)).toBe(reason));
  test('of megabytes is compared in a moment, whatever the pattern', () => {
    const began = performance.now();
    expect(said({ matches: `${'a*'.repeat(499)}b` }, 'a'.repeat(4_000_000))).not.toBeNull();
    expect(performance.now() - began).toBeLessThan(1000);
  });
  test.each([[{}], [{ matches: '**' }], [{ equals: '' }], [{ lacks: [] }], [{ regex: 'a' }]])(
    '%j is refused',
    (words) => expect(BodyWords.safeParse(words).success).toBe(false),
  );
});
