// Text from outside in the one place of a message where it stands: bounded first, so that no message outgrows its vendor's
// limit, then words that stay words. Must never be given our own words, whose markup would be lost.
import { fenced, inert } from '#core/text/markdown';
import { normalise, visible } from '#core/text/untrusted';

/** Words in Markdown, at most `most` characters of them. */
export function told(text: string, most: number): string {
  return inert(normalise(text, { maxChars: most }));
}

/** A name in a code span, which its content cannot leave. */
export function code(text: string): string {
  return `\`${plain(text, 100).replaceAll('`', "'") || 'none'}\``;
}

/** One line for a place where Markdown is not read, such as the title of an issue. */
export function plain(text: string, most: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}

/** A file in a fence; of a long one the beginning, and how much is missing. */
export function file(text: string, language: string, most: number): string {
  if (text.length <= most) return fenced(text, language);
  const rest = text.length - most;
  return `${fenced(text.slice(0, most), language)}\n**${rest} more characters are in the file. Read them there before you decide.**`;
}
