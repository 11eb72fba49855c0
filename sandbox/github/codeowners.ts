// Which files of a pull request still lack the word of a code owner. It must never read CODEOWNERS from the pull
// request itself: the base branch decides.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
import { pullFiles } from './diffs.ts';
import type { Forge, PullRequest, Review } from './forge.ts';

/**
 * Paths whose owners have not approved. The author counts as an owner who agrees. The sandbox knows no teams: a team
 * (`@org/name`) stands for everybody with write access.
 */
export async function unownedFiles(forge: Forge, pr: PullRequest, approvals: Review[]): Promise<string[]> {
  const rules = await readRules(forge, pr.pull.base);
  const agreed = [pr.author, ...approvals.map((review) => review.author)];
  const answers = (owner: string) =>
    owner.includes('/') ? approvals.length > 0 : agreed.includes(owner.slice(1));
  const paths = (await pullFiles(forge, pr)).flatMap((file) =>
    [file.filename, file.previous_filename ?? []].flat(),
  );
  return paths.filter((path) => {
    const owners = rules.findLast((rule) => rule.pattern.test(path))?.owners ?? []; // the last matching line wins
    return owners.length > 0 && !owners.some(answers);
  });
}

async function readRules(forge: Forge, branch: string) {
  for (const place of ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS']) {
    const file = await forge.git.attempt(['cat-file', 'blob', `refs/heads/${branch}:${place}`]);
    if (!file.ok) continue;
    const lines = file.out.toString().split('\n');
    return lines.flatMap((line) => {
      const [glob, ...owners] = line.replace(/#.*/, '').split(/\s+/).filter(Boolean);
      return glob ? [{ pattern: toPattern(glob), owners }] : [];
    });
  }
  return [];
}

/** A gitignore-like pattern: a slash before its end ties it to the root; a folder holds all that lies beneath it. */
function toPattern(glob: string): RegExp {
  const start = glob.slice(0, -1).includes('/') ? '^' : '(?:^|/)';
  const stars: Record<string, string> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
  const literal = glob.replace(/^\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const body = literal.replace(/\*\*\/|\*\*|\*|\?/g, (star) => stars[star] ?? '');
  return new RegExp(`${start}${body}${glob.endsWith('/') ? '' : '(?:/|$)'}`);
}
