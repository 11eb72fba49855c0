// What the confirm page says when there is nothing to press: what was submitted, or why nothing was. Plain sentences and
// one link to go on. Must never tell a stranger more than that a link is not good.

import type { Shown } from '#core/gate/confirm';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { type Html, html } from '#core/text/html';
import { page } from './page.ts';
import { approvers, ending, stageWords } from './words.ts';

const on = (href: string, words: string): Html => html`<p><a href="${href}">${words}</a></p>`;
const NOTHING = 'Nothing was submitted.';

function toPull(incident: Incident): Html | null {
  const pull = latestOf(incident, 'pull.opened');
  return pull ? on(pull.url, `Pull request #${pull.number}`) : null;
}

/** No client of the GitHub App is configured. */
export function noConfirmPage(pulls: string): string {
  return page(
    'There is no confirm page here',
    html`<p>This installation has no sign-in with GitHub (GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET are not set). Review the pull request itself; that review is the approval.</p>${on(pulls, 'Open pull requests')}`,
  );
}

export function notKnown(): string {
  return page(
    'Nothing to approve at this address',
    html`<p>The link is not one that Vigil made, or it was cut short. A comment <code>/vigil approve</code> on the incident’s issue gives the one that is good now.</p>`,
  );
}

/** `current` leads to the present proposal, if there is one. */
export function moved(incident: Incident, current: string | null): string {
  return page(
    'The proposal has changed since',
    html`<p>${NOTHING} What you were shown is not what would run now: its bytes, or what they were judged by, have changed.</p>
${current ? on(current, 'Look at what is proposed now') : html`<p>There is no new proposal yet.</p>`}${toPull(incident)}`,
  );
}

/** The rules on main changed after the proposal was made. The app or the gate will ask again. */
export function rulesMoved(incident: Incident): string {
  return page(
    'The rules have changed since',
    html`<p>${NOTHING} Settings, policy or workspace template on main are not those this proposal was judged by, so its digest no longer holds.</p>${toPull(incident)}`,
  );
}

export function decided(incident: Incident): string {
  const approved = latestOf(incident, 'remediation.approved');
  const how =
    approved?.lane === 'auto'
      ? 'The auto lane has taken it.'
      : approved
        ? `Approved by ${approvers(approved.by)}, until ${approved.expires}.`
        : '';
  const ended = hasEnded(incident);
  return page(
    'This is decided already',
    html`<p>${NOTHING} ${how}</p><p>${incident.stage}: ${ended ? ending(incident) : stageWords[incident.stage]}</p>${toPull(incident)}`,
  );
}

/** Leads back to the page, to begin again. `why` is one of our own sentences. */
export function again(why: string, back: string | null): string {
  return page(
    'Please sign in again',
    html`<p>${NOTHING} ${why}</p>${back ? on(back, 'Back to the proposal') : null}`,
  );
}

export const againBecause = {
  cookie: 'This browser has no sign-in for this proposal, or it lasted too long.',
  state: 'The answer from GitHub does not belong to a sign-in of this browser.',
  denied: 'GitHub says that you did not go on.',
  forged: 'The form did not come from the page this browser was shown.',
  code: 'GitHub did not accept the sign-in; it may have been used already or lasted too long.',
} as const;

export function mayNot(login: string, why: 'rights' | 'author'): string {
  const words =
    why === 'rights'
      ? 'has no write access to this repository, so a review would not count.'
      : 'wrote this proposal or part of it, so somebody else has to approve it.';
  return page('You may not decide this', html`<p>${NOTHING} @${login} ${words}</p>`);
}

/** A person's order to undo was written down. */
export function undoAsked(login: string, incident: Incident): string {
  return page(
    `@${login} asked for the undo`,
    html`<p>Vigil runs it now, once, when nobody else is at work on the service; the issue shows how it goes.</p>${incident.issue ? on(incident.issue.url, `Issue #${incident.issue.number}`) : null}
<p class="soft">Your sign-in was used to see who you are and nothing else, and is over.</p>`,
  );
}

/** It could not be written down. */
export function undoImpossible(reason: string): string {
  return page('It cannot be undone now', html`<p>Nothing was asked for: ${reason}.</p>`);
}

export function refusedByGitHub(reason: string, incident: Incident): string {
  return page(
    'GitHub did not take the review',
    html`<p>${reason}. Look at the pull request before you try again.</p>${toPull(incident)}`,
  );
}

export function submitted(
  what: 'approve' | 'changes',
  login: string,
  review: string,
  shown: Shown,
  needed: number,
): string {
  const next =
    what === 'changes'
      ? 'Nothing runs. People take over.'
      : needed > 1
        ? `It needs ${needed} such reviews; Vigil goes on when they are there.`
        : 'Vigil goes on now; the issue shows how.';
  return page(
    what === 'approve' ? `Approved by @${login}` : `Changes requested by @${login}`,
    html`<p>${next}</p>${on(review, 'Your review on GitHub')}
<dl><dt>head</dt><dd><code>${shown.head}</code></dd><dt>digest</dt><dd><code>${shown.digest}</code></dd></dl>
<p class="soft">Your sign-in was used for this review and nothing else, and is over.</p>`,
  );
}

export function stumbled(): string {
  return page(
    'Something went wrong',
    html`<p>Vigil could not finish this. Look at the pull request: a review that is there counts, one that is not was not submitted.</p>`,
  );
}

/** The text of the review itself. The reason is in the person's own words. */
export function reviewBody(what: 'approve' | 'changes', reason: string, digest: string): string {
  const own = cut(reason.trim(), 2000);
  if (what === 'changes') return own || 'Not like this.';
  return `Approved on Vigil’s confirm page, digest \`${digest}\`.`;
}
