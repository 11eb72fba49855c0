// GitHub's REST API as the app uses it. Every function looks first and writes only what is missing, so that it can be
// repeated; one that cannot says so. Must never build a path or a query from text that is not Vigil's or GitHub's own.
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbotOctokit } from 'probot';
import * as z from 'zod';

type Octokit = InstanceType<typeof ProbotOctokit>;
/** A repository as one installation of the app sees it. `octokit()` gives a client with a live token. */
export type Repo = {
  octokit: () => Promise<Octokit>;
  owner: string;
  repo: string;
  /** The default branch, as GitHub named it at the start. */
  branch: string;
  appSlug: string;
};

/** Where the repository is, as Octokit wants it. */
export const at = ({ owner, repo }: Repo): { owner: string; repo: string } => ({ owner, repo });

type IssueRef = { number: number; url: string };

/** The issue with the marker, or a new one. It lists issues by creator, because search finds new issues only later. */
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

/** A completed check run for exactly one commit. It is found again by `externalId`. */
export async function postCheckOnce(
  repo: Repo,
  check: {
    name: string;
    head: string;
    conclusion: 'success' | 'failure' | 'action_required';
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
  // Only the newest check run counts, for GitHub too. So when an approval was withdrawn, a newer run must replace its run.
  const newest = present.data.check_runs
    .filter(({ app }) => app?.slug === repo.appSlug)
    .reduce<(typeof present.data.check_runs)[number] | null>(
      (a, b) => (a !== null && a.id > b.id ? a : b),
      null,
    );
  const output = { title: check.title, summary: check.summary };
  if (newest?.external_id === check.externalId && newest.conclusion === check.conclusion) {
    // What is still to be done changes while people review; an end says what was true then.
    const told = newest.output.title === output.title && newest.output.summary === output.summary;
    if (told || check.conclusion !== 'action_required') return 'same';
    await octokit.rest.checks.update({ ...at(repo), check_run_id: newest.id, output });
    return 'written';
  }
  await octokit.rest.checks.create({
    ...at(repo),
    name: check.name,
    head_sha: check.head,
    status: 'completed',
    conclusion: check.conclusion,
    external_id: check.externalId,
    output,
  });
  return 'written';
}

// https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
const RunDetails = z.object({ workflow_run_id: z.number().int(), html_url: z.url() });
type RunRef = { id: number; url: string };

/** How long is waited for the list to show a run that GitHub did not name, in milliseconds before each look. */
const LOOKS_MS = [0, 1000, 2000, 4000, 8000, 15_000];

/**
 * Dispatches a workflow unless a run with this title exists. `return_run_details` saves looking for the run; where GitHub answers
 * 204 without them, as it did before there were any, the run is looked up by its title.
 */
export async function dispatchOnce(
  repo: Repo,
  workflow: string,
  inputs: Record<string, string>,
  title: string,
  since: string,
): Promise<RunRef> {
  const octokit = await repo.octokit();
  const titled = async (): Promise<RunRef | null> => {
    const runs = await octokit.rest.actions.listWorkflowRuns({
      ...at(repo),
      workflow_id: workflow,
      event: 'workflow_dispatch',
      created: `>=${since.slice(0, 19)}Z`,
      per_page: 100,
    });
    const found = runs.data.workflow_runs.find((run) => run.display_title === title);
    return found ? { id: found.id, url: found.html_url } : null;
  };
  const before = await titled();
  if (before) return before;
  const answer = await octokit.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    { ...at(repo), workflow_id: workflow, ref: repo.branch, inputs, return_run_details: true },
  );
  const data = RunDetails.safeParse(answer.data);
  if (data.success) return { id: data.data.workflow_run_id, url: data.data.html_url };
  for (const pause of LOOKS_MS) {
    await delay(pause);
    const run = await titled();
    if (run) return run;
  }
  throw new Error('GitHub dispatched the workflow but names no run of it');
}
