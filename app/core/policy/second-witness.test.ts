import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { firstDifference, type Reading, testimony } from './second-witness.ts';

const read = (text: string): Reading => ({ is: 'read', text });

describe('the first line in which two prints differ', () => {
  it.each([
    ['echo a\necho b\n', 'echo a\necho c\n', { line: 2, script: 'echo b', print: 'echo c' }],
    ['echo a\n', 'echo a\nrm x\n', { line: 2, script: '', print: 'rm x' }],
    ['echo a\nrm x\n', 'echo a\n', { line: 2, script: 'rm x', print: '' }],
    ['cat <<H\n1\n\n2\nH\n', 'cat <<H\n1\n2\nH\n', { line: 3, script: '', print: '2' }],
    ['echo "a  b"', 'echo "a b"', { line: 1, script: 'echo "a  b"', print: 'echo "a b"' }],
    ['\n\necho a\n\n', 'echo a', null],
    ['', '\n', null],
  ])('of %j and %j', (script, print, first) => {
    expect(firstDifference(script, print)).toEqual(first);
  });

  test('is there whenever anything but empty lines around them differs', () => {
    const text = fc
      .array(fc.constantFrom('echo a', 'echo b', '', '  x'), { maxLength: 6 })
      .map((all) => all.join('\n'));
    const core = (all: string) => all.replace(/^\n+|\n+$/g, '');
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(firstDifference(a, b) === null).toBe(core(a) === core(b));
      }),
    );
  });
});

describe('the witness', () => {
  it('agrees where bash reads both alike', () => {
    expect(testimony(read('\necho a\n'), read('echo a\n'))).toEqual({ is: 'agrees' });
  });

  it('says what bash reads and what Vigil has understood', () => {
    expect(testimony(read('echo $(id)\n'), read("echo '$(id)'\n"))).toEqual({
      is: 'disagrees',
      reason: "bash reads “echo $(id)” where Vigil has understood “echo '$(id)'” (line 1 of bash’s print)",
    });
    expect(testimony(read('echo a\nid\n'), read('echo a\n'))).toMatchObject({
      reason: expect.stringContaining('bash reads “id” where Vigil has understood nothing'),
    });
  });

  it('quotes little of a long line', () => {
    const { reason } = testimony(read('x'.repeat(4000)), read('y')) as { reason: string };
    expect(reason.length).toBeLessThan(300);
  });

  const unreadable: Reading = { is: 'unreadable', reason: 'bash: line 1: syntax error' };
  const absent: Reading = { is: 'absent', reason: 'no bash' };
  it.each<[string, Reading, Reading, object]>([
    [
      'the script',
      unreadable,
      read(''),
      { is: 'disagrees', reason: 'bash cannot read it: bash: line 1: syntax error' },
    ],
    ['the print', read(''), unreadable, { is: 'disagrees' }],
    ['either, since it is not there', absent, absent, { is: 'absent', reason: 'no bash' }],
    ['the print any more', read('x'), absent, { is: 'absent' }],
  ])('does not agree where bash cannot read %s', (_, script, print, says) => {
    expect(testimony(script, print)).toMatchObject(says);
  });
});
