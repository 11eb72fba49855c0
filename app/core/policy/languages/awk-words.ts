// The words of an awk program: names, numbers, strings, regular expressions, and what stands between them.
// It must never read a slash or a bracket that some awk ends elsewhere.
import { type Issue, question, refusal } from '../engine/run.ts';
import { notPlain, pass, type Reading, rest } from './reading.ts';

/** Ends the reading: the program is not plain at this place. */
export function stop(r: Reading, why?: Issue): never {
  notPlain(
    why ??
      question(
        'awk',
        `The policy does not read this awk program at “${rest(r)}”; write it as patterns with { print … } of fields, comparisons and sums.`,
      ),
  );
}

/** Reads what must stand here. */
export const need = (r: Reading, form: RegExp): string => pass(r, form) ?? stop(r);

/** Blanks inside a line; a line goes on after a backslash at its end. */
export function blank(r: Reading): void {
  pass(r, /([ \t]|\\\n)*/y);
}

/** Blanks, lines' ends, semicolons and comments: all that may stand between two statements. */
export function lines(r: Reading): void {
  // A backslash at the end of a comment continues it in some awks and not in others.
  while (pass(r, /([\s;]|\\\n)+|#[^\n\\]*(?=\n|$)/y));
}

/** Blanks and lines' ends: behind a comma or an operator a program may go on in the next line. */
export function onward(r: Reading): void {
  pass(r, /(\s|\\\n)*/y);
}

/** Variables of awk itself that may be read. */
const special = /^(NR|NF|FNR|FS|OFS|RS|ORS|SUBSEP|RSTART|RLENGTH|FILENAME|IGNORECASE|CONVFMT|OFMT)$/;
/** Words that some awk takes for more than a name. */
const reserved =
  /^(func|function|if|else|while|for|do|break|continue|next|nextfile|exit|delete|in|getline|print|printf|return|switch|case|default|system|close|fflush|include|load|namespace|awk)$/;
const outside = /^(ENVIRON|PROCINFO|ARGV|ARGC|ARGIND|SYMTAB|FUNCTAB|ERRNO)$/;

/** A variable's name; those of awk itself are written in capitals, so that nobody else's may be. */
export function name(r: Reading): string {
  const word = need(r, /[A-Za-z_]\w*/y);
  if (outside.test(word) || /^(system|getline|close|fflush)$/.test(word)) {
    r.at -= word.length;
    stop(r, refusal('runs-code', `${word} lets an awk program reach beyond its input.`));
  }
  if (reserved.test(word) || !(special.test(word) || /[a-z]/.test(word) || /^[A-Z]$/.test(word))) {
    r.at -= word.length;
    stop(r);
  }
  blank(r);
  return word;
}

/** A text in double quotes, without its quotes. */
export function text(r: Reading): string {
  const found = need(r, /"([^"\\\n]|\\[^\n])*"/y);
  blank(r);
  return found.slice(1, -1);
}

/**
 * A regular expression between slashes. Some awks end it at a slash inside brackets and some do not, so a slash needs
 * a backslash everywhere, and brackets hold neither brackets nor quotes.
 */
export function regex(r: Reading): void {
  need(r, /\/(?!=)([^/\\[\]\n]|\\[^\n]|\[\^?([^\][\\/"\n]|\\[^\]\n]|\[:\w+:\])+\])*\//y);
  blank(r);
}

/** What a text is matched against: written out, so that no data becomes a pattern. */
export function pattern(r: Reading): void {
  if (r.text[r.at] === '"') text(r);
  else regex(r);
}

/** Formats with a fixed number of places, none of them read from the arguments. */
const format = /^([^%]|%%|%[-+ #0']*\d{0,3}(\.\d{0,3})?[a-zA-Z])*$/;

/** The format of printf: written out, so that the widths it asks for are known. */
export function formatText(r: Reading): string {
  const found = text(r);
  if (!format.test(found))
    stop(r, question('awk', 'This format of printf is not plain; use %s, %d or %.2f.'));
  return found;
}
