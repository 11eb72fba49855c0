import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as encode from './encode.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constantFrom(
    '',
    '.',
    '..',
    '../../etc',
    '-rf',
    '--upload-pack=x',
    'a\nb: c',
    'x.lock',
    '@{u}',
    '$(id)',
    '`id`',
    'CON',
    ' ',
  ),
);

describe('names made from outside text', () => {
  test.each([
    ['branchPart', encode.branchPart, encode.BRANCH_PART],
    ['pathPart', encode.pathPart, encode.PATH_PART],
    ['labelText', encode.labelText, encode.LABEL_TEXT],
    ['trailerValue', encode.trailerValue, encode.TRAILER_VALUE],
    ['environmentValue', encode.environmentValue, encode.ENVIRONMENT_VALUE],
  ])('%s always matches its pattern and does not change on a second pass', (_, encoded, pattern) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const name = encoded(text);
        expect(name).toMatch(pattern);
        expect(encoded(name)).toBe(name);
      }),
    );
  });

  test('a plain id stays as it is', () => {
    expect(encode.branchPart('Q1ABCDEF2')).toBe('Q1ABCDEF2');
    expect(encode.environmentValue('payments-api:v1.2.3')).toBe('payments-api:v1.2.3');
  });

  test('two texts do not become one branch', () => {
    expect(encode.branchPart('a/b')).not.toBe(encode.branchPart('a b'));
    expect(encode.branchPart('Größe überschritten!')).toMatch(/^Grosse|^Gro-e-uberschritten-[0-9a-f]{8}$/);
    expect(encode.branchPart('../..')).toMatch(/^[0-9a-f]{8}$/);
  });

  test('a trailer cannot mention, reference or begin another trailer', () => {
    expect(encode.trailerValue('x\nSigned-off-by: @bob fixes #1')).toBe('x Signed-off-by: bob fixes 1');
    expect(encode.trailerValue('\n\n')).toBe('none');
  });

  test('a label has no comma and fits', () => {
    expect(encode.labelText('vigil:verifying, urgent')).toBe('vigil:verifying urgent');
    expect(encode.labelText('x'.repeat(80))).toBe('x'.repeat(50));
  });
});
