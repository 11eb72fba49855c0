// The one form of a command, and that no value of the inventory can become syntax.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Service } from '#core/settings';
import { shapeFault, withLiterals, wordsOf } from './shape.ts';

describe('a command', () => {
  test.each([
    'redis-cli -h {REDIS_HOST} llen jobs',
    `psql -h {DB_HOST} -At -c 'select count(*) from jobs where state = 1'`,
    'kubectl -n {NS} get pods -o name | wc -l',
    'grep -c "timeout of {NAME}" /var/log/app.log 2>/dev/null',
    `awk '{print $1}' /proc/loadavg`,
    'journalctl -u {UNIT} --since -5min 2>&1 | tail -n 20',
  ])('of this form is taken: %s', (run) => expect(shapeFault(run)).toBeNull());

  test.each([
    ['ls > /tmp/x', 'redirects: only 2>/dev/null and 2>&1 are taken'],
    ['ls 2> /tmp/x', 'redirects: '],
    ['ls >> /dev/null', 'redirects: '],
    ['cat < /etc/passwd', 'redirects: '],
    ['ls &', 'A command in the background outlives what was judged.'],
    ['ls; ls', 'is one command, or one pipeline'],
    ['ls && ls', 'is one command, or one pipeline'],
    ['ls || true', 'is one command, or one pipeline'],
    ['(ls)', 'is one command, or one pipeline'],
    ['{ ls; }', 'is one command, or one pipeline'],
    ['if ls; then ls; fi', 'is one command, or one pipeline'],
    ['ls | (cat)', 'is one command, or one pipeline'],
    ['! ls', 'the exit code says'],
    ['ls $(id)', 'holds a variable or a substitution'],
    ['ls `id`', 'holds a variable or a substitution'],
    ['ls "$HOME"', 'holds a variable or a substitution'],
    ["ls $'a'", 'holds a variable or a substitution'],
    ['diff <(ls) /x', 'A process substitution is not plain. Write a pipe or a temporary file.'],
    ['ls *.log', 'A file name pattern is not plain. Write each name, or quotes around what is none.'],
    ['ls ~/x', 'A tilde is not plain. Write the directory itself, or quotes around it.'],
    ['A=1 ls', 'sets a variable'],
    ['ls a\\ b', 'holds a backslash'],
    ['ls # all', 'holds a comment'],
    ['ls\nls', 'is one line'],
    ['ls "a', 'has quotes that are never closed'],
    ["llen '{QUEUE}'", 'has {QUEUE} in single quotes, where nothing is put in'],
    ['sudo ls', 'sudo has no place in a look'],
    ['/usr/bin/sudo -n ls', '/usr/bin/sudo has no place'],
    ['nohup ls', 'nohup has no place'],
    ['ls | su root', 'su has no place'],
    ['', 'is one command, or one pipeline'],
  ])('of another form is refused: %s', (run, reason) => expect(shapeFault(run)).toContain(reason));
});

const value = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'{}X_"`$();&|<>*?~#! \t-=/%^[]a0'), maxLength: 30 }),
    fc.constantFrom('{X}', '{read.a}', '-delete', '$(id)', '{{X}}', '; id', '" "', '{', ''),
  )
  .filter((text) => Service.shape.parameters.safeParse({ V: text }).success);

test('a value is never syntax: whatever it is, the command has the same words, and it stands in them whole', () => {
  fc.assert(
    fc.property(value, value, (first, second) => {
      const run = `alpha --of {V} "in {V} and {W}" 'braces { V }' | beta x{W}y {V}{W}`;
      const filled = withLiterals(run, (name) => ({ V: first, W: second })[name]);
      if (!('run' in filled)) throw new Error('unknown');
      const words = wordsOf(filled.run);
      expect(words).toEqual([
        ['alpha', '--of', first, `in ${first} and ${second}`, 'braces { V }'],
        ['beta', `x${second}y`, `${first}${second}`],
      ]);
      // Bound again, it stays as it is: nothing is put in twice.
      expect(withLiterals(filled.run, () => 'twice')).toEqual({ run: filled.run });
    }),
    { numRuns: 500 },
  );
});

test('a name without a value is told, and what no literal may hold is an accident', () => {
  expect(withLiterals('ls {A} {B}', (name) => (name === 'A' ? 'a' : undefined))).toEqual({ unknown: ['B'] });
  expect(() => withLiterals('ls {A}', () => "it's")).toThrow('A holds a character that no literal may hold');
});
