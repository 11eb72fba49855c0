// Workflow runs as GitHub has them now. Must never start or end one.
import { at, type Repo } from './api.ts';

/** When a run ended, and how. Null: it still runs, or GitHub does not know it any more. */
export async function endOfRun(
  repo: Repo,
  run: number,
): Promise<{ conclusion: string; endedAt: string } | null> {
  const octokit = await repo.octokit();
  const answer = await octokit.rest.actions
    .getWorkflowRun({ ...at(repo), run_id: run })
    .catch((error: { status?: number }) => {
      if (error.status === 404) return null;
      throw error;
    });
  if (answer?.data.status !== 'completed') return null;
  return { conclusion: answer.data.conclusion ?? 'unknown', endedAt: answer.data.updated_at };
}
