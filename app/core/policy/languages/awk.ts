// Reads an awk program by a closed grammar: patterns, fields, sums, printing. awk can also run commands and open files.
// It must never accept what some awk (gawk, mawk, the BSD one, busybox) reads in another way.
import { type Issue, question, refusal } from '../engine/run.ts';
import { expression, list, variable } from './awk-expressions.ts';
import { blank, formatText, lines, name, need, onward, stop } from './awk-words.ts';
import { ended, NotPlain, pass, type Reading, sees, understood, within } from './reading.ts';

/** What a program prints: single fields, whole numbers, or any text. */
export type Prints = 'field' | 'integer' | 'text';

/** Words by which awk leaves its input: whatever else is wrong, a program with one of them is nobody's to approve. */
const reaches =
  /\b(system|getline|close|fflush|ENVIRON|PROCINFO|ARGV|ARGC|SYMTAB|FUNCTAB)\b|@|(?<!\|)\|(?!\|)|\/inet/;

/** Why this program may not run; null if it only computes and prints. */
export function checkAwk(program: string): Issue | null {
  const notes = read(program);
  if (!(notes instanceof NotPlain)) return null;
  return notes.issue.level === 'review' && reaches.test(program)
    ? refusal('runs-code', 'This awk program runs commands, reads the environment or opens files.')
    : notes.issue;
}

/** What a plain program prints. Fields that it has changed itself are any text. */
export function awkPrints(program: string): Prints {
  const notes = read(program);
  if (notes instanceof NotPlain) return 'text';
  const prints = new Set(notes.filter((note) => note.startsWith('prints ')));
  const divided = notes.some((note) => /^writes (\$|[A-Z]+)$/.test(note));
  if (prints.size !== 1) return 'text';
  return prints.has('prints integer') ? 'integer' : prints.has('prints field') && !divided ? 'field' : 'text';
}

const read = (program: string): string[] | NotPlain =>
  understood(program, (r) => {
    lines(r);
    while (!ended(r)) {
      item(r);
      if (!ended(r) && !sees(r, /[\n;#]/y) && r.text[r.at - 1] !== '}') stop(r);
      lines(r);
    }
    return r.notes;
  });

/** A pattern, an action or both. */
function item(r: Reading): void {
  if (pass(r, /(BEGIN|END)(?=[ \t]*\{)/y) === null && !sees(r, /\{/y)) {
    expression(r);
    if (pass(r, /,/y)) {
      onward(r);
      expression(r);
    }
  }
  blank(r);
  if (sees(r, /\{/y)) action(r);
  else r.notes.push('prints text');
}

/** `{ … }`: statements, each ended by a semicolon, a line's end or the bracket. */
function action(r: Reading): void {
  within(r, () => {
    need(r, /\{/y);
    lines(r);
    while (!pass(r, /\}/y)) {
      statement(r);
      if (r.text[r.at - 1] !== '}' && !sees(r, /[\n;}#]/y)) stop(r);
      lines(r);
    }
  });
}

/** What stands behind `if (…)`, `else` or a loop's head. A slash there begins a pattern in some awks only. */
function body(r: Reading): void {
  onward(r);
  if (sees(r, /\//y)) stop(r);
  if (sees(r, /\{/y)) action(r);
  else within(r, () => statement(r));
}

const keyword =
  /(if|for|next|exit|break|continue|delete|printf?|while|do|switch|function|func|return)\b[ \t]*/y;

function statement(r: Reading): void {
  const word = pass(r, keyword)?.trim();
  if (word === undefined) expression(r);
  else if (word === 'if') choice(r);
  else if (word === 'for') loop(r);
  else if (word === 'delete') variable(r);
  else if (word.startsWith('print')) printed(r, word === 'printf');
  else if (word === 'exit') {
    if (!sees(r, /[\n;}#]|$/y)) expression(r);
  } else if (!/^(next|break|continue)$/.test(word)) {
    r.at -= word.length;
    const cure = 'count with for (i = 1; i <= NF; i++), and write functions out';
    stop(r, question('may-not-end', `An awk program with ${word} may run without end: ${cure}.`));
  }
}

function choice(r: Reading): void {
  need(r, /\([ \t]*/y);
  expression(r);
  need(r, /\)/y);
  body(r);
  const here = r.at;
  pass(r, /[\s;]*/y);
  if (pass(r, /else\b/y)) body(r);
  else r.at = here;
}

/** Over the keys of a table, or counted to a bound that the body leaves alone. */
function loop(r: Reading): void {
  need(r, /\([ \t]*/y);
  const counter = name(r);
  if (pass(r, /in[ \t]+/y)) {
    name(r);
    need(r, /\)/y);
    body(r);
    return;
  }
  need(r, /=(?![=~])[ \t]*/y);
  expression(r);
  need(r, /;[ \t]*/y);
  if (name(r) !== counter) stop(r);
  const up = need(r, /[<>]=?[ \t]*/y).startsWith('<');
  const bound = pass(r, /\d{1,6}(?![\w.])[ \t]*/y) === null ? name(r) : '';
  need(r, /;[ \t]*/y);
  if (name(r) !== counter) stop(r);
  need(r, up ? /(\+\+|\+=[ \t]*[1-9]\d{0,3})[ \t]*\)/y : /(--|-=[ \t]*[1-9]\d{0,3})[ \t]*\)/y);
  const from = r.notes.length;
  body(r);
  // Writing a field behind the last one moves NF.
  const moves = [counter, bound, ...(bound === 'NF' ? ['$'] : [])].map((word) => `writes ${word}`);
  if (r.notes.slice(from).some((note) => moves.includes(note)))
    stop(r, question('may-not-end', 'The body of this awk loop changes what ends it.'));
  r.notes.push(`writes ${counter}`);
}

const end = /[\n;}#]|$/y;

/** `print` and `printf`, with or without brackets around all their values. */
function printed(r: Reading, formatted: boolean): void {
  const from = r.at;
  if (formatted || !sees(r, /[\n;}#>|]|$/y)) {
    if (pass(r, /\([ \t]*/y)) {
      values(r, formatted, false);
      need(r, /\)[ \t]*/y);
      if (!sees(r, end)) r.at = from;
    }
    if (r.at === from) values(r, formatted, true);
  }
  if (sees(r, />/y))
    stop(r, refusal('writes-file', 'Behind print, > writes a file; put a comparison in brackets.'));
  if (sees(r, /\|/y))
    stop(r, refusal('runs-code', 'Behind print, | starts a command; pipe the output of awk instead.'));
  const what = r.text.slice(from, r.at).trim();
  const integer = formatted ? /^\(?\s*"%d(\\n)?"\s*,/.test(what) : /^int\([\w+*/$ -]*\)$/.test(what);
  const field = !formatted && /^\$(\d+|NF)$/.test(what);
  r.notes.push(integer ? 'prints integer' : field ? 'prints field' : 'prints text');
}

/** `open`: no brackets stand around the values, so that a `>` would be a file's. */
function values(r: Reading, formatted: boolean, open: boolean): void {
  if (formatted) {
    formatText(r);
    if (!pass(r, /,/y)) return;
  }
  list(r, open);
}
