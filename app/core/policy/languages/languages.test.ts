import { describe, expect, test } from 'vitest';
import { awkPrints, checkAwk } from './awk.ts';
import { checkJq } from './jq.ts';
import { checkSed } from './sed.ts';

const level = (issue: { level: string } | null) => issue?.level ?? 'allow';

describe('awk', () => {
  test.each([
    '{print $1}',
    'NR>1 && $5+0 > 80 {print $1, $5}',
    '{ if ($3 > 500) print $1, $3 }',
    '/ERROR/{c++} END{print c+0}',
    '{print length($0) / 2}',
    '{gsub(/"/, "", $6); print $6}',
    'BEGIN{FS=","} {s+=$3} END{printf "%.2f\\n", s/NR}',
    '$4 > "[20/Nov/2026" {n++} END {print n}',
    '{print ($1 > 3)}',
  ])('%s only prints', (program) => expect(level(checkAwk(program))).toBe('allow'));

  test.each([
    'BEGIN { system("id") }',
    '{ print > "/etc/x" }',
    '{ print $1 >> file }',
    '{ print | "sh" }',
    'BEGIN { "id" | getline x }',
    'BEGIN { while ((getline line < "/etc/shadow") > 0) print line }',
    'BEGIN { print ENVIRON["HOME"] }',
    '@load "x"',
    '{print /"/; system("id"); print /"/}',
    '{ x = y / 2; system("id") / 3 }',
    '{ print "a" "b" > ("x" "y") }',
    '{ f = "system"; @f("id") }',
  ])('%s does more than that', (program) => expect(level(checkAwk(program))).toBe('refuse'));

  test.each([
    [
      'a field that is the output of awk itself',
      '$6 ~ /^[0-9]+$/ { lag += $6; rows += 1 } END { if (rows > 0) print lag; else print "none" }',
    ],
    ['a table and its keys', '{ n[$1] += $2 } END { for (k in n) printf "%s %d\\n", k, n[k] }'],
    ['every field', '{ for (i = 1; i <= NF; i++) if ($i ~ /^id=/) print $i }'],
    ['lines between two patterns', '/begin/,/end/'],
    ['a remark', '# totals\n{ n++ } # per line\nEND { print n }'],
    ['a condition in one', '{ print ($2 > 5 ? "high" : "low") }'],
    ['a division beside a pattern', '/ERROR/ { print $2 / 2, $3/4 }'],
  ])('reads %s', (_name, program) => expect(checkAwk(program)).toBeNull());

  test.each([
    ['a slash in brackets, which some awks end the pattern at', '/[/]/ { print }'],
    ['a remark that some awks continue', '# x \\\n{ print }'],
    ['a pattern behind a bracket, which mawk divides by', '{ if (x) /y/ }'],
    ['a pattern from the input', '$1 ~ $2'],
    ['a format from the input', '{ printf $1 }'],
    ['a format whose width comes from the input', '{ printf "%*d", $1, $2 }'],
    ['a loop whose body moves its end', '{ for (i = 1; i <= NF; i++) $(NF + 1) = i }'],
    ['a loop whose body goes back', '{ for (i = 1; i <= 9; i++) i = 1 }'],
    ['a loop that counts away from its end', '{ for (i = 1; i <= 9; i--) print }'],
    ['a variable of awk that nobody may set', 'BEGIN { FILENAME = "x" }'],
    ['a name space', 'BEGIN { x = awk::y }'],
    ['a function of its own', 'function f(x) { return x } { print f($1) }'],
  ])('does not read %s', (_name, program) => expect(level(checkAwk(program))).not.toBe('allow'));

  test.each([
    'BEGIN { while (1) x++ }',
    'BEGIN { for (;;) x++ }',
    '{ print x++ /2/ 1 }',
    '{ print "open',
    '{ frob($1) }',
  ])('%s needs a person', (program) => expect(level(checkAwk(program))).toBe('review'));

  test('a program that prints fields passes words on, one that prints %d gives numbers', () => {
    expect(awkPrints('NR==2 {print $5}')).toBe('field');
    expect(awkPrints('{print $1 "-rf"}')).toBe('text');
    expect(awkPrints('/Mem/{printf "%d", $3*100/$2}')).toBe('integer');
    expect(awkPrints('{print $1}')).toBe('field');
  });

  test.each([
    ['one action that prints words beside one that prints a number', '/x/ {print $0} {printf "%d", $3}'],
    ['a pattern alone, which prints the line', '{printf "%d\\n", $3} /x/'],
    ['fields that the program has filled itself', '{$1 = "-rf /"; print $1}'],
    ['fields divided in another way', 'BEGIN {FS = ":"} {print $1}'],
    ['fields whose text was replaced', '{gsub(/a/, " "); print $2}'],
  ])('%s promises nothing about its output', (_name, program) => {
    expect(level(checkAwk(program))).toBe('allow');
    expect(awkPrints(program)).toBe('text');
  });
});

