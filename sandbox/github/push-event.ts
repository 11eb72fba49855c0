// The payload of a `push` delivery. It must never hold more than 2,048 commits, as GitHub's does not.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
import { readCommits } from './commits.ts';
import type { Actor, Forge } from './forge.ts';
import { ZERO } from './git.ts';
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
  const commits = brought.map(({ sha: id, tree: tree_id, message, author }) => {
    return { id, tree_id, message, timestamp: author.date, author, ...paths.get(id) };
  });
  const head_commit = commits.at(-1) ?? null;
  const pusher = { name: login };
  return { ref, before: from, after: to, created, deleted, forced, commits, head_commit, pusher };
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
