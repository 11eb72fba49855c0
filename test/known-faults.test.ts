// Every fault that a test expects stands in docs/known-faults.md, and nothing else does. The count of open ones is printed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, sourceFiles } from './support/files.ts';
import { known } from './weather/known.ts';

test('the faults that tests expect are the ones that are told', async () => {
  const page = await readFile(join(root, 'docs/known-faults.md'), 'utf8');
  const told = [...page.matchAll(/^\| ([A-Z]\d+) \|/gm)].map(([, id]) => id ?? '');
  const cells = Object.values(known).flatMap((ends) => Object.values(ends).flat());
  const marked = sourceFiles().flatMap(({ text }) =>
    [...text.matchAll(/\bfails\('([A-Z]\d+): /g)].map(([, id]) => id ?? ''),
  );
  const expected = [...new Set([...cells, ...marked])];
  expect(told.toSorted()).toEqual(expected.toSorted());
  expect(new Set(told).size).toBe(told.length);
  process.stdout.write(`open faults that tests expect: ${told.length} (${told.join(', ')})\n`);
});
