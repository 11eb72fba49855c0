// Pull requests as GitHub's JSON, and the telling of what happened to them. It must never change one.
import { readCommits } from './commits.ts';
import { pullFiles } from './diffs.ts';
import { addresses } from './fields.ts';
import type { Actor, Forge, PullRequest } from './forge.ts';
import { issueView } from './issues.ts';
import { mergeability, UNKNOWN } from './mergeable.ts';
import { repositoryView, userView } from './people.ts';

/** What a pull request has in common with an issue. */
function issueOf(forge: Forge, pr: PullRequest) {
  const { pull_request: _, state_reason, comments, ...issue } = issueView(forge, pr);
  const { reactions, performed_via_github_app, timeline_url, ...shared } = issue;
  return shared;
}

/** A pull request as lists and webhooks show it: there GitHub has not worked out `mergeable`. */
export function pullView(forge: Forge, pr: PullRequest) {
  const issue = issueOf(forge, pr);
  const { head, headSha, base, baseSha, merged } = pr.pull;
  const { owner } = forge.options;
  const repo = repositoryView(forge);
  const url = `${forge.urls.repo}/pulls/${pr.number}`;
  const html = `${forge.urls.web}/pull/${pr.number}`;
  const to = (href: string) => ({ href });
  const side = (ref: string, sha: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: userView(forge, owner),
    repo,
  });
  return {
    ...issue,
    ...{ url, issue_url: issue.url, diff_url: `${html}.diff`, patch_url: `${html}.patch`, auto_merge: null },
    ...addresses(url, 'commits review_comments=comments review_comment=comments{/number}'),
    comments_url: `${issue.url}/comments`,
    statuses_url: `${forge.urls.repo}/statuses/${headSha}`,
    _links: {
      ...{ self: to(url), html: to(html), issue: to(issue.url), comments: to(`${issue.url}/comments`) },
      ...{ commits: to(`${url}/commits`), review_comments: to(`${url}/comments`) },
      ...{
        review_comment: to(`${url}/comments{/number}`),
        statuses: to(`${forge.urls.repo}/statuses/${headSha}`),
      },
    },
    head: side(head, headSha),
    base: side(base, baseSha),
    ...{ draft: pr.pull.draft, requested_reviewers: [], requested_teams: [] },
    merged_at: merged?.at ?? null,
    merge_commit_sha: merged?.sha ?? null,
  };
}

/** A pull request by itself. Events tell it without what GitHub works out only when somebody asks. */
export async function fullPullView(forge: Forge, pr: PullRequest, asked = true) {
  const { merged } = pr.pull;
  const files = await pullFiles(forge, pr);
  const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0);
  return {
    ...pullView(forge, pr),
    ...(asked ? await mergeability(forge, pr) : UNKNOWN),
    merged: merged !== null,
    merged_by: merged && userView(forge, merged.by),
    ...{ comments: issueView(forge, pr).comments, review_comments: 0, maintainer_can_modify: false },
    commits: (await commitsOf(forge, pr)).length,
    changed_files: files.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
  };
}

export const commitsOf = (forge: Forge, { pull }: PullRequest) =>
  readCommits(forge, [`${pull.baseSha}..${pull.headSha}`]);

export async function announcePull(forge: Forge, actor: Actor, action: string, pr: PullRequest, more = {}) {
  const pull_request = await fullPullView(forge, pr, false);
  forge.webhooks.emit('pull_request', { action, number: pr.number, pull_request, ...more }, actor);
}
