// Commits as GitHub's JSON. It must never claim a signature: `verification` is left out, the git objects themselves say.
// https://docs.github.com/en/rest/commits/commits
import * as z from 'zod';
import { diffFiles } from './diffs.ts';
import { type Forge, isoTime } from './forge.ts';
import { missing, ok, page, REPO, route } from './http.ts';
import { userView } from './people.ts';

type Stamp = { name: string; email: string; date: string };
export type Commit = {
  sha: string;
  tree: string;
  parents: string[];
  author: Stamp;
  committer: Stamp;
  message: string;
};

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'];

/** Commits that `git log` gives for these arguments, oldest first. */
export async function readCommits(forge: Forge, range: string[]): Promise<Commit[]> {
  const out = await forge.git.bytes([
    'log',
    '--reverse',
    '-z',
    `--format=format:${FORMAT.join('%x00')}`,
    ...range,
    '--',
  ]);
  const fields = out.length === 0 ? [] : out.toString().split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + FORMAT.length <= fields.length; at += FORMAT.length) {
    const [
      sha = '',
      tree = '',
      parents = '',
      an = '',
      ae = '',
      ai = '',
      cn = '',
      ce = '',
      ci = '',
      body = '',
    ] = fields.slice(at, at + FORMAT.length);
    const author = { name: an, email: ae, date: isoTime(Date.parse(ai)) };
    const committer = { name: cn, email: ce, date: isoTime(Date.parse(ci)) };
    commits.push({
      sha,
      tree,
      parents: parents.split(' ').filter(Boolean),
      author,
      committer,
      message: body.replace(/\n$/, ''),
    });
  }
  return commits;
}

export async function readCommit(forge: Forge, sha: string): Promise<Commit> {
  const [commit] = await readCommits(forge, ['-1', sha]);
  if (!commit) throw new Error(`commit ${sha} cannot be read`);
  return commit;
}

/** The account behind an address, when it is one of GitHub's no-reply addresses. */
export function loginOf(forge: Forge, email: string): string | undefined {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  const known = [
    ...forge.options.people.map((p) => p.login),
    `${forge.options.app.slug}[bot]`,
    'github-actions[bot]',
  ];
  return known.find((one) => one === login);
}

export function commitUrls(forge: Forge, sha: string) {
  const { owner, repo } = forge.options;
  const api = `${forge.urls.api}/repos/${owner}/${repo}`;
  return {
    url: `${api}/commits/${sha}`,
    git: `${api}/git/commits/${sha}`,
    html_url: `${forge.urls.web}/commit/${sha}`,
  };
}

export function commitView(forge: Forge, commit: Commit) {
  const { url, git, html_url } = commitUrls(forge, commit.sha);
  const account = (stamp: Stamp) => {
    const login = loginOf(forge, stamp.email);
    return login ? userView(forge, login) : null;
  };
  const { sha, author, committer, message, tree } = commit;
  const parents = commit.parents.map((parent) => ({ sha: parent, ...commitUrls(forge, parent) }));
  const inner = {
    author,
    committer,
    message,
    tree: { sha: tree, url: git.replace(/commits\/.*/, `trees/${tree}`) },
    url: git,
    comment_count: 0,
  };
  return {
    sha,
    node_id: `C_${sha}`,
    url,
    html_url,
    commit: inner,
    author: account(author),
    committer: account(committer),
    parents,
  };
}

const read = ['contents:read', 'read'] as const;
export const commitRoutes = [
  route(
    `GET ${REPO}/commits`,
    read,
    z.object({ sha: z.string().default('main'), path: z.string().optional() }),
    async (forge, call) => {
      const sha = await forge.git.resolve(call.input.sha);
      if (!sha) return missing;
      const log = await forge.git.text([
        'rev-list',
        sha,
        '--',
        ...(call.input.path ? [`:(literal)${call.input.path}`] : []),
      ]);
      const found = page(call, log.split('\n').filter(Boolean));
      const commits = (found.body as string[]).map(async (one) =>
        commitView(forge, await readCommit(forge, one)),
      );
      return { ...found, body: await Promise.all(commits) };
    },
  ),
  route(`GET ${REPO}/commits/:ref{.+}`, read, z.unknown(), async (forge, { params }) => {
    const sha = await forge.git.resolve(params['ref'] ?? '');
    if (!sha) return missing;
    const commit = await readCommit(forge, sha);
    const files = await diffFiles(forge, commit.parents[0] ?? 'empty', sha);
    return ok({ ...commitView(forge, commit), files });
  }),
  route(`GET ${REPO}/compare/:range{.+}`, read, z.unknown(), async (forge, { params }) => {
    const names = (params['range'] ?? '').split('...');
    const [base, head] = await Promise.all(names.map((name) => forge.git.resolve(name)));
    if (names.length !== 2 || !base || !head) return missing;
    const fork = await forge.git.text(['merge-base', base, head]);
    const commits = await readCommits(forge, [`${base}..${head}`]);
    const behind = Number(await forge.git.text(['rev-list', '--count', `${head}..${base}`]));
    const ahead = commits.length;
    const status = ahead ? (behind ? 'diverged' : 'ahead') : behind ? 'behind' : 'identical';
    return ok({
      status,
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      merge_base_commit: commitView(forge, await readCommit(forge, fork)),
      commits: commits.map((commit) => commitView(forge, commit)),
      files: await diffFiles(forge, fork, head),
    });
  }),
];
