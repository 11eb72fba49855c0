// What one run of a command says: red, green, or nothing, and in which words.
import { describe, expect, test } from 'vitest';
import { judgeRun } from './command-run.ts';

describe('a run', () => {
  const ran = { exit: 0, late: false, out: '', err: '', lost: 0 };
  const judged = (expected: object, more: object) =>
    judgeRun({ expect: { exit: 0, ...expected }, timeout_s: 5 }, { ...ran, ...more }, (text) => text);
  test.each<[object, object, unknown]>([
    [{ number: { below: 5 } }, { out: '4.5\n' }, { fault: null }],
    [{ number: { below: 5 } }, { out: '5' }, { fault: 'printed 5, expected below 5' }],
    [{ number: { above: 1, below: 5 } }, { out: '1' }, { fault: 'printed 1, expected above 1 and below 5' }],
    [{ number: { below: 5 } }, { out: '4 5' }, { nothing: 'it printed no number: 4 5' }],
    [
      { number: { below: 5 } },
      { out: 'ERR max clients' },
      { nothing: 'it printed no number: ERR max clients' },
    ],
    [
      { number: { below: 5 } },
      { out: '4', lost: 1 },
      { nothing: 'it printed 1 bytes more than a look keeps: let it print less' },
    ],
    [{ lines: { at_least: 2 } }, { out: 'a\n\n  \n' }, { fault: 'printed 1 lines, expected 2 at least' }],
    [{ lines: { at_most: 0 } }, { out: '\n' }, { fault: null }],
    [
      { text: { contains: ['ready'] } },
      { out: 'not\n' },
      { fault: 'the text "ready" is missing in the output' },
    ],
    [{ text: { matches: '* of 3 ready' } }, { out: '2 of 3 ready\n' }, { fault: null }],
    [
      { text: { equals: 'active' } },
      { out: 'failed\n' },
      { fault: 'the output is another text of 7 letters than expected' },
    ],
    [{ text: { lacks: ['error'] } }, { out: 'an error' }, { fault: 'the output contains "error"' }],
    [
      { exit: [0, 1] },
      { exit: 2, out: 'out', err: 'why\n' },
      { fault: 'ended with exit code 2, expected 0 or 1: why' },
    ],
    [{}, { exit: 3, out: 'inactive' }, { fault: 'ended with exit code 3, expected 0: inactive' }],
    [
      {},
      { exit: 127, err: 'x: not found' },
      { nothing: 'the workspace has no such command, or may not run it (exit code 127): x: not found' },
    ],
    [{}, { exit: 137 }, { nothing: 'signal 9 ended it' }],
    [{}, { exit: 124, late: true }, { fault: 'did not end within 5 s' }],
  ])('that should be %j and was %j', (expected, more, said) => expect(judged(expected, more)).toEqual(said));

  test('is redacted before it is cut, on one line', () => {
    const out = `${'a'.repeat(150)} hunter2hunter2\u001b[31m\n`;
    const said = judgeRun({ expect: { exit: 1 }, timeout_s: 5 }, { ...ran, out }, (text) =>
      text.replace('hunter2hunter2', '[SECRET]'),
    );
    expect(said).toEqual({ fault: `ended with exit code 0, expected 1: ${'a'.repeat(150)} [SECRET] …` });
  });
});
