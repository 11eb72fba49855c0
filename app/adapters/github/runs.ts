// Workflow runs as GitHub has them now. Must never start or end one.
import { at, type Repo } from './api.ts';

/** How a run ended, and when. `gone`: GitHub does not know it, because somebody deleted it. Null: it still runs. */
export async function endOfRun(
  repo: Repo,
  run: number,
): Promise<{ conclusion: string; endedAt: string } | 'gone' | null> {
  const octokit = await repo.octokit();
  const answer = await octokit.rest.actions
    .getWorkflowRun({ ...at(repo), run_id: run })
    .catch((error: { status?: number }) => {
      if (error.status === 404) return 'gone' as const;
      throw error;
    });
  if (answer === 'gone') return answer;
  if (answer.data.status !== 'completed') return null;
  return { conclusion: answer.data.conclusion ?? 'unknown', endedAt: answer.data.updated_at };
}
