// The part of GitHub's Markdown that the sandbox's pages need, as HTML. Must never let a tag or a link of the text through
// that it did not write itself: every sign with a meaning in HTML is quoted or matched by a rule below.
// https://github.github.com/gfm/
import { raw } from 'hono/html';
import type { Html } from '../../page.ts';

const quote = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const RULES = [
  /\\(?<plain>[!-/:-@[-`{-~])/,
  /(?<ticks>`+)(?<code>.*?[^`])\k<ticks>(?!`)/,
  /\*\*(?<bold>.+?)\*\*/,
  /(?<!\w)_(?<italic>[^_]+)_(?!\w)/,
  /\[(?<label>(?:\\.|[^\]\\])*)\]\((?<href>[^()\s]+)\)/,
  /(?<![\w&])#(?<number>\d+)\b/,
  /(?<![\w:])(?<time>(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d(?: UTC)?)(?![\w:])/,
  /&(?<entity>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});/,
  /[&<>"']/,
];
const INLINE = new RegExp(RULES.map(({ source }) => source).join('|'), 'g');

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** A link's address holds entities too, which are the signs that they name. */
const decoded = (address: string): string =>
  address.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));/g, (whole, decimal, hex, name) => {
    if (name) return NAMED[name] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });

/** One line; `base` is the address of a page one level down (`.../pull/7`), where relative links and #numbers start. */
function inline(text: string, base: string): string {
  return text.replace(INLINE, (...found) => {
    const { plain, code, bold, italic, label, href, number, time, entity } = found.at(-1);
    if (code) return `<code>${quote(code.trim()).replaceAll('_', '_<wbr>')}</code>`;
    if (bold) return `<strong>${inline(bold, base)}</strong>`;
    if (italic) return `<em>${inline(italic, base)}</em>`;
    if (time) return `<time>${time}</time>`;
    if (entity) return `&${entity};`; // the browser knows every name, and shows as text what is none
    if (!number && !href) return quote(plain ?? found[0]);
    const words = number ? `#${number}` : inline(label, base);
    const url = URL.parse(number ? `../issues/${number}` : decoded(href), base);
    return /^https?:$/.test(url?.protocol ?? '') ? `<a href="${quote(`${url}`)}">${words}</a>` : words;
  });
}

const LIST = /^\s*(?:[-*]|\d+\.) (?:\[[ x]\] )?/;
// What folds: the one element of HTML that Vigil writes. GitHub lets it through too.
const FOLD = /^(?:<details><summary>(?<head>[^<]*)<\/summary>|<\/details>)$/;
const KINDS: [kind: string, test: RegExp][] = [
  ['fold', FOLD],
  ['table', /^\|/],
  ['list', LIST],
  ['heading', /^#{1,6} /],
  ['text', /\S/],
];
const kindOf = (line: string) => KINDS.find(([, test]) => test.test(line))?.[0] ?? 'nothing';

function block(kind: string, lines: string[], base: string): string {
  const each = (tag: string, texts: string[]) =>
    texts.map((text) => `<${tag}>${inline(text.trim(), base)}</${tag}>`).join('');
  if (kind === 'table') return table(lines, base);
  if (kind === 'fold')
    return lines
      .map((line) => FOLD.exec(line)?.groups?.['head'])
      .map((head) =>
        head === undefined ? '</details>' : `<details><summary>${inline(head, base)}</summary>`,
      )
      .join('');
  if (kind === 'list')
    return `<ul>${each(
      'li',
      lines.map((line) => line.replace(LIST, '')),
    )}</ul>`;
  if (kind === 'heading')
    return each(
      'h3',
      lines.map((line) => line.replace(/^#+/, '')),
    );
  return kind === 'text' ? `<p>${lines.map((line) => inline(line, base)).join('<br>')}</p>` : '';
}

const DELIMITERS = /^\|[\s:|-]+$/;

/** The first row is the head; columns that are set to the right hold numbers. */
function table(lines: string[], base: string): string {
  const cellsOf = (row: string) => row.replace(/^\||\|\s*$/g, '').split(/(?<!\\)\|/);
  const delimiters = cellsOf(lines.find((line) => DELIMITERS.test(line)) ?? '');
  const isNumber = delimiters.map((cell) => /^\s*-+:\s*$/.test(cell));
  const rows = lines
    .filter((line) => !DELIMITERS.test(line))
    .map((line, row) => {
      const tag = row === 0 ? 'th' : 'td';
      const cells = cellsOf(line).map(
        (cell, column) =>
          `<${tag}${isNumber[column] ? ' class="number"' : ''}>${inline(cell.trim(), base)}</${tag}>`,
      );
      return `<tr>${cells.join('')}</tr>`;
    });
  return `<table>${rows.join('')}</table>`;
}

function prose(text: string, base: string): string {
  const lines = text.replace(/<!--[\s\S]*?-->/g, '').split('\n'); // comments (Vigil's markers) show on no page
  const starts = lines.flatMap((line, at) =>
    at > 0 && kindOf(line) === kindOf(lines[at - 1] ?? '') ? [] : [at],
  );
  return starts
    .map((at, index) => block(kindOf(lines[at] ?? ''), lines.slice(at, starts[index + 1]), base))
    .join('');
}

/** Markdown as safe HTML. */
export function markdown(text: string | null, base: string): Html {
  const parts = (text ?? '')
    .replace(/\r/g, '')
    .split(/^(`{3,})[^\n]*\n([\s\S]*?)(?:^\1`*[ \t]*$|$(?![\s\S]))/m);
  const shown = parts.map((part, at) => {
    if (at % 3 === 2) return `<pre><code>${quote(part)}</code></pre>`;
    return at % 3 === 0 ? prose(part, base) : ''; // the rest are the fences' own ticks
  });
  return raw(shown.join('\n'));
}
