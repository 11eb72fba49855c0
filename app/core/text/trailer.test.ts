import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRAILER_VALUE, trailerValue } from './trailer.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom('', '.', '..', '-rf', 'a\nb: c', '$(id)', '`id`', ' ', '@bob', 'fixes #1'),
);

describe('a trailer', () => {
  test('always matches its pattern and does not change on a second pass', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const value = trailerValue(text);
        expect(value).toMatch(TRAILER_VALUE);
        expect(trailerValue(value)).toBe(value);
      }),
    );
  });

  test('cannot mention, reference or begin another trailer', () => {
    expect(trailerValue('x\nSigned-off-by: @bob fixes #1')).toBe('x Signed-off-by: bob fixes 1');
    expect(trailerValue('\n\n')).toBe('none');
  });
});
