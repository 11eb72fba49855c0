// What the drive page looks like: buttons that break and ring, what came of it, and where everything is.
import { html } from 'hono/html';
import { empty, type Html, page, state } from '../page.ts';
import { pagesOf, type Where } from '../where.ts';
import type { Board, Entry, Happening } from './board.ts';
import { faults } from './faults.ts';

const TITLE = 'Drive it';
const button = (action: string, words: string, look = '') =>
  html`<form method="post" action="${action}"><button class="${look}">${words}</button></form>`;

export function drivePage(where: Where, board: Board): Html {
  const cards = Object.entries(faults).map(
    ([name, { label, about, ends }]) =>
      html`<article>${button(`/break/${name}`, label, name === 'nothing' ? '' : 'danger')}<p>${about} ${ends}</p></article>`,
  );
  const links = pagesOf(where).map(
    ([name, url, what]) => html`<li><a href="${url}">${name}</a>: ${what}</li>`,
  );
  const body = html`<p>A button breaks the shop and rings at PagerDuty, as a monitor would. The rest is Vigil’s and yours. Press two to see a fix that does not help.</p>
<div class="cards">${cards}</div>
<h2>What goes on</h2>${board.happenings.length > 0 ? board.happenings.map(happening) : empty('Nothing yet: the shop sells, and nobody was paged.')}
<h2>The shop</h2><ul>${board.shop.map(({ what, ok, how }) => html`<li>${what}: ${ok ? how : html`<strong>${how}</strong>`}</li>`)}</ul>
<h2>Where everything is</h2><ul>${links}</ul>
<h2>From a shell</h2>${shellLines(where, board)}<p>The app’s log: <code>${where.log}</code></p>
<h2>Put it back</h2><div class="buttons">${button('/mend', 'Mend the shop by hand')}${button('/start-over', 'Start over in a fresh world')}</div>
<p>Mending also takes the alerts back; what Vigil has begun goes on. Starting over takes some seconds and forgets everything: all pages but this one get new addresses.</p>`;
  return page('Vigil’s sandbox', TITLE, body, 'live');
}

const link = (entry: Entry, words: string) => html`<a href="${entry.url}">${words}</a> ${state(entry.state)}`;

function happening({ page: rung, issue, pulls }: Happening): Html {
  const waiting = pulls.some((pull) => pull.state === 'open');
  const parts = [
    link(rung, 'PagerDuty'),
    ...(issue ? [link(issue, 'issue')] : []),
    ...pulls.map((pull) => link(pull, 'pull request')),
  ];
  return html`<article><strong>${rung.title}</strong><p class="buttons">${parts.map((part) => html`<span>${part}</span> `)}</p>
${waiting ? html`<p>The pull request is open. If it asks for a person, that is you: approve it there, or in Slack.</p>` : ''}</article>`;
}

function shellLines({ github }: Where, { happenings }: Board): Html {
  const number = happenings[0]?.issue?.url.split('/').at(-1);
  const reader = `export GITHUB_SERVER_URL=${new URL(github.web).origin} GITHUB_TOKEN=${github.people['robin']}\n`;
  const lines = ['audit', 'explain'].map(
    (command) => `npm run vigil -- ${command} ${number} --repository ${github.git}\n`,
  );
  return number
    ? html`<pre>${[reader, ...lines]}</pre>`
    : empty('Once there is an issue, the lines that prove and explain it.');
}

/** What is seen while there is no world: one is starting, or it could not. */
export function betweenPage(trouble: string | null): Html {
  const body = trouble
    ? html`<p>No world could be started:</p><pre>${trouble}</pre>${button('/start-over', 'Try again')}`
    : html`<p>A fresh world is starting. This page follows by itself, in some seconds.</p>`;
  return page('Vigil’s sandbox', TITLE, body, 'live');
}

export const refusedPage = (reason: string): Html =>
  page('Vigil’s sandbox', 'That did not work', html`<pre>${reason}</pre><p><a href="/">Back</a></p>`);
