// May and can a pull request be merged? It must never write anything that a ref could see.
import { type Actor, type Forge, NOBODY, type PullRequest } from './forge.ts';
import type { Git } from './git.ts';
import { violations } from './rulesets.ts';

/** The tree that merging would give; undefined when the two sides conflict. */
export async function mergedTree({ git }: Forge, base: string, head: string): Promise<string | undefined> {
  const done = await git.attempt(['merge-tree', '--write-tree', base, head]);
  if (done.ok) return done.out.toString().split('\n')[0];
  return done.code === 1 ? undefined : mergedInIndex(git, base, head);
}

/** The same for a git before 2.38, which cannot do that. Stricter: a file that both sides touched is a conflict. */
export async function mergedInIndex(git: Git, base: string, head: string): Promise<string | undefined> {
  const fork = await git.text(['merge-base', base, head]);
  return git.withIndex(async (env) => {
    await git.text(['read-tree', '-i', '-m', '--aggressive', fork, base, head], { env });
    const torn = await git.text(['ls-files', '--unmerged'], { env });
    return torn === '' ? git.text(['write-tree'], { env }) : undefined;
  });
}

/** The rules that this actor's merge would break. */
export function blockers(
  forge: Forge,
  actor: Actor,
  pull: PullRequest,
  base: string,
  method: string,
): Promise<string[]> {
  const change = { ref: `refs/heads/${pull.pull.base}`, from: base, to: pull.pull.headSha, force: false };
  return violations(forge, actor, { ...change, merge: { pull, method } });
}

export const UNKNOWN = { mergeable: null, mergeable_state: 'unknown' };

/**
 * GitHub works this out in the background when somebody asks, and says null until it knows: here the first question
 * about a pair of commits is answered so. Bypasses are left out. https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 */
export async function mergeability(forge: Forge, pr: PullRequest) {
  const base = await forge.git.resolve(`heads/${pr.pull.base}`);
  const pair = `${pr.number} ${base} ${pr.pull.headSha}`;
  const asked = forge.state.asked.has(pair);
  forge.state.asked.add(pair);
  if (pr.state === 'closed' || !base || !asked) return UNKNOWN;
  if (!(await mergedTree(forge, base, pr.pull.headSha)))
    return { mergeable: false, mergeable_state: 'dirty' };
  const reasons = await blockers(forge, NOBODY, pr, base, 'squash');
  return { mergeable: true, mergeable_state: reasons.length > 0 ? 'blocked' : 'clean' };
}
