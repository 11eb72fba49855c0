// Text from outside inside a message. It is cut first, so that no message gets too long for its vendor, and then made safe,
// so that words stay words. Must never be given our own words, because their markup would be lost.
import { cut, fitted, shorten } from '#core/text/cut';
import { fenced, inert } from '#core/text/markdown';
import { normalise, visible } from '#core/text/untrusted';

/** How much longer text may become when it is made safe. What grows more is cut shorter, so that a message stays in its limit. */
const GROWTH = 2;

/** Words for Markdown, at most `most` characters as a reader sees them, and at most twice as many signs. */
export function told(text: string, most: number): string {
  return fitted(most, most * GROWTH, (maxChars) => inert(normalise(text, { maxChars })));
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
  return shorten(visible(text).replace(/\s+/g, ' ').trim(), most);
}

/** A file in a fence. A long file is cut, and how much is missing is told. */
export function file(text: string, language: string, most: number): string {
  return fencedUpTo(
    text,
    language,
    most,
    (rest) => `**${rest} more characters are in the file. Read them there before you decide.**`,
  );
}

/** Text in a fence that is always closed. Of a long text the beginning is shown, and `more` says what became of the rest. */
export function fencedUpTo(
  text: string,
  language: string,
  most: number,
  more: (rest: number) => string,
): string {
  return fitted(most, most * GROWTH, (allowed) => {
    const shown = cut(text, allowed);
    const rest = text.length - shown.length;
    return rest === 0 ? fenced(text, language) : `${fenced(shown, language)}\n${more(rest)}`;
  });
}
