// What GitHub knows about a pull request's people: head, author, committers, reviews and each reviewer's permission.
// Must never judge: it only brings what app/core/gate/approval.ts needs.
import type { Pull, Review } from '#core/gate/reviews';
import type { Named } from '#core/incident/pushes';
import type { Repo } from './api.ts';

export type PullFacts = Omit<Pull, 'committers'> & {
  /** Its commits, of which GitHub tells 250 at most. */
  commits: Named[];
  state: 'open' | 'closed';
  draft: boolean;
  /** The branch it would be merged into. */
  base: string;
  /** Whether GitHub lists all of it. */
  whole: boolean;
  merged: { sha: string; by: string } | null;
  reviews: Review[];
  files: string[];
};

// https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files and #list-commits-on-a-pull-request
export const MOST_FILES = 3000;
const MOST_COMMITS = 250;

/** GitHub's parts do not agree yet about a pull request. A later look may see it whole. */
export class UnsettledError extends Error {
  override name = 'UnsettledError';
}

/** Everything as of one moment: if somebody pushed while it was read, it is read again. Throws when that does not end. */
export async function readPull(repo: Repo, number: number): Promise<PullFacts> {
  for (let tries = 0; tries < 3; tries++) {
    const seen = await readOnce(repo, number);
    const octokit = await repo.octokit();
    const { data } = await octokit.rest.pulls.get({
      owner: repo.owner,
      repo: repo.repo,
      pull_number: number,
    });
    if (seen && data.head.sha === seen.head) return seen;
  }
  throw new UnsettledError(`pull request #${number} moved, or was not all listed, at every look`);
}

/** Null: GitHub does not list yet what it counts. */
async function readOnce(repo: Repo, number: number): Promise<PullFacts | null> {
  const octokit = await repo.octokit();
  const where = { owner: repo.owner, repo: repo.repo, pull_number: number, per_page: 100 };
  const { data: pull } = await octokit.rest.pulls.get(where);
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, where);
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, where);
  const whole = pull.changed_files <= MOST_FILES && pull.commits <= MOST_COMMITS;
  // Right after a push the lists lag behind.
  if (whole && (files.length < pull.changed_files || commits.length < pull.commits)) return null;
  const submitted = await octokit.paginate(octokit.rest.pulls.listReviews, where);
  const permissions = new Map<string, string>();
  const people = submitted.filter(({ user }) => user !== null && user.type !== 'Bot');
  for (const login of new Set(people.flatMap(({ user }) => user?.login ?? [])))
    permissions.set(login, await permissionOf(repo, login));
  return {
    head: pull.head.sha,
    author: pull.user?.login ?? '',
    commits: commits.map(({ sha, parents, author, committer }) => ({
      sha,
      parents: (parents ?? []).map((parent) => parent.sha),
      logins: [author?.login, committer?.login].filter((login) => login !== undefined),
    })),
    state: pull.state === 'closed' ? 'closed' : 'open',
    draft: pull.draft === true,
    base: pull.base.ref,
    whole,
    merged:
      pull.merged && pull.merge_commit_sha
        ? { sha: pull.merge_commit_sha, by: pull.merged_by?.login ?? 'unknown' }
        : null,
    files: files.flatMap((file) => [
      file.filename,
      ...(file.previous_filename ? [file.previous_filename] : []),
    ]),
    reviews: submitted.map((review) => ({
      login: review.user?.login ?? '',
      state: review.state,
      commit: review.commit_id ?? '',
      permission: permissions.get(review.user?.login ?? '') ?? 'none',
      bot: review.user?.type === 'Bot',
      submittedAt: review.submitted_at ?? '',
      body: review.body?.slice(0, 200) ?? '',
    })),
  };
}

/**
 * The permission, by the collaborators API. `author_association` does not prove write access. Bots, ghosts and whoever left are
 * nobody's collaborators, and GitHub answers 404: that is no permission, not a failure.
 * https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function permissionOf(repo: Repo, login: string): Promise<string> {
  const octokit = await repo.octokit();
  try {
    const where = { owner: repo.owner, repo: repo.repo, username: login };
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel(where);
    return data.permission;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return 'none';
    throw error;
  }
}
