// Proposals as branches and pull requests of GitHub. Every function looks first, so that it can be repeated.
// Must never merge anything but the commit it was told, and never move a branch that exists.
import { refusesMethod } from '#core/messages/answers/github-answers';
import { at, type Repo } from './api.ts';
import { isOurs } from './open-pulls.ts';

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

/**
 * Opens the branch's pull request or brings it up to date. If it is right already, it is left alone. `own`: every title that Vigil
 * can have given it so far; any other is somebody else's and stays. Without them nothing of a pull request that is there is changed,
 * not even the branch that it leads to.
 */
export async function openPullOnce(
  repo: Repo,
  pull: {
    branch: string;
    title: string;
    own?: readonly string[];
    /** The text with Vigil's part in it, whatever else people wrote there. Null: there is no pull request yet. */
    body: (present: string | null) => string;
  },
): Promise<OpenedPull> {
  const octokit = await repo.octokit();
  const { branch: head, title, own } = pull;
  const existing = await octokit.rest.pulls.list({
    ...at(repo),
    state: 'all',
    head: `${repo.owner}:${head}`,
  });
  const leads = existing.data.find(({ base }) => base.ref === repo.branch);
  const found =
    leads ?? existing.data.find(({ state, user }) => state === 'open' && isOurs(repo, user?.login));
  if (found && own) {
    const body = pull.body(found.body);
    const renamed = found.title !== title && own.some((known) => known.trim() === found.title.trim());
    // Somebody may have turned it to another branch. It is turned back.
    const base = found.base.ref === repo.branch ? {} : { base: repo.branch };
    const change = { ...base, ...(renamed ? { title } : {}), ...(found.body === body ? {} : { body }) };
    if (Object.keys(change).length > 0)
      await octokit.rest.pulls.update({ ...at(repo), pull_number: found.number, ...change });
  }
  if (found) return { number: found.number, url: found.html_url, head: found.head.sha };
  const made = { ...at(repo), head, base: repo.branch, title, body: pull.body(null) };
  const { data } = await octokit.rest.pulls.create(made);
  return { number: data.number, url: data.html_url, head: data.head.sha };
}

/** `closed`: somebody closed it, which may not be the last word. */
type Merged = { ok: true; sha: string; by: string } | { ok: false; error: Error; closed: boolean };

const refused = (error: Error, closed = false): Merged => ({ ok: false, error, closed });

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
  if (data.base.ref !== repo.branch) return refused(new Error(`the pull request leads to ${data.base.ref}`));
  if (data.merged && data.merge_commit_sha)
    return { ok: true, sha: data.merge_commit_sha, by: data.merged_by?.login ?? 'unknown' };
  if (data.state === 'closed') return refused(new Error('the pull request was closed'), true);
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
      if (!refusesMethod(error)) return refused(error);
      first ??= error;
    }
  }
  return refused(first ?? new Error('no way of merging was tried'));
}

/** Closes a pull request that is still open. */
export async function closePullOnce(repo: Repo, number: number): Promise<'closed' | 'was closed'> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.pulls.get({ ...at(repo), pull_number: number });
  if (data.state === 'closed') return 'was closed';
  await octokit.rest.pulls.update({ ...at(repo), pull_number: number, state: 'closed' });
  return 'closed';
}

/** Who closed a pull request or an issue, and when; `own`: Vigil itself. GitHub may know nobody. */
export async function closerOf(
  repo: Repo,
  number: number,
): Promise<{ by: string | null; bot: boolean; own: boolean; at: string }> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.issues.get({ ...at(repo), issue_number: number });
  const by = data.closed_by?.login ?? null;
  const own = by === `${repo.appSlug}[bot]`;
  return { by, bot: data.closed_by?.type === 'Bot', own, at: data.closed_at ?? '' };
}

/** Opens a pull request again. False: it cannot be, as its branch is gone or was changed. */
export async function openPullAgain(repo: Repo, number: number): Promise<boolean> {
  const octokit = await repo.octokit();
  try {
    await octokit.rest.pulls.update({ ...at(repo), pull_number: number, state: 'open' });
    return true;
  } catch (error) {
    if ((error as { status?: number }).status === 422) return false;
    throw error;
  }
}

function absent(error: unknown): null {
  if ((error as { status?: number }).status === 404) return null;
  throw error;
}
