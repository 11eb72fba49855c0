// Commits as GitHub's JSON. It must never claim a signature: `verification` is left out, the git objects themselves say.
// https://docs.github.com/en/rest/commits/commits
import { diffFiles } from './diffs.ts';
import { nodeId } from './fields.ts';
import { type Forge, isoTime } from './forge.ts';
import { ANY, REPO, route } from './http.ts';
import { userView } from './people.ts';
import { missing, ok } from './reply.ts';

type Stamp = { name: string; email: string; date: string };
export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Stamp;
  committer: Stamp;
  message: string;
};

const FIELDS = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'];

/** Commits that `git log` gives for these arguments, oldest first. */
export async function readCommits(forge: Forge, range: string[]): Promise<Commit[]> {
  const format = `--format=format:${FIELDS.join('%x00')}`;
  const out = (await forge.git.bytes(['log', '--reverse', '-z', format, ...range, '--'])).toString();
  const fields = out === '' ? [] : out.split('\0');
  return Array.from({ length: fields.length / FIELDS.length }, (_, index) => {
    const record = fields.slice(index * FIELDS.length, (index + 1) * FIELDS.length);
    const [
      sha = '',
      tree = '',
      parents = '',
      an = '',
      ae = '',
      at = '',
      cn = '',
      ce = '',
      ct = '',
      body = '',
    ] = record;
    const author = { name: an, email: ae, date: isoTime(Date.parse(at)) };
    const committer = { name: cn, email: ce, date: isoTime(Date.parse(ct)) };
    const message = body.replace(/\n$/, '');
    return { sha, tree, parents: parents.split(' ').filter(Boolean), author, committer, message };
  });
}

export async function readCommit(forge: Forge, sha: string): Promise<Commit> {
  const [commit] = await readCommits(forge, ['-1', sha]);
  if (!commit) throw new Error(`commit ${sha} cannot be read`);
  return commit;
}

/** The account behind an address, when it is one of GitHub's no-reply addresses. */
export function loginOf({ options: { people, app } }: Forge, email: string): string | null {
  if (email === 'noreply@github.com') return 'web-flow'; // what GitHub itself commits in somebody's name
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  return [...people.map((person) => person.login), `${app.slug}[bot]`].find((one) => one === login) ?? null;
}

/** A commit as events hold it. */
export function plainCommit({ sha: id, tree: tree_id, message, author, committer }: Commit) {
  const person = ({ name, email }: Stamp) => ({ name, email });
  const people = { author: person(author), committer: person(committer) };
  return { id, tree_id, message, timestamp: author.date, ...people };
}

export function commitView(forge: Forge, { sha, tree, parents, author, committer, message }: Commit) {
  const account = ({ email }: Stamp) => {
    const login = loginOf(forge, email);
    return login && userView(forge, login);
  };
  const { repo, web } = forge.urls;
  const commit = { author, committer, message, tree: { sha: tree, url: `${repo}/git/trees/${tree}` } };
  return {
    ...{
      sha,
      node_id: nodeId('Commit', sha),
      url: `${repo}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    },
    comments_url: `${repo}/commits/${sha}/comments`,
    commit: { ...commit, url: `${repo}/git/commits/${sha}`, comment_count: 0 },
    author: account(author),
    committer: account(committer),
    parents: parents.map((parent) => ({ sha: parent, url: `${forge.urls.repo}/commits/${parent}` })),
  };
}

export const commitRoutes = [
  route(`GET ${REPO}/commits/:ref{.+}`, ['contents:read', 'read'], ANY, async (forge, { params }) => {
    const sha = await forge.git.resolve(params['ref'] ?? '');
    if (!sha) return missing;
    const commit = await readCommit(forge, sha);
    return ok({ ...commitView(forge, commit), files: await diffFiles(forge, commit.parents[0], sha) });
  }),
];
