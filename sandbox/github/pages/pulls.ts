// The page of a pull request: what it says, what it changes, who said what, and what still stands against merging it.
import { html } from 'hono/html';
import { empty, type Html } from '../../page.ts';
import { pullFiles } from '../diffs.ts';
import { type CheckRun, type Forge, NOBODY, type PullRequest } from '../forge.ts';
import { blockers } from '../mergeable.ts';
import { type Actions, actingForm, ago, COMMENT, frame, lines, list } from './frame.ts';
import { address, conversation } from './issues.ts';
import { markdown } from './markdown.ts';

export function checks(forge: Forge, sha: string, base: string): Html {
  const runs = forge.state.checks.filter((run) => run.head_sha === sha);
  const newest = runs.filter(
    (run) => run === runs.findLast(({ name, appId }) => name === run.name && appId === run.appId),
  );
  const text = ({ name, status, conclusion, output }: CheckRun) =>
    html`<details><summary><code>${name}</code> ${conclusion ?? status} ${output.title}</summary>${markdown(output.summary, base)}</details>`;
  return list(newest.map(text));
}

// As GitHub: what is longer is not shown unasked. https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits
const LONGEST_PATCH = 20_000;
const MOST_LINES = 400;

/** What changed, file by file; the name leads to the whole file. */
export const files = (changed: Awaited<ReturnType<typeof pullFiles>>): Html[] =>
  changed.map(
    ({ filename, status, patch = '', blob_url }) =>
      html`<article>${status === 'removed' ? html`<code>${filename}</code>` : html`<a href="${blob_url}"><code>${filename}</code></a>`} ${status}${patch.length > LONGEST_PATCH || patch.split('\n').length > MOST_LINES ? empty('Large diffs are not rendered by default.') : lines(patch)}</article>`,
  );

const DECIDE: Actions = [
  ['APPROVE', 'Approve'],
  ['REQUEST_CHANGES', 'Request changes'],
  ['merge', 'Merge'],
  ['close', 'Close'],
];

export async function pullPage(forge: Forge, pr: PullRequest): Promise<Html> {
  const { head, headSha, base } = pr.pull;
  const tip = await forge.git.resolve(`heads/${base}`);
  const reasons = pr.state === 'open' && tip ? await blockers(forge, NOBODY, pr, tip, 'squash') : [];
  const reviews = forge.state.reviews.filter((review) => review.pull === pr.number);
  const at = address(forge, pr);
  const body = html`<p><code>${head}</code> at <code>${headSha.slice(0, 12)}</code> into <code>${base}</code></p>
${conversation(forge, pr)}<h2>Reviews</h2>
${list(reviews.map((one) => html`<strong>${one.author}</strong> ${one.state} <code>${one.commit_id.slice(0, 12)}</code> ${ago(one.submitted_at)}${markdown(one.body, at)}`))}
<h2>Checks</h2>${checks(forge, headSha, at)}
${reasons.length > 0 ? html`<h2>Before it can be merged</h2>${list(reasons.map((reason) => html`${reason}`))}` : ''}
${actingForm(forge, pr.state === 'open' ? [...COMMENT, ...DECIDE] : COMMENT, headSha)}
<h2>Files</h2>${files(await pullFiles(forge, pr))}`;
  return frame(forge, `${pr.title} #${pr.number}`, body);
}
