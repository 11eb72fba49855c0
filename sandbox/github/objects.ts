// The git database: blobs, trees, commits over REST. It must never move a ref. https://docs.github.com/en/rest/git
import * as z from 'zod';
import { commitUrls, readCommit } from './commits.ts';
import { type Actor, type Forge, idOf } from './forge.ts';
import { created, missing, ok, REPO, refuse, route } from './http.ts';

const shaText = z.string().regex(/^[0-9a-f]{40}$/);
const Entry = z.object({
  path: z.string().min(1),
  mode: z.enum(['100644', '100755', '040000', '120000', '160000']),
  type: z.enum(['blob', 'tree', 'commit']).optional(),
  sha: shaText.nullish(), // null deletes the entry
  content: z.string().optional(),
});
const Stamp = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const NewCommit = z.object({
  message: z.string(),
  tree: shaText,
  parents: z.array(shaText).default([]),
  author: Stamp.optional(),
  committer: Stamp.optional(),
});
const read = ['contents:read', 'read'] as const;
const write = ['contents:write', 'write'] as const;
const at = (forge: Forge, rest: string) =>
  `${forge.urls.api}/repos/${forge.options.owner}/${forge.options.repo}/git/${rest}`;

const storeBlob = (forge: Forge, bytes: string | Buffer) =>
  forge.git.text(['hash-object', '-w', '--stdin'], { input: bytes });

async function treeView(forge: Forge, sha: string, recursive: boolean) {
  const out = await forge.git.bytes(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), sha]);
  const tree = out
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = '', id = '', size = ''] = line.slice(0, tab).split(/\s+/);
      const common = { path: line.slice(tab + 1), mode, type, sha: id, url: at(forge, `${type}s/${id}`) };
      return type === 'blob' ? { ...common, size: Number(size) } : common;
    });
  return { sha, url: at(forge, `trees/${sha}`), tree, truncated: false };
}

/** Writes a tree through an index of its own; null when git refuses a path or an object is missing. */
async function writeTree(
  forge: Forge,
  base: string | undefined,
  entries: z.infer<typeof Entry>[],
): Promise<string | null> {
  const lines = await Promise.all(
    entries.map(async ({ path, mode, sha, content }) => {
      const id = content === undefined ? sha : await storeBlob(forge, content);
      return {
        tree: mode === '040000' && id ? id : null,
        path,
        line: `${id ? `${mode} ${id}` : `0 ${'0'.repeat(40)}`}\t${path}\0`,
      };
    }),
  );
  return forge.git.withIndex(async (env) => {
    const steps = [
      ...(base ? [{ args: ['read-tree', base] }] : []),
      ...lines.flatMap(({ tree, path }) =>
        tree ? [{ args: ['read-tree', `--prefix=${path}/`, tree] }] : [],
      ),
      {
        args: ['update-index', '-z', '--index-info'],
        input: lines.flatMap(({ tree, line }) => (tree ? [] : [line])).join(''),
      },
    ];
    for (const { args, ...options } of steps)
      if (!(await forge.git.attempt(args, { env, ...options })).ok) return null;
    const tree = await forge.git.attempt(['write-tree'], { env });
    return tree.ok ? tree.out.toString().trim() : null;
  });
}

/** The identity git records for somebody who names none: GitHub's no-reply address. */
export function identityOf({ login }: { login: string }) {
  return { name: login, email: `${idOf(login)}+${login}@users.noreply.github.com` };
}

/** Stores a commit; undefined when its tree or a parent is not there. */
export async function writeCommit(
  forge: Forge,
  actor: Actor,
  input: z.infer<typeof NewCommit>,
): Promise<string | undefined> {
  const author: z.infer<typeof Stamp> = input.author ?? identityOf(actor);
  const committer: z.infer<typeof Stamp> =
    input.committer ??
    (input.author || actor.kind === 'person' ? author : { name: 'GitHub', email: 'noreply@github.com' });
  const dateOf = (stamp: { date?: string | undefined }) =>
    stamp.date ?? `${Math.floor(Date.now() / 1000)} +0000`;
  const env: Record<string, string> = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: dateOf(author),
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: dateOf(committer),
  };
  const parents = input.parents.flatMap((parent) => ['-p', parent]);
  const done = await forge.git.attempt(['commit-tree', input.tree, ...parents], {
    input: input.message,
    env,
  });
  return done.ok ? done.out.toString().trim() : undefined;
}

async function gitCommitView(forge: Forge, sha: string) {
  const { tree, parents, ...commit } = await readCommit(forge, sha);
  const { git, html_url } = commitUrls(forge, sha);
  return {
    node_id: `C_${sha}`,
    url: git,
    html_url,
    ...commit,
    tree: { sha: tree, url: at(forge, `trees/${tree}`) },
    parents: parents.map((parent) => ({ sha: parent, url: commitUrls(forge, parent).git })),
  };
}

export const objectRoutes = [
  route(
    `GET ${REPO}/git/trees/:sha{.+}`,
    read,
    z.object({ recursive: z.string().optional() }),
    async (forge, { params, input }) => {
      const name = params['sha'] ?? '';
      const start = /^[0-9a-f]{40}$/.test(name) ? name : await forge.git.resolve(name);
      const tree =
        start && (await forge.git.attempt(['rev-parse', '--verify', '--quiet', `${start}^{tree}`]));
      return tree?.ok
        ? ok(await treeView(forge, tree.out.toString().trim(), input.recursive !== undefined))
        : missing;
    },
  ),
  route(
    `POST ${REPO}/git/trees`,
    write,
    z.object({ base_tree: shaText.optional(), tree: z.array(Entry).min(1) }),
    async (forge, { input }) => {
      const sha = await writeTree(forge, input.base_tree, input.tree);
      return sha
        ? created(await treeView(forge, sha, false))
        : refuse(422, 'tree.path contains a malformed path component, or tree.sha is not a valid object');
    },
  ),
  route(`GET ${REPO}/git/commits/:sha`, read, z.unknown(), async (forge, { params }) => {
    const sha = shaText.safeParse(params['sha']).success
      ? await forge.git.resolve(params['sha'] ?? '')
      : undefined;
    return sha ? ok(await gitCommitView(forge, sha)) : missing;
  }),
  route(`POST ${REPO}/git/commits`, write, NewCommit, async (forge, { actor, input }) => {
    const sha = await writeCommit(forge, actor, input);
    return sha
      ? created(await gitCommitView(forge, sha))
      : refuse(422, 'Tree SHA does not exist, or a parent does not');
  }),
  route(`GET ${REPO}/git/blobs/:sha`, read, z.unknown(), async (forge, { params, raw }) => {
    const sha = shaText.safeParse(params['sha']).data;
    const blob = sha && (await forge.git.attempt(['cat-file', 'blob', sha]));
    if (!blob?.ok) return missing;
    if (raw) return ok(blob.out);
    return ok({
      sha,
      node_id: `B_${sha}`,
      size: blob.out.length,
      url: at(forge, `blobs/${sha}`),
      encoding: 'base64',
      content: blob.out.toString('base64'),
    });
  }),
  route(
    `POST ${REPO}/git/blobs`,
    write,
    z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') }),
    async (forge, { input }) => {
      const sha = await storeBlob(
        forge,
        Buffer.from(input.content, input.encoding === 'base64' ? 'base64' : 'utf8'),
      );
      return created({ sha, url: at(forge, `blobs/${sha}`) });
    },
  ),
];
