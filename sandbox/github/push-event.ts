// The payload of a `push` delivery. It must never hold more than 2,048 commits, as GitHub's does not.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
import { type Commit, loginOf, plainCommit, readCommit, readCommits } from './commits.ts';
import { type Actor, type Forge, isoTime } from './forge.ts';
import { ZERO } from './git.ts';
import { identityOf } from './objects.ts';
import { repositoryView } from './people.ts';
import type { Move } from './refs.ts';

const MOST = 2048;

export async function pushPayload(forge: Forge, { login }: Actor, { ref, from, to }: Move) {
  const [created, deleted] = [from === ZERO, to === ZERO];
  const forced =
    !created && !deleted && !(await forge.git.attempt(['merge-base', '--is-ancestor', from, to])).ok;
  const news = created ? [to, '--not', `--exclude=${ref}`, '--all'] : [`${from}..${to}`];
  const range = [`--max-count=${MOST}`, ...news];
  const brought = deleted || ref.startsWith('refs/tags/') ? [] : await readCommits(forge, range);
  const paths = brought.length > 0 ? await changedPaths(forge, range) : new Map<string, Paths>();
  const commits = brought.map((commit) => told(forge, commit, paths.get(commit.sha)));
  const head = deleted ? null : (commits.at(-1) ?? (await headOf(forge, to)));
  const span = created
    ? ref.replace(/^refs\/(heads|tags)\//, '')
    : `${from.slice(0, 12)}...${to.slice(0, 12)}`;
  return {
    ...{ ref, before: from, after: to, created, deleted, forced, base_ref: null },
    ...{ compare: `${forge.urls.web}/compare/${span}`, commits, head_commit: head },
    pusher: identityOf(login),
    repository: repositoryOf(forge),
  };
}

/** Where a push leads that brought no commit; null for a tag of something else than a commit. */
async function headOf(forge: Forge, sha: string) {
  const commit = await forge.git.attempt(['rev-parse', '--verify', '--quiet', `${sha}^{commit}`]);
  return commit.ok ? told(forge, await readCommit(forge, commit.out.toString().trim())) : null;
}

function told(forge: Forge, commit: Commit, paths: Paths = { added: [], removed: [], modified: [] }) {
  const { author, committer, ...plain } = plainCommit(commit);
  const named = (stamp: { name: string; email: string }) => {
    const username = loginOf(forge, stamp.email);
    return username ? { ...stamp, username } : stamp;
  };
  const url = `${forge.urls.web}/commit/${commit.sha}`;
  return { ...plain, distinct: true, url, author: named(author), committer: named(committer), ...paths };
}

/** Pushes alone tell of the repository in an older form, with times in seconds and the page as its address. */
function repositoryOf(forge: Forge) {
  const view = repositoryView(forge);
  const seconds = (time: string) => Date.parse(time) / 1000;
  return {
    ...view,
    ...{ url: forge.urls.web, created_at: seconds(view.created_at), pushed_at: seconds(isoTime()) },
    ...{ owner: { ...view.owner, name: forge.options.owner, email: null }, stargazers: 0 },
    master_branch: view.default_branch,
  };
}

type Paths = { added: string[]; removed: string[]; modified: string[] };
const KINDS: Record<string, keyof Paths> = { A: 'added', D: 'removed' };

/** What each commit touched, in one call of git: a push to the ledger may bring dozens of commits. */
async function changedPaths(forge: Forge, range: string[]): Promise<Map<string, Paths>> {
  const how = ['--format=commit %H', '--name-status', '--no-renames', '--diff-merges=first-parent'];
  const log = await forge.git.text(['-c', 'core.quotePath=false', 'log', ...how, ...range, '--']);
  const found = new Map<string, Paths>();
  let current = '';
  for (const line of log.split('\n')) {
    const [kind = '', path] = line.split('\t');
    if (kind.startsWith('commit ')) current = kind.slice(7);
    const paths = found.get(current) ?? { added: [], removed: [], modified: [] };
    if (path !== undefined) paths[KINDS[kind] ?? 'modified'].push(path);
    found.set(current, paths);
  }
  return found;
}
