// Real runs of the bash of this machine, which has --pretty-print, or the tests say that it has not by failing.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Print } from '#core/policy/second-witness';
import { prettyPrint } from './pretty-print.ts';
import { secondWitness } from './second-witness.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-bash-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const plain =
  (text: string): Print =>
  () => ({ is: 'plain', text });
/** A program in the place of bash. */
const other = async (text: string) => {
  const path = join(dir, 'bash');
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o700 });
  return path;
};

describe('bash', () => {
  it('says how it reads a script', async () => {
    expect(await prettyPrint('#!/bin/sh\nif true;then echo "größer  ✓";fi # so\n')).toEqual({
      is: 'read',
      text: '    if true; then\n        echo "größer  ✓";\n    fi;\n',
    });
  });

  it('runs nothing of it, whatever it is', async () => {
    const mark = join(dir, 'ran');
    const lines = [
      `touch ${mark}`,
      `$(touch ${mark})`,
      `\`touch ${mark}\``,
      `echo $(touch ${mark})`,
      `x=$(touch ${mark})`,
    ];
    const more = [
      `cat <<E\n$(touch ${mark})\nE`,
      `trap 'touch ${mark}' DEBUG EXIT\n:`,
      `alias x='touch ${mark}'\nx`,
      `a[$(touch ${mark})]=1`,
    ];
    for (const script of [
      ...lines,
      ...more,
      `set -v; touch ${mark}`,
      `f() { touch ${mark}; }; f`,
      `. ${mark}`,
      `exec touch ${mark}`,
    ])
      await prettyPrint(`${script}\n`);
    await prettyPrint([...lines, ...more].join('\n'));
    expect(existsSync(mark)).toBe(false);
  });

  it.each(['echo (', 'if true; then', 'echo "', 'cat <<E\nno end', "$'"])(
    'cannot read %j',
    async (script) => {
      expect(await prettyPrint(script)).toMatchObject({
        is: 'unreadable',
        reason: expect.stringMatching(/line \d/),
      });
    },
  );

  it('has nothing of our environment', async () => {
    const path = await other('env >&2; exit 1');
    const { reason } = (await prettyPrint('x', path)) as { reason: string };
    expect(reason).toMatch(/^(PWD|_|SHLVL|OLDPWD)=/);
  });

  it('is absent where it is not there, or too old, and the reason says what helps', async () => {
    const none = join(dir, 'none');
    expect(await prettyPrint('x', none)).toMatchObject({
      is: 'absent',
      reason: expect.stringContaining(`bash 5.2 or newer must stand at ${none}`),
    });
    const old = await other('echo "bash: --pretty-print: invalid option" >&2; exit 2');
    expect(await prettyPrint('x', old)).toMatchObject({
      is: 'absent',
      reason: expect.stringContaining('bash is too old here (bash: --pretty-print: invalid option)'),
    });
  });

  it('is no witness of what it prints without end, or with a complaint', async () => {
    expect(await prettyPrint('x', await other('exec yes'))).toMatchObject({
      is: 'unreadable',
      reason: 'its own print is longer than 1000000 bytes',
    });
    expect(await prettyPrint('x', await other('echo x; echo "warning: y" >&2'))).toMatchObject({
      is: 'unreadable',
    });
  });
});

describe('the second witness', () => {
  const script = '#!/usr/bin/env bash\nset -e\n# why\necho "a"; if [ -f x ];then echo y;fi\n';

  it('agrees with a print that bash reads alike, however it is laid out', async () => {
    const print = plain('set -e\necho "a"; if [ -f x ]; then\n  echo y\nfi\n');
    expect(await secondWitness(script, print)).toEqual({ is: 'agrees' });
  });

  it.each([
    ['a word', script.replace('echo "a"', 'echo b'), 'bash reads “echo "a";”'],
    ['a quote', script.replace('"a"', 'a'), 'where Vigil has understood “echo a;”'],
    ['a command', 'set -e\n', 'where Vigil has understood nothing'],
    ['a command more', `${script}id\n`, 'bash reads nothing where Vigil has understood “id;”'],
    ['a here-document', `${script}cat <<E\n\nE`, 'where Vigil has understood “cat <<E”'],
    ['what bash cannot read', 'if', 'bash cannot read it'],
  ])('disagrees with a print that has %s otherwise', async (_, print, says) => {
    expect(await secondWitness(script, plain(print))).toEqual({
      is: 'disagrees',
      reason: expect.stringContaining(says),
    });
  });

  it('has nothing to say of what is not plain', async () => {
    expect(await secondWitness('if', () => ({ is: 'not-plain' }), join(dir, 'none'))).toEqual({
      is: 'not-plain',
    });
  });

  it('is absent without bash', async () => {
    expect(await secondWitness(script, plain(script), join(dir, 'none'))).toMatchObject({ is: 'absent' });
  });
});
