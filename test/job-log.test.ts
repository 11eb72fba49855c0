// What a job prints of somebody else's text, read as a runner reads it: nothing in it may be obeyed, all of it may be read.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '../sandbox/github/actions/commands.ts';
import { createMasks } from '../sandbox/github/actions/masking.ts';
import { root } from './support/files.ts';

const printed = (text: string): string[] => {
  const source = `import { print } from ${JSON.stringify(join(root, 'actions/shared/print.ts'))}; print(process.env.TEXT);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', source], {
    ...{ cwd: root, encoding: 'utf8', env: { ...process.env, TEXT: text } },
  });
  return output.trimEnd().split('\n');
};

/** The log a runner makes of these lines, and a line of its own after them. */
const read = (lines: readonly string[]): { shown: string[]; failed: boolean } => {
  const shown: string[] = [];
  const log = createLog(shown, createMasks());
  for (const line of [...lines, 'the job goes on', '::error::of the job itself']) log.write(line);
  return { shown, failed: log.failed() };
};

const hostile = [
  'done',
  '::error::carried out',
  '  ::add-mask::the job',
  '::set-output name=due::false',
  '::save-state name=workspace::other',
  '::stop-commands::quiet',
  '##[add-mask]the job',
];

test('as it is, a hostile output would be obeyed', () => {
  const { shown, failed } = read(hostile);
  expect(failed).toBe(true);
  expect(shown).toContain('##[error]carried out');
});

test('printed, it is text, and the job’s own commands work again after it', () => {
  const { shown, failed } = read(printed(hostile.join('\n')));
  expect(failed).toBe(false);
  expect(shown).toEqual(expect.arrayContaining(hostile));
  expect(shown.slice(-2)).toEqual(['the job goes on', '##[error]of the job itself']);
});

test('ordinary output stands alone', () => {
  expect(printed('Purging the price cache\n{"orders":1}')).toEqual([
    'Purging the price cache',
    '{"orders":1}',
  ]);
});
