// Pages of issues, and the talk that issues and pull requests share.
import { html } from 'hono/html';
import { type Html, state } from '../../page.ts';
import type { Forge, Issue } from '../forge.ts';
import { actingForm, ago, COMMENT, frame, labels, list } from './frame.ts';
import { markdown } from './markdown.ts';

export const address = ({ urls }: Forge, { number, pull }: Issue) =>
  `${urls.web}/${pull ? 'pull' : 'issues'}/${number}`;

export const line = (forge: Forge, issue: Issue) =>
  html`<a href="${address(forge, issue)}">#${issue.number} ${issue.title}</a> ${stateOf(issue)}${labels(issue.labelNames)} ${ago(issue.created_at)}`;

const stateOf = (issue: Issue) => state(issue.pull?.merged ? 'merged' : issue.state);

export function issueList(forge: Forge, title: string, issues: Issue[]): Html {
  return frame(forge, title, list(issues.toReversed().map((issue) => line(forge, issue))));
}

/** Body and comments. */
export function conversation(forge: Forge, issue: Issue): Html {
  const base = address(forge, issue);
  const said = forge.state.comments.filter((comment) => comment.issue === issue.number);
  const entries = [{ ...issue, id: 0 }, ...said].map(
    ({ id, author, body, created_at }) =>
      html`<article id="issuecomment-${id}"><strong>${author}</strong> ${ago(created_at)}${markdown(body, base)}</article>`,
  );
  return html`<p>${stateOf(issue)}${labels(issue.labelNames)}</p>${entries}`;
}

export function issuePage(forge: Forge, issue: Issue): Html {
  return frame(
    forge,
    `${issue.title} #${issue.number}`,
    html`${conversation(forge, issue)}${actingForm(forge, COMMENT)}`,
  );
}
