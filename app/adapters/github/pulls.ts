// Proposals as branches and pull requests of GitHub. Every function looks first, so that it can be repeated.
// Must never merge anything but the commit it was told, and never move a branch that exists.
import { refusesMethod } from '#core/messages/answers/github-answers';
import { at, type Repo } from './api.ts';

type OpenedPull = { number: number; url: string; head: string };

/**
 * Makes a branch with one commit on top of `base`. After the commit the folder holds exactly `files`; `gone` names the
 * files to remove. It is made by the API, so that GitHub signs it. A branch that exists is left alone, except when its
 * head is `onto`: then the commit goes on top of that head, never by force.
 */
export async function pushFolderOnce(
  repo: Repo,
  change: {
    branch: string;
    base: string;
    onto: string | null;
    folder: string;
    files: Record<string, string>;
    gone: readonly string[];
    message: string;
  },
): Promise<{ sha: string; existed: boolean }> {
  const octokit = await repo.octokit();
  const existing = await octokit.rest.git
    .getRef({ ...at(repo), ref: `heads/${change.branch}` })
    .catch(absent);
  const follows = existing !== null && existing.data.object.sha === change.onto;
  if (existing && !follows) return { sha: existing.data.object.sha, existed: true };
  const parent = follows && change.onto !== null ? change.onto : change.base;
  const base = await octokit.rest.git.getCommit({ ...at(repo), commit_sha: parent });
  const tree = await octokit.rest.git.createTree({
    ...at(repo),
    base_tree: base.data.tree.sha,
    tree: [
      ...Object.entries(change.files).map(([name, content]) => ({
        path: `${change.folder}/${name}`,
        mode: '100644' as const,
        type: 'blob' as const,
        content,
      })),
      ...change.gone.map((name) => ({
        path: `${change.folder}/${name}`,
        mode: '100644' as const,
        sha: null,
      })),
    ],
  });
  if (follows && tree.data.sha === base.data.tree.sha) return { sha: parent, existed: true };
  const commit = await octokit.rest.git.createCommit({
    ...at(repo),
    message: change.message,
    tree: tree.data.sha,
    parents: [parent],
  });
  if (follows) {
    await octokit.rest.git.updateRef({
      ...at(repo),
      ref: `heads/${change.branch}`,
      sha: commit.data.sha,
      force: false,
    });
    return { sha: commit.data.sha, existed: false };
  }
  await octokit.rest.git.createRef({ ...at(repo), ref: `refs/heads/${change.branch}`, sha: commit.data.sha });
  return { sha: commit.data.sha, existed: false };
}

/** Opens the branch's pull request or brings it up to date. If it is right already, it is left alone. */
export async function openPullOnce(
  repo: Repo,
  pull: { branch: string; title: string; body: string },
): Promise<OpenedPull> {
  const octokit = await repo.octokit();
  const { branch: head, title, body } = pull;
  const existing = await octokit.rest.pulls.list({
    ...at(repo),
    state: 'all',
    head: `${repo.owner}:${head}`,
  });
  const leads = existing.data.filter(({ base }) => base.ref === repo.branch);
  // Vigil's own may have been turned to another branch. It is turned back.
  const own = existing.data.find(
    ({ state, user }) => state === 'open' && user?.login === `${repo.appSlug}[bot]`,
  );
  const found = leads[0] ?? own;
  const base = found && found.base.ref !== repo.branch ? { base: repo.branch } : {};
  if (found && ('base' in base || found.title !== title || found.body !== body))
    await octokit.rest.pulls.update({ ...at(repo), pull_number: found.number, title, body, ...base });
  if (found) return { number: found.number, url: found.html_url, head: found.head.sha };
  const { data } = await octokit.rest.pulls.create({ ...at(repo), head, base: repo.branch, title, body });
  return { number: data.number, url: data.html_url, head: data.head.sha };
}

type Merged = { ok: true; sha: string; by: string } | { ok: false; error: Error };

/** What Vigil asks for first is what its rulesets ask for. The others give main the same bytes. */
const METHODS = ['squash', 'merge', 'rebase'] as const;

/**
 * Merges exactly the expected head into the default branch. If the pull request is merged already, it says so. What GitHub
 * refuses comes back as its error (405, 409), to be looked at; every other failure is thrown.
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 */
export async function mergePullOnce(
  repo: Repo,
  pull: { number: number; head: string; title: string },
): Promise<Merged> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.pulls.get({ ...at(repo), pull_number: pull.number });
  if (data.base.ref !== repo.branch)
    return { ok: false, error: new Error(`the pull request leads to ${data.base.ref}`) };
  if (data.merged && data.merge_commit_sha)
    return { ok: true, sha: data.merge_commit_sha, by: data.merged_by?.login ?? 'unknown' };
  if (data.state === 'closed') return { ok: false, error: new Error('the pull request was closed') };
  let first: Error | null = null;
  for (const merge_method of METHODS) {
    try {
      const merged = await octokit.rest.pulls.merge({
        ...{ ...at(repo), pull_number: pull.number, sha: pull.head, merge_method },
        commit_title: pull.title,
      });
      return { ok: true, sha: merged.data.sha, by: `${repo.appSlug}[bot]` };
    } catch (error) {
      const { status } = error as { status?: number };
      if (!(error instanceof Error) || (status !== 405 && status !== 409)) throw error;
      if (!refusesMethod(error)) return { ok: false, error };
      first ??= error;
    }
  }
  return { ok: false, error: first ?? new Error('no way of merging was tried') };
}

/** Closes a pull request that is still open. */
export async function closePullOnce(repo: Repo, number: number): Promise<'closed' | 'was closed'> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.pulls.get({ ...at(repo), pull_number: number });
  if (data.state === 'closed') return 'was closed';
  await octokit.rest.pulls.update({ ...at(repo), pull_number: number, state: 'closed' });
  return 'closed';
}

function absent(error: unknown): null {
  if ((error as { status?: number }).status === 404) return null;
  throw error;
}
