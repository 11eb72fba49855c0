// Merging: may it, can it, do it. It must never merge another head than the one the caller names.
// https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
import * as z from 'zod';
import { type Actor, type Forge, findPull, isoTime } from './forge.ts';
import { missing, nothing, ok, REPO, type Reply, refuse, route } from './http.ts';
import { blockers, mergedTree } from './mergeable.ts';
import { identityOf, writeCommit } from './objects.ts';
import { announcePull, commitsOf } from './pull-view.ts';
import { refMoved } from './refs.ts';

const Merge = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

/** Merges or says why not: 409 when the head moved, 405 when a rule or a conflict stands against it. */
export function merge(
  forge: Forge,
  actor: Actor,
  number: number,
  input: z.infer<typeof Merge>,
): Promise<Reply> {
  return forge.exclusive(async () => {
    const pr = findPull(forge, number);
    if (!pr) return missing;
    const { head, headSha, base: branch } = pr.pull;
    const base = await forge.git.resolve(`heads/${branch}`);
    if (pr.state === 'closed' || !base) return refuse(405, 'Pull Request is not mergeable');
    if (input.sha !== undefined && input.sha !== headSha)
      return refuse(409, 'Head branch was modified. Review and try the merge again.');
    if (input.merge_method === 'rebase')
      return refuse(405, 'Rebase merges are not allowed on this repository.');
    const tree = await mergedTree(forge, base, headSha);
    if (!tree) return refuse(405, 'Pull Request is not mergeable');
    const reasons = await blockers(forge, actor, pr, base, input.merge_method);
    if (reasons.length > 0)
      return refuse(405, `Repository rule violations found\n\n${reasons.join('\n\n')}\n\n`);
    const squash = input.merge_method === 'squash';
    const texts = squash
      ? (await commitsOf(forge, pr)).map((commit) => `* ${commit.message}`).join('\n\n')
      : pr.title;
    const title =
      input.commit_title ??
      (squash
        ? `${pr.title} (#${number})`
        : `Merge pull request #${number} from ${forge.options.owner}/${head}`);
    const message = `${title}\n\n${input.commit_message ?? texts}`.trim();
    const author = identityOf(squash ? { login: pr.author } : actor);
    const committer = { name: 'GitHub', email: 'noreply@github.com' };
    const sha = await writeCommit(forge, actor, {
      message,
      tree,
      parents: squash ? [base] : [base, headSha],
      author,
      committer,
    });
    if (!sha) throw new Error(`the merge commit of #${number} could not be written`);
    await forge.git.text(['update-ref', `refs/heads/${branch}`, sha, base]);
    const now = isoTime();
    Object.assign(pr, { state: 'closed', closedAt: now, updatedAt: now });
    Object.assign(pr.pull, { merged: { at: now, by: actor.login, sha } });
    announcePull(forge, actor, 'closed', pr);
    await refMoved(forge, actor, { ref: `refs/heads/${branch}`, from: base, to: sha });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  });
}

export const mergeRoutes = [
  route(
    `PUT ${REPO}/pulls/:number/merge`,
    ['contents:write', 'write'],
    Merge,
    (forge, { actor, number, input }) => merge(forge, actor, number, input),
  ),
  route(
    `GET ${REPO}/pulls/:number/merge`,
    ['pull_requests:read', 'read'],
    z.unknown(),
    (forge, { number }) => (findPull(forge, number)?.pull.merged ? nothing : missing),
  ),
];
