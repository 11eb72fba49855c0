// What GitHub says about the repository's settings and workflows, long before they are needed. Must never change any of them.
import { at, type Repo } from './api.ts';

/** `absent`: GitHub shows no such file on the default branch. Else its `state`: active, disabled_manually and so on. */
export type WorkflowState = 'absent' | (string & {});

/** https://docs.github.com/en/rest/actions/workflows#get-a-workflow */
export async function workflowState(repo: Repo, file: string): Promise<WorkflowState> {
  const octokit = await repo.octokit();
  try {
    return (await octokit.rest.actions.getWorkflow({ ...at(repo), workflow_id: file })).data.state;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return 'absent';
    throw error;
  }
}

export type Methods = { squash: boolean; merge: boolean; rebase: boolean };

/** The ways of merging that the repository allows. What GitHub does not tell counts as allowed. */
export async function mergeMethods(repo: Repo): Promise<Methods> {
  const octokit = await repo.octokit();
  const { data } = await octokit.rest.repos.get(at(repo));
  return {
    squash: data.allow_squash_merge !== false,
    merge: data.allow_merge_commit !== false,
    rebase: data.allow_rebase_merge !== false,
  };
}
