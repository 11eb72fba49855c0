// A merge queue's group: pull requests merged one after the other on a branch of GitHub's own, which asks for checks. It must never
// merge anything into the base: nobody here waits for the checks.
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
import { plainCommit, readCommit } from './commits.ts';
import { type Actor, branchOf, type Forge, pullsOf } from './forge.ts';
import { ZERO } from './git.ts';
import { mergedTree } from './mergeable.ts';
import { GITHUB, identityOf, writeCommit } from './objects.ts';
import { refMoved } from './refs.ts';

/** Throws when a pull request is not open, or cannot be merged. */
export function queueGroup(forge: Forge, numbers: readonly number[], login: string) {
  return forge.exclusive(async () => {
    const base = branchOf(forge);
    const base_sha = (await forge.git.resolve(`heads/${base}`)) ?? ZERO;
    const actor: Actor = { kind: 'person', login, permission: 'write' };
    let head_sha = base_sha;
    for (const number of numbers) {
      const pr = pullsOf(forge).find((one) => one.number === number && one.state === 'open');
      const tree = pr && (await mergedTree(forge, head_sha, pr.pull.headSha));
      if (!pr || !tree) throw new Error(`#${number} cannot be merged`);
      const message = `Merge pull request #${number} from ${forge.options.owner}/${pr.pull.head}`;
      const by = { author: identityOf(pr.author), committer: GITHUB };
      const made = await writeCommit(forge, actor, { message, tree, parents: [head_sha], ...by });
      if (!made) throw new Error(`#${number} could not be merged`);
      head_sha = made;
    }
    const head_ref = `refs/heads/gh-readonly-queue/${base}/pr-${numbers.at(-1)}-${base_sha}`;
    await forge.git.text(['update-ref', head_ref, head_sha, ZERO]);
    await refMoved(forge, actor, { ref: head_ref, from: ZERO, to: head_sha });
    const head_commit = plainCommit(await readCommit(forge, head_sha));
    const merge_group = { head_sha, head_ref, base_sha, base_ref: `refs/heads/${base}`, head_commit };
    forge.webhooks.emit('merge_group', { action: 'checks_requested', merge_group }, actor);
    return { head_sha, head_ref };
  });
}
