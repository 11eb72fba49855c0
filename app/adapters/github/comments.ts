// Comments of Vigil's own, found again by a hidden marker in them. Must never change or count anybody else's.
import { at, type Repo } from './api.ts';

/** The bodies of the app's own comments, page by page. */
export async function ownComments(repo: Repo, number: number): Promise<string[]> {
  const octokit = await repo.octokit();
  const all = await octokit.paginate(octokit.rest.issues.listComments, {
    ...at(repo),
    issue_number: number,
    per_page: 100,
  });
  return all.filter(({ user }) => user?.login === `${repo.appSlug}[bot]`).map(({ body }) => body ?? '');
}

/** A comment with the marker, unless there is one. */
export async function commentOnce(
  repo: Repo,
  number: number,
  body: string,
  marker: string,
): Promise<'written' | 'same'> {
  if ((await ownComments(repo, number)).some((one) => one.includes(marker))) return 'same';
  const octokit = await repo.octokit();
  await octokit.rest.issues.createComment({ ...at(repo), issue_number: number, body });
  return 'written';
}

/** Answers a comment by a new comment. This must not be repeated, so the caller does it once. */
export async function replyTo(repo: Repo, number: number, body: string): Promise<void> {
  const octokit = await repo.octokit();
  await octokit.rest.issues.createComment({ ...at(repo), issue_number: number, body });
}

/** The sign that a comment was heard. https://docs.github.com/en/rest/reactions/reactions#create-reaction-for-an-issue-comment */
export async function reactTo(repo: Repo, comment: number): Promise<void> {
  const octokit = await repo.octokit();
  await octokit.rest.reactions.createForIssueComment({ ...at(repo), comment_id: comment, content: 'eyes' });
}
