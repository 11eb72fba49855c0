// Pages of the git repository: its front, a branch's commits, one commit, one file.
import { html } from 'hono/html';
import { empty, type Html } from '../../page.ts';
import { readCommit } from '../commits.ts';
import { diffFiles } from '../diffs.ts';
import { type Forge, isoTime, pullsOf } from '../forge.ts';
import { ago, frame, list } from './frame.ts';
import { line } from './issues.ts';
import { checks, files } from './pulls.ts';
import { runLine } from './runs.ts';

/** Bytes of a file that a page still shows. */
const LARGEST_FILE = 512 * 1024;

export async function homePage(forge: Forge): Promise<Html> {
  const { owner, repo } = forge.options;
  const branches = (
    await forge.git.text(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads/'])
  ).split('\n');
  const open = forge.state.issues.filter(({ state }) => state === 'open');
  const runs = [...forge.state.runs.values()].slice(-10).toReversed();
  const body = html`<h2>Open issues</h2>${list(
    open
      .filter(({ pull }) => !pull)
      .toReversed()
      .map((one) => line(forge, one)),
  )}
<h2>Open pull requests</h2>${list(
    pullsOf(forge)
      .filter(({ state }) => state === 'open')
      .toReversed()
      .map((one) => line(forge, one)),
  )}
<h2>Newest runs</h2>${list(runs.map((run) => runLine(forge, run)))}
<h2>Branches</h2>${list(branches.map((name) => html`<a href="${forge.urls.web}/commits/${name}">${name}</a>`))}
<p>Clone: <code>git clone ${forge.urls.git}</code>, with any name and, as the password, the token of somebody who may read.</p>`;
  return frame(forge, `${owner}/${repo}`, body);
}

/** The newest 100 commits of a branch. */
export async function commitsPage(forge: Forge, branch: string): Promise<Html | undefined> {
  const sha = await forge.git.resolve(branch);
  if (!sha) return undefined;
  const log = await forge.git.text(['log', '-z', '--max-count=100', '--format=%H%x00%an%x00%ct%x00%s', sha]);
  const fields = log.split('\0');
  const rows = Array.from({ length: Math.floor(fields.length / 4) }, (_, at) => {
    const [id = '', author = '', time = '', subject = ''] = fields.slice(at * 4, at * 4 + 4);
    return html`<a href="${forge.urls.web}/commit/${id}">${subject}</a> ${author} ${ago(isoTime(Number(time) * 1000))}`;
  });
  return frame(forge, `Commits on ${branch}`, list(rows));
}

export async function commitPage(forge: Forge, name: string): Promise<Html | undefined> {
  const sha = await forge.git.resolve(name);
  if (!sha) return undefined;
  const { message, author, committer, parents } = await readCommit(forge, sha);
  const [subject = '', ...rest] = message.split('\n');
  const changed = await diffFiles(forge, parents[0], sha);
  const about = html`<p><code>${sha}</code> by ${author.name}, committed by ${committer.name} ${ago(committer.date)}</p>`;
  return frame(
    forge,
    subject,
    html`${about}<pre>${rest.join('\n').trim()}</pre>${checks(forge, sha, `${forge.urls.web}/commit/${sha}`)}${files(changed)}`,
  );
}

export async function filePage(forge: Forge, ref: string, path: string): Promise<Html | undefined> {
  const sha = await forge.git.resolve(ref);
  const file = await forge.git.attempt(['cat-file', 'blob', `${sha}:${path}`]);
  if (!sha || !file.ok) return undefined;
  const shown =
    file.out.length > LARGEST_FILE
      ? empty('This file is too big to be shown.')
      : html`<pre>${file.out.toString()}</pre>`;
  return frame(forge, path, shown);
}
