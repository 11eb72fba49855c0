// The front door of the benchmarks: names are found by file, wrong ones are refused, budgets decide. What benchmarks
// measure is not tested here; they take their time.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bench/run.ts'), ...args]).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );

test('names the benchmarks there are, and no file that is none', async () => {
  const { stdout, code } = await run('--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/NAME is one or more of: .*policy, redact/);
  expect(stdout).not.toMatch(/redact-stream|table|run,/);
});

test.each([
  ['none at all', []],
  ['one that is not there', ['polizei']],
  ['a path', ['../run']],
  ['a helper', ['table']],
])('ends with 2 for %s', async (_, args) => {
  const { code, stdout } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
