// Who pushed to a branch, as GitHub's list of a repository's activity has it. Must never name anybody whom GitHub does not.
import * as z from 'zod';
import { at, type Repo } from './api.ts';

/** https://docs.github.com/en/rest/repos/repos#list-repository-activities */
const Activity = z.object({
  before: z.string().regex(/^[0-9a-f]{40}$/),
  after: z.string().regex(/^[0-9a-f]{40}$/),
  ref: z.string(),
  activity_type: z.string(),
  actor: z.object({ login: z.string().min(1) }).nullable(),
});
const MOST = 100;

/** The newest pushes to a branch of which GitHub names who pushed, oldest first; not how it began, nor how it ended. */
export async function activityOf(
  repo: Repo,
  branch: string,
): Promise<{ by: string; head: string; before: string }[]> {
  const octokit = await repo.octokit();
  const where = { ...at(repo), ref: `refs/heads/${branch}`, per_page: MOST };
  const { data } = await octokit
    .request('GET /repos/{owner}/{repo}/activity', where)
    .catch((error: { status?: number }) => {
      // A GitHub that has no such list, or does not show it, names nobody.
      if (error.status === 403 || error.status === 404 || error.status === 410) return { data: [] };
      throw error;
    });
  return (Array.isArray(data) ? data : [])
    .flatMap((one) => {
      const { data: found } = Activity.safeParse(one);
      if (!found?.actor || found.ref !== `refs/heads/${branch}`) return [];
      if (found.activity_type !== 'push' && found.activity_type !== 'force_push') return [];
      return [{ by: found.actor.login, head: found.after, before: found.before }];
    })
    .reverse();
}
