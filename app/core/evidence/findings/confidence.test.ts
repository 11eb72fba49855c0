import { expect, it } from 'vitest';
import { readConfidence } from './confidence.ts';

it.each([
  ['85%', 0.85],
  ['0.85', 0.85],
  ['85', 0.85],
  ['8/10', 0.8],
  ['8 / 0', null],
  [0.4, 0.4],
  ['high', 0.8],
  ['Very likely (about 70 %)', 0.7],
  ['medium', 0.6],
  ['unlikely', 0.1],
  ['140%', null],
  ['quite', null],
])('%s is %s', (said, value) => {
  expect(readConfidence(said)).toEqual({ value, said: String(said) });
});

it('is unknown, not nought, when nothing was said', () => {
  expect(readConfidence(null)).toBe(null);
  expect(readConfidence(' ')).toBe(null);
});
