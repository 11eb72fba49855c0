// GitHub's REST API as the app uses it. Every function looks first and writes only what is missing, so that it may be repeated.
// Must never build a path or a query from text that did not come from Vigil or from GitHub itself.
import type { ProbotOctokit } from 'probot';
import * as z from 'zod';

type Octokit = InstanceType<typeof ProbotOctokit>;
/** A repository as one installation of the app sees it. `octokit()` gives a client with a live token. */
export type Repo = { octokit: () => Promise<Octokit>; owner: string; repo: string; appSlug: string };

const at = ({ owner, repo }: Repo): { owner: string; repo: string } => ({ owner, repo });

export type IssueRef = { number: number; url: string };

/** The issue that carries the marker, or a new one. Lists by creator, which is consistent at once; search is not. */
export async function openIssueOnce(
  repo: Repo,
  issue: { title: string; body: string; labels: string[]; marker: string; since: string },
): Promise<IssueRef> {
  const octokit = await repo.octokit();
  const mine = await octokit.rest.issues.listForRepo({
    ...at(repo),
    state: 'all',
    creator: `${repo.appSlug}[bot]`,
    since: issue.since,
    per_page: 100,
  });
  const found = mine.data.find((candidate) => candidate.body?.includes(issue.marker));
  if (found) return { number: found.number, url: found.html_url };
  const made = await octokit.rest.issues.create({
    ...at(repo),
    title: issue.title,
    body: issue.body,
    labels: issue.labels,
  });
  return { number: made.data.number, url: made.data.html_url };
}

/** Makes title, body, labels and state what they should be; writes nothing when they are. */
export async function syncIssue(
  repo: Repo,
  number: number,
  want: { title: string; body: string; labels: (present: string[]) => string[]; closed: boolean },
): Promise<'written' | 'same'> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.issues.get({ ...at(repo), issue_number: number });
  const present = data.labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))).sort();
  const labels = want.labels(present);
  const state = want.closed ? 'closed' : 'open';
  if (
    data.title === want.title &&
    data.body === want.body &&
    present.join() === labels.join() &&
    data.state === state
  )
    return 'same';
  await octokit.rest.issues.update({
    ...at(repo),
    issue_number: number,
    title: want.title,
    body: want.body,
    labels,
    state,
    ...(want.closed ? { state_reason: 'completed' as const } : {}),
  });
  return 'written';
}

/** The one comment that carries the marker: made, changed or left alone. */
export async function syncComment(
  repo: Repo,
  number: number,
  body: string,
  marker: string,
): Promise<'written' | 'same'> {
  const octokit = await repo.octokit();
  for await (const page of octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at(repo),
    issue_number: number,
    per_page: 100,
  })) {
    const mine = page.data.find(
      (comment) => comment.user?.login === `${repo.appSlug}[bot]` && comment.body?.includes(marker),
    );
    if (!mine) continue;
    if (mine.body === body) return 'same';
    await octokit.rest.issues.updateComment({ ...at(repo), comment_id: mine.id, body });
    return 'written';
  }
  await octokit.rest.issues.createComment({ ...at(repo), issue_number: number, body });
  return 'written';
}

export type OpenedPull = { number: number; url: string; head: string };

/** A branch with one commit that adds a folder on top of `base`, made through the API so that GitHub signs it. */
export async function pushFolderOnce(
  repo: Repo,
  change: { branch: string; base: string; folder: string; files: Record<string, string>; message: string },
): Promise<{ sha: string; existed: boolean }> {
  const octokit = await repo.octokit();
  const existing = await octokit.rest.git
    .getRef({ ...at(repo), ref: `heads/${change.branch}` })
    .catch(absent);
  if (existing) return { sha: existing.data.object.sha, existed: true };
  const base = await octokit.rest.git.getCommit({ ...at(repo), commit_sha: change.base });
  const tree = await octokit.rest.git.createTree({
    ...at(repo),
    base_tree: base.data.tree.sha,
    tree: Object.entries(change.files).map(([name, content]) => ({
      path: `${change.folder}/${name}`,
      mode: '100644' as const,
      type: 'blob' as const,
      content,
    })),
  });
  const commit = await octokit.rest.git.createCommit({
    ...at(repo),
    message: change.message,
    tree: tree.data.sha,
    parents: [change.base],
  });
  await octokit.rest.git.createRef({ ...at(repo), ref: `refs/heads/${change.branch}`, sha: commit.data.sha });
  return { sha: commit.data.sha, existed: false };
}

