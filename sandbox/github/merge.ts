// Merging a pull request. It must never merge another head than the one the caller names.
// https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
import * as z from 'zod';
import { type Actor, type Forge, isoTime, type PullRequest } from './forge.ts';
import { blockers, mergedTree } from './mergeable.ts';
import { GITHUB, identityOf, writeCommit } from './objects.ts';
import { pullRoute } from './pull-route.ts';
import { announcePull, commitsOf } from './pull-view.ts';
import { refMoved } from './refs.ts';
import { ok, type Reply, refuse } from './reply.ts';

const Merge = z.object({
  sha: z.string().optional(),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});
type Merge = z.infer<typeof Merge>;
const NAMES = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' };

/** Merges or says why not: 409 when the head moved, 405 when a rule or a conflict stands against it. */
export function merge(forge: Forge, actor: Actor, pr: PullRequest, input: Merge): Promise<Reply> {
  return forge.exclusive(async () => {
    const { headSha, base: branch } = pr.pull;
    const ref = `refs/heads/${branch}`;
    const base = await forge.git.resolve(ref.slice(5));
    const tree = base && (await mergedTree(forge, base, headSha));
    if (input.sha !== undefined && input.sha !== headSha)
      return refuse(409, 'Head branch was modified. Review and try the merge again.');
    if (pr.state === 'closed' || !tree) return refuse(405, 'Pull Request is not mergeable');
    if (pr.pull.draft) return refuse(405, 'Pull Request is still a draft');
    if (!forge.state.mergeMethods.has(input.merge_method))
      return refuse(405, `${NAMES[input.merge_method]} are not allowed on this repository.`);
    const reasons = await blockers(forge, actor, pr, base, input.merge_method);
    if (reasons.length > 0)
      return refuse(405, `Repository rule violations found\n\n${reasons.join('\n\n')}\n\n`);
    const squash = input.merge_method === 'squash';
    const parents = squash ? [base] : [base, headSha];
    const author = identityOf(squash ? pr.author : actor.login);
    const message = await messageOf(forge, pr, input);
    const sha = await writeCommit(forge, actor, { message, tree, parents, author, committer: GITHUB });
    if (!sha) throw new Error(`the merge commit of #${pr.number} could not be written`);
    await forge.git.text(['update-ref', ref, sha, base]);
    const now = isoTime();
    Object.assign(pr, { state: 'closed', closed_at: now, closedBy: actor.login, updated_at: now });
    pr.pull.merged = { at: now, by: actor.login, sha };
    await announcePull(forge, actor, 'closed', pr);
    await refMoved(forge, actor, { ref, from: base, to: sha });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  });
}

async function messageOf(
  forge: Forge,
  pr: PullRequest,
  { merge_method, commit_title, commit_message }: Merge,
) {
  const squash = merge_method === 'squash';
  const merging = `Merge pull request #${pr.number} from ${forge.options.owner}/${pr.pull.head}`;
  const texts = squash ? (await commitsOf(forge, pr)).map(({ message }) => `* ${message}`) : [pr.title];
  const title = commit_title ?? (squash ? `${pr.title} (#${pr.number})` : merging);
  return `${title}\n\n${commit_message ?? texts.join('\n\n')}`.trim();
}

export const mergeRoutes = [
  pullRoute('PUT /merge', ['contents:write', 'write'], Merge, (forge, pr, { actor, input }) =>
    merge(forge, actor, pr, input),
  ),
];
