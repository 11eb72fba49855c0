// The payload of a `push` delivery. It must never hold more than 2,048 commits, as GitHub's does not.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
import { readCommits } from './commits.ts';
import { diffFiles } from './diffs.ts';
import type { Actor, Forge } from './forge.ts';
import { ZERO } from './git.ts';
import type { Move } from './refs.ts';

export async function pushPayload(forge: Forge, { login }: Actor, { ref, from, to }: Move) {
  const [created, deleted] = [from === ZERO, to === ZERO];
  const forced =
    !created && !deleted && !(await forge.git.attempt(['merge-base', '--is-ancestor', from, to])).ok;
  const range = created ? [to, '--not', `--exclude=${ref}`, '--all'] : [`${from}..${to}`];
  const brought =
    deleted || ref.startsWith('refs/tags/') ? [] : await readCommits(forge, ['--max-count=2048', ...range]);
  const commits = await Promise.all(
    brought.map(async ({ sha: id, tree: tree_id, message, author, parents }) => {
      const files = await diffFiles(forge, parents[0], id);
      const named = (...kinds: string[]) =>
        files.filter((file) => kinds.includes(file.status)).map((file) => file.filename);
      const paths = {
        added: named('added'),
        removed: named('removed'),
        modified: named('modified', 'renamed', 'changed'),
      };
      return { id, tree_id, message, timestamp: author.date, author, ...paths };
    }),
  );
  const head_commit = commits.at(-1) ?? null;
  return {
    ref,
    before: from,
    after: to,
    created,
    deleted,
    forced,
    commits,
    head_commit,
    pusher: { name: login },
  };
}