/** The branch's pull request, opened or brought up to date; one that says the right thing is left alone. */
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
    base: 'main',
  });
  const found = existing.data[0];
  if (found && (found.title !== title || found.body !== body))
    await octokit.rest.pulls.update({ ...at(repo), pull_number: found.number, title, body });
  if (found) return { number: found.number, url: found.html_url, head: found.head.sha };
  const { data } = await octokit.rest.pulls.create({ ...at(repo), head, base: 'main', title, body });
  return { number: data.number, url: data.html_url, head: data.head.sha };
}

/** A completed check run for exactly one commit; `externalId` makes it findable. */
export async function postCheckOnce(
  repo: Repo,
  check: {
    name: string;
    head: string;
    conclusion: 'success' | 'failure';
    externalId: string;
    title: string;
    summary: string;
  },
): Promise<'written' | 'same'> {
  const octokit = await repo.octokit();
  const present = await octokit.rest.checks.listForRef({
    ...at(repo),
    ref: check.head,
    check_name: check.name,
  });
  if (
    present.data.check_runs.some(
      (run) => run.external_id === check.externalId && run.conclusion === check.conclusion,
    )
  )
    return 'same';
  await octokit.rest.checks.create({
    ...at(repo),
    name: check.name,
    head_sha: check.head,
    status: 'completed',
    conclusion: check.conclusion,
    external_id: check.externalId,
    output: { title: check.title, summary: check.summary.slice(0, 60_000) },
  });
  return 'written';
}

export type Merged = { ok: true; sha: string; by: string } | { ok: false; reason: string };

/** Merges exactly the expected head (409 when it moved); a pull request merged already is reported as such. */
export async function mergePullOnce(
  repo: Repo,
  pull: { number: number; head: string; title: string },
): Promise<Merged> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.pulls.get({ ...at(repo), pull_number: pull.number });
  if (data.merged && data.merge_commit_sha)
    return { ok: true, sha: data.merge_commit_sha, by: data.merged_by?.login ?? 'unknown' };
  if (data.state === 'closed') return { ok: false, reason: 'the pull request was closed' };
  try {
    const merged = await octokit.rest.pulls.merge({
      ...at(repo),
      pull_number: pull.number,
      sha: pull.head,
      merge_method: 'squash',
      commit_title: pull.title,
    });
    return { ok: true, sha: merged.data.sha, by: `${repo.appSlug}[bot]` };
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status === 409 || status === 405)
      return { ok: false, reason: (error as Error).message.slice(0, 300) };
    throw error;
  }
}

// https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
const RunDetails = z.object({ workflow_run_id: z.number().int(), html_url: z.url() });
export type RunRef = { id: number; url: string };

/** Dispatches a workflow unless a run with this title exists. `return_run_details` saves looking for the run. */
export async function dispatchOnce(
  repo: Repo,
  workflow: string,
  inputs: Record<string, string>,
  title: string,
  since: string,
): Promise<RunRef> {
  const octokit = await repo.octokit();
  const runs = await octokit.rest.actions.listWorkflowRuns({
    ...at(repo),
    workflow_id: workflow,
    event: 'workflow_dispatch',
    created: `>=${since.slice(0, 19)}Z`,
    per_page: 100,
  });
  const found = runs.data.workflow_runs.find((run) => run.display_title === title);
  if (found) return { id: found.id, url: found.html_url };
  const answer = await octokit.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    { ...at(repo), workflow_id: workflow, ref: 'main', inputs, return_run_details: true },
  );
  const data = RunDetails.safeParse(answer.data);
  if (!data.success) throw new Error('GitHub dispatched the workflow but named no run');
  return { id: data.data.workflow_run_id, url: data.data.html_url };
}

function absent(error: unknown): null {
  if ((error as { status?: number }).status === 404) return null;
  throw error;
}
