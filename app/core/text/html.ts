// Makes HTML from text that is not ours. Every value of the template is quoted. A character that a reader cannot see is
// shown by its number, because people decide on these pages. Must never take a string for markup.
import { INVISIBLE } from './untrusted.ts';

export type Html = { readonly markup: string };
type Value = Html | string | number | null | readonly Html[];

/** A piece of HTML. Strings and numbers become text; pieces and lists of them are put in as they are; null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  const filled = parts.map((part, at) => part + markupOf(values[at] ?? null));
  return { markup: filled.join('') };
}

function markupOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return quoted(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function quoted(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(
      INVISIBLE,
      (sign) => `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
