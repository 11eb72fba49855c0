import { expect, test } from 'vitest';
import { alternatives } from './braces.ts';

test.each([
  ['{rm,-rf,/srv}', ['rm', '-rf', '/srv']],
  ['{1..4}', ['1', '2', '3', '4']],
  ['{4..1..2}', ['4', '2']],
  ['{08..10}', ['08', '09', '10']],
  ['{c..a}', ['c', 'b', 'a']],
  ['{a,b{c,d}}', ['a', 'bc', 'bd']],
  ['{,x}', ['', 'x']],
])('%s becomes %j', (braces, words) => {
  expect(alternatives(braces)).toEqual(words);
});

test.each(['{$x,y}', '{`id`,y}', '{"a",b}', '{1..100000}', '{a..C}'])('%s is not plain text', (braces) => {
  expect(alternatives(braces)).toBeNull();
});
