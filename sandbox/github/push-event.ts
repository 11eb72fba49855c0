// The payload of a `push` delivery. It must never hold more than 2,048 commits, as GitHub's does not.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
import { type Commit, commitUrls, loginOf, readCommits } from './commits.ts';
import { diffFiles } from './diffs.ts';
import type { Actor, Forge } from './forge.ts';
import { ZERO } from './git.ts';
import type { Move } from './refs.ts';

const MOST = 2048;

export async function pushPayload(forge: Forge, actor: Actor, { ref, from, to }: Move) {
  const { git, urls } = forge;
  const deleted = to === ZERO;
  const made = from === ZERO;
  const forced = !deleted && !made && !(await git.attempt(['merge-base', '--is-ancestor', from, to])).ok;
  const range = made ? [to, '--not', `--exclude=${ref}`, '--all'] : [`${from}..${to}`];
  const read =
    deleted || ref.startsWith('refs/tags/')
      ? []
      : await readCommits(forge, [`--max-count=${MOST}`, ...range]);
  const commits = await Promise.all(read.map((commit) => describe(forge, commit)));
  const head_commit = deleted ? null : (commits.at(-1) ?? null);
  const compare = `${urls.web}/compare/${from.slice(0, 12)}...${to.slice(0, 12)}`;
  const pusher = { name: actor.login, email: null };
  return {
    ref,
    before: from,
    after: to,
    created: made,
    deleted,
    forced,
    base_ref: null,
    compare,
    commits,
    head_commit,
    pusher,
  };
}

async function describe(forge: Forge, { sha, tree, parents, message, author, committer }: Commit) {
  const files = await diffFiles(forge, parents[0] ?? 'empty', sha);
  const named = (...statuses: string[]) =>
    files.filter((f) => statuses.includes(f.status)).map((f) => f.filename);
  const person = ({ name, email }: { name: string; email: string }) => ({
    name,
    email,
    username: loginOf(forge, email),
  });
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: author.date,
    url: commitUrls(forge, sha).html_url,
    author: person(author),
    committer: person(committer),
    added: named('added', 'copied'),
    removed: named('removed'),
    modified: named('modified', 'changed', 'renamed'),
  };
}
