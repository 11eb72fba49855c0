// Everything that is open now and wants a check: pull requests, and the branches of a merge queue. Must never stop at one page.
import { at, type Repo } from './api.ts';
import { MOST_FILES, UnsettledError } from './reviews.ts';

/** So many are looked at in one go, the newest first. */
const MOST = 3000;
const QUEUE = 'gh-readonly-queue/';

/** `proposal`: Vigil itself opened it, for a remediation. */
export type OpenPull = { number: number; head: string; base: string; proposal: boolean; updatedAt: string };

export async function openPulls(repo: Repo): Promise<OpenPull[]> {
  const octokit = await repo.octokit();
  const found: OpenPull[] = [];
  const pages = octokit.paginate.iterator(octokit.rest.pulls.list, {
    ...at(repo),
    state: 'open',
    per_page: 100,
  });
  for await (const { data } of pages) {
    for (const { number, head, base, user, updated_at: updatedAt } of data)
      found.push({
        number,
        head: head.sha,
        base: base.ref,
        proposal: isProposal(repo, user?.login, head.ref),
        updatedAt,
      });
    if (found.length >= MOST) break;
  }
  return found;
}

/** Every file a pull request changes, old names too. `large`: GitHub's list ends before they do, at 3,000. */
export async function filesOfPull(repo: Repo, number: number): Promise<string[] | 'large'> {
  const octokit = await repo.octokit();
  const where = { ...at(repo), pull_number: number };
  for (let tries = 0; tries < 3; tries++) {
    const { data: pull } = await octokit.rest.pulls.get(where);
    if (pull.changed_files > MOST_FILES) return 'large';
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, { ...where, per_page: 100 });
    // Right after a push the list lags behind.
    if (files.length < pull.changed_files) continue;
    return files.flatMap(({ filename, previous_filename }) => [
      filename,
      ...(previous_filename ? [previous_filename] : []),
    ]);
  }
  throw new UnsettledError(`pull request #${number} was not all listed, at every look`);
}

/** Only the app itself has its account; a branch can be named as anybody likes. */
export function isOurs({ appSlug }: Pick<Repo, 'appSlug'>, login: string | undefined): boolean {
  return login === `${appSlug}[bot]`;
}

/** Whether it is one of Vigil's proposals: of its account, from a branch that is named so. Neither alone says it. */
export function isProposal(repo: Pick<Repo, 'appSlug'>, login: string | undefined, branch: string): boolean {
  return isOurs(repo, login) && /^vigil\/pd-[a-z0-9]+\/\d+$/.test(branch);
}

/** The groups that wait in the merge queue of the default branch. */
export async function queuedGroups(repo: Repo): Promise<{ ref: string; sha: string }[]> {
  const octokit = await repo.octokit();
  const all = await octokit.paginate(octokit.rest.git.listMatchingRefs, {
    ...at(repo),
    ref: `heads/${QUEUE}${repo.branch}/`,
    per_page: 100,
  });
  return all.map(({ ref, object }) => ({ ref, sha: object.sha }));
}

/** Whether a commit has this check by the app itself. */
export async function hasCheck(repo: Repo, head: string, name: string): Promise<boolean> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.checks.listForRef({ ...at(repo), ref: head, check_name: name });
  return data.check_runs.some(({ app }) => app?.slug === repo.appSlug);
}
