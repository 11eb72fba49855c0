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
  /&(?<entity>#\d{1,7}|amp|lt|gt|quot|zwnj|commat|dollar);/,
  /[&<>"']/,
];
const INLINE = new RegExp(RULES.map(({ source }) => source).join('|'), 'g');

/** One line; `base` is the address of a page one level down (`.../pull/7`), where relative links and #numbers start. */
function inline(text: string, base: string): string {
  return text.replace(INLINE, (...found) => {
    const { plain, code, bold, italic, label, href, number, entity } = found.at(-1);
    if (code) return `<code>${quote(code.trim())}</code>`;
    if (bold) return `<strong>${inline(bold, base)}</strong>`;
    if (italic) return `<em>${inline(italic, base)}</em>`;
    if (entity) return `&${entity};`;
    if (!number && !href) return quote(plain ?? found[0]);
    const words = number ? `#${number}` : inline(label, base);
    const url = URL.parse(number ? `../issues/${number}` : href, base);
    return /^https?:$/.test(url?.protocol ?? '') ? `<a href="${quote(`${url}`)}">${words}</a>` : words;
  });
}

const LIST = /^\s*(?:[-*]|\d+\.) (?:\[[ x]\] )?/;
const KINDS: [kind: string, test: RegExp][] = [
  ['table', /^\|/],
  ['list', LIST],
  ['heading', /^#{1,6} /],
  ['text', /\S/],
];
const kindOf = (line: string) => KINDS.find(([, test]) => test.test(line))?.[0] ?? 'nothing';

function block(kind: string, lines: string[], base: string): string {
  const each = (tag: string, texts: string[]) =>
    texts.map((text) => `<${tag}>${inline(text.trim(), base)}</${tag}>`).join('');
  const rows = lines
    .filter((row) => !/^\|[\s:|-]+$/.test(row))
    .map((row) => row.replace(/^\||\|\s*$/g, '').split(/(?<!\\)\|/));
  if (kind === 'table')
    return `<table>${rows.map((cells) => `<tr>${each('td', cells)}</tr>`).join('')}</table>`;
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
