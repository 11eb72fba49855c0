// What somebody sees who has a script formatted: the script with its quotes, what is left to write, and whether a file would change.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fmt-test-'));
  await writeFile(join(dir, 'fix.sh'), LOOSE);
  await writeFile(join(dir, 'fine.sh'), FIRM);
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const LOOSE = 'n=5\nfor i in a b; do echo $i; done # $i\necho "$((n + 1))"\n';
const FIRM = LOOSE.replace('echo $i;', 'echo "$i";');
const fmt = (...args: string[]) => vigil(dir, ['fmt', ...args]);
const onFile = async (name: string) => readFile(join(dir, name), 'utf8');

describe('vigil fmt', () => {
  it('prints the script with its quotes, and leaves the file', async () => {
    expect(await fmt('fix.sh')).toEqual({ out: FIRM, err: '', code: 0 });
    expect(await fmt('fine.sh')).toEqual({ out: FIRM, err: '', code: 0 });
    expect(await onFile('fix.sh')).toBe(LOOSE);
  });

  it('reads standard input', async () => {
    expect(await vigil(dir, ['fmt', '-'], null, LOOSE)).toEqual({ out: FIRM, err: '', code: 0 });
    expect(await vigil(dir, ['fmt', '-', '--check'], null, LOOSE)).toMatchObject({ code: 1 });
  });

  it('--check names what would change, and ends with 1', async () => {
    expect(await fmt('fine.sh', 'fix.sh', '--check')).toEqual({
      out: 'fix.sh: one word to quote\n',
      err: '',
      code: 1,
    });
    expect(await fmt('fine.sh', '--check')).toEqual({ out: '', err: '', code: 0 });
    expect(await onFile('fix.sh')).toBe(LOOSE);
  });

  it('--write changes the file, once', async () => {
    expect(await fmt('fix.sh', 'fine.sh', '--write')).toEqual({
      out: 'fix.sh: one word quoted\n',
      err: '',
      code: 0,
    });
    expect(await onFile('fix.sh')).toBe(FIRM);
    expect(await fmt('fix.sh', '--write')).toEqual({ out: '', err: '', code: 0 });
  });

  it('says what it cannot mend, where, and what to write, and puts the quotes all the same', async () => {
    await writeFile(join(dir, 'odd.sh'), 'x=web\necho $x $(date)\n');
    expect(await fmt('odd.sh')).toEqual({
      out: 'x=web\necho "$x" $(date)\n',
      err: [
        'odd.sh:2:11: review not-plain: $(date) outside quotes is not plain. Write "$(date)".',
        '    2 | echo "$x" $(date)',
        '      |           ^^^^^^^',
        '',
      ].join('\n'),
      code: 0,
    });
  });

  it('--json has all of it for programs', async () => {
    await writeFile(join(dir, 'odd.sh'), 'echo $y\n');
    const { out, code } = await fmt('fix.sh', 'odd.sh', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      files: [
        { file: 'fix.sh', added: 1, text: FIRM, findings: [] },
        {
          file: 'odd.sh',
          added: 0,
          text: 'echo $y\n',
          findings: [
            expect.objectContaining({ line: 1, column: 6, level: 'review', code: 'not-plain' }),
            expect.objectContaining({ line: 1, column: 6, level: 'review', code: 'unset' }),
          ],
        },
      ],
    });
  });

  it.each([
    [[], 'vigil fmt: name a script'],
    [['fix.sh', 'fine.sh'], 'vigil fmt: of several scripts, --write, --check or --json'],
    [['fix.sh', '--write', '--check'], 'vigil fmt: --write, --check and --json exclude each other'],
    [['-', '--write'], 'vigil fmt: --write has no file to change for -'],
    [['nowhere.sh'], 'vigil fmt: nowhere.sh cannot be read'],
    [['fix.sh', '--service', 'nobody'], 'vigil fmt: no .github/vigil.yml here or above'],
  ])('says what is wrong with %j', async (args, said) => {
    const { err, code, out } = await fmt(...args);
    expect(err).toContain(said);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('prints nothing of what could steer a terminal, and changes no file before all were read', async () => {
    await writeFile(join(dir, 'bad.sh'), 'echo "\u001b[31m"\n');
    const { err, out, code } = await fmt('fix.sh', 'bad.sh', '--write');
    expect(err).toMatch(/^vigil fmt: bad\.sh cannot be formatted: /);
    expect(err + out).not.toContain('\u001b');
    expect(code).toBe(2);
    expect(await onFile('fix.sh')).toBe(LOOSE);
  });
});
