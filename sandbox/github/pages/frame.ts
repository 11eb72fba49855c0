// What the pages of the sandbox GitHub have in common: the frame with its menu, and small pieces of HTML.
import { html } from 'hono/html';
import { empty, type Html, moment, page } from '../../page.ts';
import { type Forge, humansOf } from '../forge.ts';

export function frame({ urls, options }: Forge, title: string, body: Html): Html {
  const menu = {
    '': `${options.owner}/${options.repo}`,
    '/issues': 'Issues',
    '/pulls': 'Pull requests',
    '/actions': 'Actions',
    '/settings/environments': 'Environments',
  };
  const links = Object.entries(menu).map(([path, name]) => html`<a href="${urls.web}${path}">${name}</a> `);
  return page('GitHub', title, html`<nav>${links}</nav>${body}`);
}

export const ago = moment;

export const labels = (names: string[]) => names.map((name) => html` <code>${name}</code>`);

/** A list of links with a line each, or a word that there is nothing. */
export const list = (items: Html[]) =>
  items.length > 0 ? html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>` : empty('None.');

export type Actions = [value: string, name: string][];
export const COMMENT: Actions = [['comment', 'Comment']];

/** A form by which the reader acts as one of the people of this repository; on the head that this page shows, if any. */
export function actingForm(forge: Forge, actions: Actions, head = ''): Html {
  const people = humansOf(forge).filter(({ permission }) => permission !== 'none');
  const choices = people.map(
    ({ login, permission }) => html`<option value="${login}">${login} (${permission})</option>`,
  );
  const buttons = actions.map(
    ([value, name]) => html`<button name="action" value="${value}">${name}</button> `,
  );
  return html`<form method="post"><input type="hidden" name="head" value="${head}"><p><label>Act as <select name="person">${choices}</select></label></p>
<p><textarea name="body" rows="4" cols="70" aria-label="Comment"></textarea></p><p>${buttons}</p></form>`;
}

/** A diff or a log: removals, additions and plain lines, all as text. */
export const lines = (text: string) =>
  html`<pre>${text.split('\n').map((line) => {
    const tag = { '+': 'background:#e2f5e5', '-': 'background:#fbe4e4' }[line[0] ?? ''] ?? '';
    return html`<span style="${tag}">${line}</span>\n`;
  })}</pre>`;
