// Vigil's own part of a text that people write in too, such as the body of an issue: everything outside its two lines is theirs.
// Must never lose or move a word that somebody else wrote.

const BEGIN = '<!-- vigil:begin: Vigil writes what stands from here to its next line, and nothing else -->';

/**
 * The text with Vigil's part in it. `part` ends with a line of its own, by which the part is found again. A part that somebody took
 * out is put back at the end. Of a part that lost its first line, or was written before there was one, the beginning is known by
 * its first word. `isOwn` tells Vigil's lines from others that somebody wrote between them: those go below the part. Without it
 * everything between the two lines is Vigil's.
 */
export function withOwnPart(
  present: string | null | undefined,
  part: string,
  isOwn: (line: string) => boolean = () => true,
): string {
  const text = (present ?? '').replace(/\r\n?/g, '\n');
  const own = `${BEGIN}\n${part}`;
  const end = part.slice(part.lastIndexOf('\n') + 1);
  const begin = text.indexOf(BEGIN);
  const ends = text.indexOf(end, Math.max(begin, 0));
  if (ends >= 0) {
    const start = begin >= 0 ? begin : firstLineOf(part, text.slice(0, ends));
    const lines = text.slice(start, ends).replace(BEGIN, '').split('\n');
    const theirs = lines.filter((line) => line.trim() !== '' && !isOwn(line));
    const between = theirs.length > 0 ? `\n\n${theirs.join('\n')}` : '';
    return keeping(present, text, text.slice(0, start) + own + between + text.slice(ends + end.length));
  }
  if (begin >= 0) {
    const rest = withoutLinesOf(part, text.slice(begin + BEGIN.length));
    return keeping(present, text, text.slice(0, begin) + own + rest);
  }
  return text.trim() === '' ? own : `${text.trimEnd()}\n\n${own}`;
}

/** GitHub's editor ends every line with two signs. A text that differs in nothing else is left as it is. */
function keeping(present: string | null | undefined, before: string, after: string): string {
  return before === after && present ? present : after;
}

/** Where the part begins in the text before its end; at that end when its first word stands nowhere. */
function firstLineOf(part: string, before: string): number {
  const [word = ''] = part.split(' ');
  const at = `\n${before}`.indexOf(`\n${word} `);
  return at >= 0 ? at : before.length;
}

/** What follows without the lines that the part has as well. */
function withoutLinesOf(part: string, rest: string): string {
  const own = new Set(part.split('\n'));
  const lines = rest.split('\n');
  const theirs = lines.findIndex((line) => line.trim() !== '' && !own.has(line));
  return theirs < 0 ? '' : `\n\n${lines.slice(theirs).join('\n')}`;
}
