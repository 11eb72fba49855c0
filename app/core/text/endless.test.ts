import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { parseVerifyPlan } from '#core/verification/plan';
import { hasEnd } from './endless.ts';

const planWith = (expected: string) =>
  `v: 1\nchecks: [{ id: it, kind: http, url: 'http://x/', expect: { ${expected} } }]\nsymptom: { checks: [it] }`;
const LAUGHS = `a: &a [1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
  .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
  .join('\n')}\n`;

describe('a document', () => {
  test('may say the same twice', () => {
    expect(hasEnd(load('a: &a [1, 2]\nb: *a'))).toBe(true);
    expect(hasEnd(null)).toBe(true);
  });
  test.each([
    ['holds itself', '&a [*a]'],
    ['grows without end', LAUGHS],
  ])('that %s is none', (_, text) => expect(hasEnd(load(text))).toBe(false));
  test.each(['schema: &a { type: array, items: *a }', 'json: { /a: &x [*x] }'])(
    'is refused as a plan, and nothing breaks: %s',
    (expected) =>
      expect(parseVerifyPlan(load(planWith(expected)))).toEqual({
        ok: false,
        reason: 'it has no end, or too many parts: an alias leads back into its own value',
      }),
  );
});
