// Pull requests as GitHub's JSON, and the telling of what happened to them. It must never change one.
import { readCommits } from './commits.ts';
import type { Actor, Forge, PullRequest } from './forge.ts';
import { issueView } from './issues.ts';
import { repositoryView, userView } from './people.ts';

export const pullUrl = (forge: Forge, number: number) =>
  `${forge.urls.api}/repos/${forge.options.owner}/${forge.options.repo}/pulls/${number}`;

/** A pull request as lists and webhooks show it: there GitHub has not worked out `mergeable`. */
export function pullView(forge: Forge, pr: PullRequest) {
  const { pull_request: _, state_reason: __, comments: ___, url: issue_url, ...issue } = issueView(forge, pr);
  const { head, headSha, base, baseSha, merged } = pr.pull;
  const { owner } = forge.options;
  const side = (ref: string, sha: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userView(forge, owner),
    repo: repositoryView(forge),
  });
  return {
    ...issue,
    url: pullUrl(forge, pr.number),
    issue_url,
    diff_url: `${issue.html_url}.diff`,
    head: side(head, headSha),
    base: side(base, baseSha),
    draft: false,
    merged_at: merged?.at ?? null,
    merge_commit_sha: merged?.sha ?? null,
    auto_merge: null,
  };
}

export const commitsOf = (forge: Forge, { pull }: PullRequest) =>
  readCommits(forge, [`${pull.baseSha}..${pull.headSha}`]);

export function announcePull(forge: Forge, actor: Actor, action: string, pr: PullRequest, more = {}): void {
  const merged = { merged: pr.pull.merged !== null, mergeable: null };
  forge.webhooks.emit(
    'pull_request',
    { action, number: pr.number, pull_request: { ...pullView(forge, pr), ...merged }, ...more },
    actor,
  );
}