describe('sed', () => {
  test.each([
    's/a/b/',
    's|/var/log|LOG|g',
    '1d',
    '$!d',
    '/x/,/y/p',
    's/[0-9]/x/g',
    '/^#/d;/^$/d',
    '2,4{s/a/b/;p}',
    '$=',
    'y/abc/xyz/',
    's/a/[/',
    '1i header',
    'N;N;s/\\n/,/g',
    's/[]]/x/',
  ])('%s edits the stream', (script) => expect(level(checkSed(script))).toBe('allow'));
  test.each([
    's/x/id/e',
    's/a/b/w /etc/x',
    '1e id',
    'w /tmp/x',
    '/x/{e id\n}',
    'r /etc/shadow',
    's/a/b/;s/c/d/e',
    's/[/]/x/e',
    's/a/[/e;s/]/g/',
    's/a/b/;e',
    '1!{s/x/y/;w /tmp/x\n}',
    '/a/R /etc/shadow',
    's,a,b,gew /tmp/x',
  ])('%s runs or writes', (script) => expect(level(checkSed(script))).toBe('refuse'));
  test.each([':a;ba', 's/[/]/x/g', 's/a/b', 's/a/b/q', 'v', 's/[]/]/x/e'])('%j is never allowed', (script) =>
    expect(level(checkSed(script))).not.toBe('allow'),
  );
});

test('D of sed begins again, so that nothing may fill up what it takes away', () => {
  expect(checkSed('$!N;/^\\(.*\\)\\n\\1$/!P;D')).toBeNull();
  expect(level(checkSed('h;G;D'))).toBe('review');
  expect(level(checkSed('N;s/.*/&&/;D'))).toBe('review');
});

describe('the text of a sed command', () => {
  test.each([
    ['ends with its line', 'a tail\np', 'allow'],
    ['does not end behind a backslash', 'a tail\\\ne id', 'refuse'],
    ['is not plain with two backslashes at its end either', 'a tail\\\\\np', 'review'],
    ['is not carried into the next -e', 'i\\', 'review'],
    ['takes brackets and semicolons along', '1{a x;e id}', 'refuse'],
    ['is not carried on by a pattern that has not ended', 's/a/b\\', 'review'],
  ])('%s', (_name, script, wanted) => expect(level(checkSed(script))).toBe(wanted));

  test.each([
    's/[]/x/;s/]/y/w f/',
    's/[]abc/x/',
    's/a\\cb/x/',
    's;a;b;',
    '{p',
    'p}',
    's/a/b/ p',
    'b',
    't',
    ':a',
  ])('%j is not read', (script) => expect(level(checkSed(script))).not.toBe('allow'));
});

describe('jq', () => {
  test.each([
    '.',
    '.items[].metadata.name',
    'map(.d) | add / length',
    '.[] | select(.env == "prod")',
    '.spec.containers[].env',
    '"env"',
  ])('%s reshapes its input', (filter) => expect(level(checkJq(filter, 'jq'))).toBe('allow'));
  test.each([
    'env',
    'env.HOME',
    '$ENV.X',
    '. as $x | $ENV',
    '"\\(1)" | env | "x"',
    'include "x"; y',
    '.data.password | @base64d',
    '[env]',
  ])('%s reaches further', (filter) => expect(level(checkJq(filter, 'jq'))).toBe('refuse'));
  test.each([
    '[.items[] | select(.status.phase != "Running" and (.spec.nodeName // "none") == "a")] | length',
    '.items | group_by(.spec.nodeName) | map({node: .[0].spec.nodeName, pods: length}) | sort_by(-.pods) | .[:3]',
    '.items[] | "\\(.metadata.name) \\(.status.containerStatuses // [] | map(.restartCount) | add)"',
    '.[] | if .ok then "up" elif .late then "late" else "down" end',
    'to_entries[] | select(.key | startswith("app")) | [.key, .value] | @tsv',
    '. as $all | $all.items | first(.[] | select(.name | test("^web"; "i"))) | .id?',
    '[.[] | .ms] | (add / length) * 100 | round',
  ])('%s is read', (filter) => expect(checkJq(filter, 'jq')).toBeNull());

  test.each([
    ['a remark, which versions end differently', '.a # \\\n| env', 'refuse'],
    ['further inputs', '[inputs]', 'review'],
    ['a pattern from the input', 'test(.b)', 'review'],
    ['a key that holds a secret, in brackets', '.["password"]', 'refuse'],
    ['the environment as a short key', '{$ENV}', 'refuse'],
    ['a text that is doubled forty times', Array(40).fill('. + .').join(' | '), 'review'],
    ['all parts of all parts of all parts', Array(9).fill('[..]').join(' | '), 'review'],
    ['a definition', 'def f: .; f', 'review'],
    ['a change in place', '.a |= 1', 'review'],
  ])('does not read %s', (_name, filter, wanted) => expect(level(checkJq(filter, 'jq'))).toBe(wanted));

  test('backslashes are not read for yq, whose texts end elsewhere', () => {
    expect(level(checkJq('.a | "x\\"y"', 'yq'))).toBe('review');
    expect(checkJq('.services.web.image', 'yq')).toBeNull();
  });

  test('a filter that may never end needs a person', () =>
    expect(level(checkJq('[repeat(1)]', 'jq'))).toBe('review'));
});
