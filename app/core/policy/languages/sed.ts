// Reads a sed script by a closed grammar: addresses, printing, deleting, and substitutions of written-out text.
// sed can also run commands (`e`) and read or write files (`r`, `w`). It must never let a script end in the middle of
// a command: what follows in the next -e would become part of it.
import { type Issue, question, refusal } from '../engine/run.ts';
import { ended, NotPlain, notPlain, pass, type Reading, rest, sees, understood, within } from './reading.ts';

/** Dividers that mean nothing else in patterns here. */
const dividers = [...'/|,#:%!@'] as const;
type Forms = { pattern: RegExp; replacement: RegExp; letters: RegExp };

/** What may stand around each divider. Inside brackets it is not plain: whether it ends the pattern there differs. */
const forms: ReadonlyMap<string, Forms> = new Map(dividers.map((divider) => [divider, formsOf(divider)]));

function formsOf(divider: string): Forms {
  const end = `\\${divider}`;
  const inSet = String.raw`(?:[^\][\\\n${end}]|\[:\w+:\])`;
  // A bracket right at the beginning of a set belongs to it, so that `[]` alone is no set.
  const set = String.raw`\[\^?(?:\]${inSet}*|${inSet}+)\]`;
  const marks = String.raw`-.*^$/\[\](){}+?|<>&,#:%!@'"`;
  return {
    pattern: new RegExp(String.raw`(?:[^\\\n[${end}]|\\[${marks}nt\dbBwWsS]|${set})*${end}`, 'y'),
    replacement: new RegExp(String.raw`(?:[^\\\n${end}]|\\[${marks}\\nt\dLUluE])*${end}`, 'y'),
    letters: new RegExp(String.raw`[^\\\n${end}]+${end}`, 'y'),
  };
}

/** Commands that run or open something, wherever they could stand in a text that is not plain. */
const reaches = /(^|[\s;{}/\d$!,])[erRwW](\s|$)|[/|,#:%!@][gpiImM\d]*[ew][gpiImM\d]*([\s;}]|$)/m;

/** Why this script may not run; null if it only edits the stream. */
export function checkSed(script: string): Issue | null {
  const found = understood(script, (r) => {
    commands(r);
    if (!ended(r)) stop(r);
    // D begins again without a new line, for ever if something fills up what it takes away.
    if (r.notes.includes('D') && r.notes.some((name) => /[sGxyc]/.test(name)))
      notPlain(
        question('may-not-end', 'With D this sed script may run without end; use it with N and P alone.'),
      );
    return null;
  });
  if (!(found instanceof NotPlain)) return null;
  return found.issue.level === 'review' && reaches.test(script)
    ? refusal('runs-code', 'This sed script may run a command or open another file.')
    : found.issue;
}

function stop(r: Reading): never {
  const cure = 'write addresses with p, d, q and s/text/text/g, and no divider inside brackets';
  return notPlain(question('sed', `The policy does not read this sed script at “${rest(r)}”; ${cure}.`));
}

/** Commands up to the end or a closing bracket. */
function commands(r: Reading): void {
  for (;;) {
    while (pass(r, /[\s;]+|#[^\n]*/y));
    if (ended(r) || sees(r, /\}/y)) return;
    address(r);
    command(r);
    if (!ended(r) && !sees(r, /[ \t]*([\n;}#]|$)/y)) stop(r);
    pass(r, /[ \t]+/y);
  }
}

/** None, one or two addresses, and `!` for all other lines. */
function address(r: Reading): void {
  if (one(r)) {
    pass(r, /[ \t]*/y);
    if (pass(r, /,[ \t]*/y) && pass(r, /[+~]\d{1,9}/y) === null && !one(r)) stop(r);
  }
  pass(r, /[ \t]*(![ \t]*)?/y);
}

function one(r: Reading): boolean {
  if (pass(r, /\d{1,9}(~\d{1,9})?|\$/y)) return true;
  const opened = pass(r, /\/|\\[|,#:%!@]/y);
  if (opened === null) return false;
  if (!pass(r, (forms.get(opened.at(-1) ?? '') as Forms).pattern)) stop(r);
  pass(r, /[IM]*/y);
  return true;
}

function command(r: Reading): void {
  const name = pass(r, /[A-Za-z={]/y) ?? stop(r);
  r.notes.push(name);
  if (name === '{') {
    within(r, () => commands(r));
    if (!pass(r, /\}/y)) stop(r);
  } else if (name === 's' || name === 'y') substitution(r, name);
  // The text goes to the end of the line. A backslash would carry it on, into the next -e too.
  else if (/[aic]/.test(name)) {
    if (!pass(r, /(\\\n|[ \t]+)[^\\\n\s][^\\\n]*(?=\n|$)/y)) stop(r);
  } else if (/[qQl]/.test(name)) pass(r, /[ \t]*\d{0,4}/y);
  else if (name === 'e') notPlain(refusal('runs-code', 'This sed script runs a command.'));
  else if (/[wWrR]/.test(name))
    notPlain(refusal('writes-file', 'This sed script reads or writes another file.'));
  else if (!/[pPdDnNgGhHxzF=]/.test(name)) {
    r.at--;
    stop(r);
  }
}

function substitution(r: Reading, name: string): void {
  const { pattern, replacement, letters } = forms.get(pass(r, /[/|,#:%!@]/y) ?? '') ?? stop(r);
  if (name === 'y') {
    if (!pass(r, letters) || !pass(r, letters)) stop(r);
    return;
  }
  if (!pass(r, pattern) || !pass(r, replacement)) stop(r);
  const flags = pass(r, /[a-zA-Z\d]*/y) ?? '';
  if (flags.includes('e'))
    notPlain(refusal('runs-code', 'This sed script runs what it replaced as a command.'));
  if (flags.includes('w')) notPlain(refusal('writes-file', 'This sed script writes a file.'));
  if (!/^[gpiIMm]*\d{0,4}[gpiIMm]*$/.test(flags)) stop(r);
}
