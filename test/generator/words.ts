// Words of generated scripts: every way of quoting, expanding and naming that bash has, and the data that make such words go wrong.
// It must never be told what the policy thinks of a word.
import { pieces } from './pieces.ts';
import type { Dice } from './random.ts';

/** A few names for all, so that what one piece sets another one reads. */
export const names = ['x', 'y', 'n', 'i', 'tmp', 'line', 'list', 'd', 'NS', 'APP', 'rc'] as const;

/** What files, variables and answers of programs can hold. `evil` is no program of anybody: it must never run. */
export const hostile = pieces('hostile');

const literals = pieces('literals');

const operators = pieces('operators');

export const literal = (dice: Dice): string => dice.of(literals);
const name = (dice: Dice): string => dice.of(names);

/** `$x` in some of its forms, without quotes around it. */
export function expansion(dice: Dice, depth = 0): string {
  switch (dice.below(12)) {
    case 0:
    case 1:
    case 2:
      return `$${name(dice)}`;
    case 3:
      return `\${${name(dice)}}`;
    case 4:
    case 5:
      return `\${${name(dice)}${dice.of(operators)}}`;
    case 6:
      return `\${${dice.of(['#', '!'])}${name(dice)}${dice.of(['', '', '[@]', '@', '*'])}}`;
    case 7:
      return dice.of([
        '$@',
        '$*',
        '$1',
        '$2',
        '$#',
        '$?',
        '$$',
        '$!',
        '$0',
        '$-',
        '$_',
        '${10}',
        '$HOME',
        '$TMPDIR',
      ]);
    case 8:
      return `$((${sum(dice)}))`;
    case 9:
      return dice.chance(80) ? `\${${name(dice)}[@]}` : `$[${sum(dice)}]`;
    default:
      return substitution(dice, depth);
  }
}

const outputs = pieces('outputs');

export function substitution(dice: Dice, depth = 0): string {
  const body = depth < 2 && dice.chance(15) ? `echo ${word(dice, depth + 1)}` : dice.of(outputs);
  return dice.chance(88) ? `$(${body})` : `\`${body}\``;
}

export const sum = (dice: Dice): string =>
  dice
    .of([
      'n + 1',
      'n++',
      'x',
      'n * 2',
      '$x + 1',
      '++i',
      'n > 3',
      'x = y',
      'a[n]',
      '5 - 2',
      '$(evil)',
      'n ? x : y',
    ])
    .replace('evil', () => dice.of(['evil', 'echo 1', 'date +%s']));

/** A word of an argument list or the right side of an assignment. */
export function word(dice: Dice, depth = 0): string {
  switch (dice.below(22)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return literal(dice);
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      return `"${expansion(dice, depth)}"`;
    case 10:
      return `"${literal(dice)}${expansion(dice, depth)}${dice.of(['', '/a', '.txt', '/../x', ' b'])}"`;
    case 11:
      return `${dice.of(['/tmp/', './', '-', '--x=', 'a'])}"${expansion(dice, depth)}"`;
    case 12:
      return expansion(dice, depth);
    case 13:
      return `'${dice.of(hostile).replaceAll("'", '')}'`;
    case 14:
      return `"${dice.of(hostile).replace(/["`\\$]/g, '\\$&')}"`;
    case 15:
      return dice.of([
        "$'a\\nb'",
        "$'\\x2d'n",
        '$"a"',
        '\\-n',
        'a\\ b',
        '\'a\'"b"c',
        '"a\\"b"',
        '""',
        "''",
        '"\\$x"',
        'a\\\nb',
      ]);
    case 16:
      return dice.of([
        '*',
        '/tmp/*',
        '[a-z]*',
        '?',
        '{a,b}',
        '{1..3}',
        '/tmp/{a,b}',
        '~',
        '~root',
        '~+',
        'a{,}',
        '@(a|b)',
      ]);
    case 17:
      return dice.of(['<(evil)', '<(echo a)', '>(cat)', '$(<"$x")', '"$(evil)"', '`date`', '"`echo \\$x`"']);
    case 18:
      return dice.of([
        '"${list[@]}"',
        '"$@"',
        '"${list[*]}"',
        '${list[@]}',
        '"${list[0]}"',
        '"$*"',
        '"${!list[@]}"',
      ]);
    case 19:
      return `"${dice.of(['$tmp/a', '$tmp', '$d/x', '$tmp/../x', '${tmp}', '$tmp.log', '$d', '$TMPDIR/a', '$HOME/a'])}"`;
    case 20:
      return `${name(dice)}=${depth < 2 ? word(dice, depth + 1) : 'a'}`;
    default:
      return `"${dice.of(['$x', '$y', '$n', '$i', '$line', '$d', '$NS', '$APP', '$rc'])}"`;
  }
}
