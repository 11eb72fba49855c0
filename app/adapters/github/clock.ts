// How far the app's clock is from GitHub's, by the date of an answer (https://www.rfc-editor.org/rfc/rfc9110#name-date).
// Must never decide anything: it is for words alone.
import { at, type Repo } from './api.ts';

/** In seconds, positive when the app is ahead; null when GitHub does not answer or names no date. */
export async function clockAhead(repo: Repo, now: () => Date): Promise<number | null> {
  const octokit = await repo.octokit();
  const answer = await octokit.rest.repos.get(at(repo)).catch(() => null);
  const theirs = Date.parse(answer?.headers.date ?? '');
  return Number.isFinite(theirs) ? (now().getTime() - theirs) / 1000 : null;
}
