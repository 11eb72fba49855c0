// The expressions of an awk program: fields, sums, comparisons, matches with fixed patterns, and functions that compute.
// It must never accept a call that reaches beyond the program, nor a `>` behind print, which opens a file.
import { question } from '../engine/run.ts';
import { blank, formatText, name, need, onward, pattern, regex, stop, text } from './awk-words.ts';
import { pass, type Reading, sees, within } from './reading.ts';

/** Functions that only compute; https://www.gnu.org/software/gawk/manual/html_node/Built_002din.html */
const functions = new Set(
  'length substr index split match sub gsub sprintf tolower toupper int sqrt exp log sin cos atan2 rand strftime systime mktime strtonum'.split(
    ' ',
  ),
);

/**
 * What an expression is to those around it: something that can be assigned to (`$` for any field), or only a value.
 * `printing`: a `>` would be a file's.
 */
type Target = string | null;

export function expression(r: Reading, printing = false): Target {
  return within(r, () => {
    const target = choice(r, printing);
    if (target === null || !sees(r, /[-+*%^]?=(?![=~])/y)) return target;
    need(r, /[-+*%^]?=/y);
    onward(r);
    r.notes.push(`writes ${target}`);
    // What divides lines and fields is a pattern.
    if (/^[OF]?F?R?S$|^SUBSEP$|FMT$/.test(target)) text(r);
    else if (/^[A-Z]{2}/.test(target) && target !== 'NF' && target !== 'IGNORECASE') stop(r);
    else expression(r, printing);
    return null;
  });
}

function choice(r: Reading, printing: boolean): Target {
  const target = either(r, printing);
  if (!pass(r, /\?/y)) return target;
  onward(r);
  expression(r, printing);
  need(r, /:/y);
  onward(r);
  expression(r, printing);
  return null;
}

/** Levels of two-handed operators, loosest first; behind those of the last two a line may go on. */
function either(r: Reading, printing: boolean): Target {
  let target = matched(r, printing);
  while (pass(r, /&&|\|\|/y)) {
    onward(r);
    target = matched(r, printing);
    target = null;
  }
  return target;
}

function matched(r: Reading, printing: boolean): Target {
  let target = compared(r, printing);
  for (;;) {
    if (pass(r, /in\b[ \t]*/y)) name(r);
    else if (pass(r, /!?~[ \t]*/y)) pattern(r);
    else return target;
    target = null;
  }
}

function compared(r: Reading, printing: boolean): Target {
  const target = joined(r);
  if (!pass(r, printing ? /(<=?|[!=]=)(?![=~])/y : /([<>]=?|[!=]=)(?![=>~])/y)) return target;
  blank(r);
  joined(r);
  return null;
}

/** Values side by side become one text. */
function joined(r: Reading): Target {
  let target = sum(r);
  while (sees(r, /["$(.\w]/y) && !sees(r, /in\b/y)) {
    sum(r);
    target = null;
  }
  return target;
}

function sum(r: Reading): Target {
  let target = single(r);
  while (pass(r, /[-+*%^/](?!=)[ \t]*/y)) {
    single(r);
    target = null;
  }
  return target;
}

/** One value with its signs, steps up and down. */
function single(r: Reading): Target {
  if (pass(r, /(!(?![~=])|-(?!-)|\+(?!\+))[ \t]*/y)) {
    within(r, () => single(r));
    return null;
  }
  const before = pass(r, /\+\+|--/y) !== null;
  const target = primary(r);
  const after = target !== null && pass(r, /\+\+|--/y) !== null;
  if (before && target === null) stop(r);
  if (after) blank(r);
  // A slash behind ++ or -- divides in some awks and begins a pattern in others.
  if (after && sees(r, /\//y)) stop(r);
  if (!before && !after) return target;
  r.notes.push(`writes ${target}`);
  return null;
}

function primary(r: Reading): Target {
  if (pass(r, /\$[ \t]*/y)) {
    within(r, () => primary(r));
    return '$';
  }
  if (pass(r, /\([ \t]*/y)) {
    expression(r);
    need(r, /\)/y);
  } else if (sees(r, /"/y)) text(r);
  else if (sees(r, /\//y)) regex(r);
  else if (sees(r, /[\d.]/y)) need(r, /(\d{1,12}(\.\d{0,12})?|\.\d{1,12})(?![\w.])/y);
  else if (pass(r, /length\b(?![ \t]*[(/])/y) === null) {
    const called = /([A-Za-z_]\w*)[ \t]*\(/y;
    return sees(r, called) ? call(r) : variable(r);
  }
  blank(r);
  return null;
}

/** A variable or an entry of a table. A `>` between its brackets is not read: behind print, awks differ about it. */
export function variable(r: Reading): string {
  const word = name(r);
  if (functions.has(word)) stop(r);
  if (pass(r, /\[[ \t]*/y)) {
    list(r, true);
    need(r, /\]/y);
    blank(r);
  }
  return word;
}

/** Values with commas between them. */
export function list(r: Reading, printing = false): void {
  do {
    onward(r);
    expression(r, printing);
  } while (pass(r, /,/y));
}

function call(r: Reading): null {
  const called = sees(r, /(system|close|fflush)\b/y) ? name(r) : need(r, /\w+/y);
  if (!functions.has(called))
    stop(r, question('awk', `The policy does not know the awk function ${called}.`));
  need(r, /[ \t]*\([ \t]*/y);
  const replaces = /^g?sub$/.test(called);
  if (called === 'sprintf' || (called === 'strftime' && !sees(r, /\)/y))) formatText(r);
  else if (replaces) pattern(r);
  else if (!sees(r, /\)/y)) expression(r);
  let at = 1;
  for (; pass(r, /,/y); at++) {
    onward(r);
    // Behind the text stands what divides it or is looked for; behind a pattern what is written to.
    if ((called === 'split' && at === 2) || (called === 'match' && at === 1)) pattern(r);
    else {
      const target = expression(r);
      if (called === 'split' || called === 'match' || (replaces && at === 2))
        r.notes.push(`writes ${target ?? '$'}`);
    }
  }
  if (replaces && at < 3) r.notes.push('writes $');
  need(r, /\)/y);
  blank(r);
  return null;
}
