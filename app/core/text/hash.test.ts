// Hashes compared with what real git computes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical, gitBlobId, gitTreeId, sha256 } from './hash.ts';

let dir = '';
const git = (args: string[], input = ''): string =>
  execFileSync('git', args, { cwd: dir, input, env: { PATH: process.env['PATH'], HOME: dir } })
    .toString()
    .trim();
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-hash-'));
  git(['init', '--quiet']);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const realTree = (files: Record<string, string>): string => {
  const rows = Object.entries(files).map(([name, text]) => {
    const blob = git(['hash-object', '-w', '--stdin'], text);
    return `100644 blob ${blob}\t${name}\0`;
  });
  return git(['mktree', '-z'], rows.join(''));
};

describe('an object id', () => {
  test.each(['', 'x', 'line\n', 'ä€😀\r\n\0', 'a'.repeat(70_000)])('of a blob is what git says', (text) => {
    writeFileSync(join(dir, 'blob'), text);
    expect(gitBlobId(text)).toBe(git(['hash-object', '--no-filters', 'blob']));
  });

  test('of a remediation folder is what git says', () => {
    const files = { 'verify.yml': 'v: 1\n', 'fix.sh': 'true\n', 'remediation.yml': 'v: 1\n', 'undo.sh': '' };
    expect(gitTreeId(files)).toBe(realTree(files));
  });

  test.each([[['a', 'a.b', 'a-b', 'A', 'a0', '_']], [['\uff5e', '😀', 'é', 'z']]])(
    'of a folder does not depend on the order of names: %j',
    (names) => {
      const files = Object.fromEntries(names.map((name) => [name, `in ${name}`]));
      expect(gitTreeId(files)).toBe(realTree(files));
      expect(gitTreeId(Object.fromEntries(Object.entries(files).reverse()))).toBe(gitTreeId(files));
    },
  );
});

describe('canonical JSON', () => {
  test('sorts keys at every depth, has no white space and leaves out what is undefined', () => {
    expect(canonical({ b: [1, { d: null, c: 'x\n' }], a: true, gone: undefined })).toBe(
      '{"a":true,"b":[1,{"c":"x\\n","d":null}]}',
    );
  });

  test('is the same for equal values in any order of keys, and reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const shuffled = reverseKeys(value);
        expect(canonical(shuffled)).toBe(canonical(value));
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 200 },
    );
  });
});

test('sha256 is that of the UTF-8 bytes', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256('ä')).toBe(sha256(Buffer.from([0xc3, 0xa4])));
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reverseKeys(item)]),
  );
}
