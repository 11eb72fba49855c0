// What somebody finds in a script after it was formatted: quotes, where they change nothing, and not a character more.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { corpus, repairContext, repairs, shopContext } from '../../../test/support/scripts.ts';
import { format } from './format.ts';
import { judge } from './judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;
const formatted = (script: string): string => format(script, context).text;
const strictness = ['allow', 'review', 'refuse'];

describe('quotes are put', () => {
  it.each([
    ['around a literal', 'x=web; echo $x', 'x=web; echo "$x"'],
    ['around each of two', 'x=web; echo $x-$x', 'x=web; echo "$x"-"$x"'],
    ['within a word', 'x=web; echo a${x}b', 'x=web; echo a"${x}"b'],
    ['around a sum', 'n=5; echo $((n + 1))', 'n=5; echo "$((n + 1))"'],
    ['around an exit code', 'uptime; rc=$?; exit $rc', 'uptime; rc=$?; exit "$rc"'],
    ['around a temporary file', 'tmp=$(mktemp); echo a > $tmp', 'tmp=$(mktemp); echo a > "$tmp"'],
    ['in a test', 'x=5; [ $x = 5 ]', 'x=5; [ "$x" = 5 ]'],
    ['in a loop', 'for i in 1 2; do echo $i; done', 'for i in 1 2; do echo "$i"; done'],
    ['around each of several literals', 'for i in a b; do echo $i; done', 'for i in a b; do echo "$i"; done'],
    ['in the list of a loop', 'x=a; for i in $x; do uptime; done', 'x=a; for i in "$x"; do uptime; done'],
    ['in a function', 'f() { echo $1; }; f web', 'f() { echo "$1"; }; f web'],
    ['in a substitution', 'x=5; y="$(echo $x)"', 'x=5; y="$(echo "$x")"'],
    ['in a list', 'x=5; all=(a $x)', 'x=5; all=(a "$x")'],
    ['behind signs of several bytes', 'x=5; echo é $x # é $x', 'x=5; echo é "$x" # é $x'],
    ['around a literal in the place of nothing', 'echo ${x:-none}', 'echo "${x:-none}"'],
  ])('%s', (_, script, expected) => expect(formatted(script)).toBe(expected));
});

describe('nothing is put', () => {
  it.each([
    ['where they are', 'x=web; echo "$x"'],
    ['where the value has a blank', "x='a b'; echo $x"],
    ['where the value is a pattern', "x='*'; echo $x"],
    ['where the value is empty', 'x=; echo $x'],
    ['where nothing gives it a value', 'echo $x'],
    ['where one of the values has a blank', "x=web; echo $x; x='a b'"],
    ['where it may never be given one', 'if uptime; then x=web; fi; echo $x'],
    ['around the output of a command', 'echo $(date)'],
    ['around the files that a search finds', 'f="$(find /var/log -name x)"; cat $f'],
    ['around text that was read', 'x="$(cat /tmp/x)"; echo $x'],
    ['where one word of a loop has a blank', "for i in a 'b c'; do echo $i; done"],
    ['around a list', 'list=(a b); echo ${list[@]}'],
    ['where bash does not split', 'x=a; y=$x; [[ $x == a ]]; case $x in a) echo b ;; esac'],
    ['in arithmetic', 'x=5; (( $x > 3 ))'],
    ['in a here-document', 'x=5; cat <<E\n$x\nE'],
    ['in single quotes', "x=5; echo '$x'"],
    ['in a comment', 'x=5 # $x'],
    ['beside braces, which would read another variable', 'x=a; echo $x{1,2}'],
    ['between backticks', 'x=5; echo `echo $x`'],
    ['where other signs divide words', 'IFS=5; x=152; echo $x'],
    ['in what is no script', 'if $x'],
    ['in what is too long', `x=5; echo $x\n${'#'.repeat(70_000)}`],
  ])('%s', (_, script) => expect(format(script, context)).toEqual({ text: script, added: 0 }));
});

test('a value is quoted exactly where it is one word that is no pattern', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab5/.-_ *?[]~\\{},:=\t'), maxLength: 5 });
  fc.assert(
    fc.property(text, (value) => {
      const script = `x='${value}'; echo $x`;
      const one = value !== '' && !/[\s*?[\]~\\{}]/.test(value);
      expect(formatted(script)).toBe(one ? script.replace('$x', '"$x"') : script);
    }),
    { numRuns: 500 },
  );
});

test('of every script of the corpora: once is enough, and the verdict becomes no harsher', () => {
  let changed = 0;
  const lists = [
    { scripts: [...corpus('safe'), ...corpus('dangerous')], of: shopContext },
    { scripts: [...repairs('unseen'), ...repairs('yes')], of: repairContext },
  ];
  for (const { scripts, of } of lists)
    for (const { id, script } of scripts) {
      const { text, added } = format(script, of);
      expect(text.replaceAll('"', ''), id).toBe(script.replaceAll('"', ''));
      expect(text.length, id).toBe(script.length + 2 * added);
      if (added === 0) continue;
      changed += 1;
      expect(format(text, of), id).toEqual({ text, added: 0 });
      const [before, after] = [judge(script, of), judge(text, of)].map(({ verdict }) =>
        strictness.indexOf(verdict),
      );
      expect(after, id).toBeLessThanOrEqual(before ?? -1);
    }
  expect(changed).toBeGreaterThan(10);
});
