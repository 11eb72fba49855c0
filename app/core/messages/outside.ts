// Text from outside inside a message. It is cut first, so that no message gets too long for its vendor, and then made safe,
// so that words stay words. Must never be given our own words, because their markup would be lost.
import { fenced, inert } from '#core/text/markdown';
import { normalise, visible } from '#core/text/untrusted';

/** Words for Markdown, at most `most` characters. */
export function told(text: string, most: number): string {
  return inert(normalise(text, { maxChars: most }));
}

/** A name in a code span. Nothing in the name can end the span. */
export function code(text: string): string {
  return `\`${plain(text, 100).replaceAll('`', "'") || 'none'}\``;
}

/** Calls a person on GitHub, so that they hear of it; a bot, or what is no login, is only named. */
export function mention(login: string): string {
  return /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/.test(login) ? `@${login}` : code(login);
}

/** One line for a place without Markdown, such as the title of an issue. */
export function plain(text: string, most: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}

/** A file in a fence. A long file is cut, and how much is missing is told. */
export function file(text: string, language: string, most: number): string {
  if (text.length <= most) return fenced(text, language);
  const rest = text.length - most;
  return `${fenced(text.slice(0, most), language)}\n**${rest} more characters are in the file. Read them there before you decide.**`;
}
