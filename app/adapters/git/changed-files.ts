// The files that a commit changes beside main, read from git: GitHub's own lists end at 300 or 3,000 files, and behind the end
// anything can hide. Must never run a diff driver or a text filter of the repository.
import type { Clone } from './clone.ts';
import { fetchDefault } from './default-branch.ts';

/** Names a ref of the remote: a pull request's head, or a branch. */
export type Where = { ref: string; sha: string };

/** Every path that differs from where the commit left main. Null: the commit is not there any more, or shares nothing with main. */
export async function changedFiles(clone: Clone, { ref, sha }: Where): Promise<string[] | null> {
  const main = await fetchDefault(clone);
  if (!main) return null;
  const git = clone.local();
  try {
    await (await clone.remote()).raw('fetch', '--verbose', '--no-tags', clone.url, ref);
    const how = ['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--no-textconv'];
    const listed = await git.raw(...how, `${main}...${sha}`, '--');
    return listed.split('\0').filter((path) => path !== '');
  } catch (error) {
    if (
      /couldn't find remote ref|bad object|unknown revision|no merge base|Invalid symmetric/i.test(
        String(error),
      )
    )
      return null;
    throw error;
  }
}
