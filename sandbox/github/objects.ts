// The git database: blobs, trees, commits over REST. It must never move a ref. https://docs.github.com/en/rest/git
import * as z from 'zod';
import type { Need } from './auth.ts';
import { readCommit } from './commits.ts';
import { nodeId } from './fields.ts';
import { type Actor, type Forge, idOf } from './forge.ts';
import { ANY, REPO, route } from './http.ts';
import { created, missing, ok, refuse } from './reply.ts';

// The sandbox signs nothing, though GitHub signs what is committed through its API.
const UNSIGNED = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

const Sha = z.string().regex(/^[0-9a-f]{40}$/);
const Entry = z.object({
  path: z.string().regex(/^(?!.*(^|\/)(\.{0,2}|\.git)(\/|$))[^\0]+$/i, 'contains a malformed path component'),
  mode: z.enum(['100644', '100755', '120000', '160000']), // GitHub takes 040000 (a whole tree) too; the sandbox does not
  sha: Sha.nullish(), // null deletes the entry
  content: z.string().optional(),
});
const Stamp = z.object({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const NewCommit = z.object({
  message: z.string(),
  tree: Sha,
  parents: z.array(Sha).default([]),
  author: Stamp.optional(),
  committer: Stamp.optional(),
});
type Stamp = z.infer<typeof Stamp>;
const read: Need = ['contents:read', 'read'];
const write: Need = ['contents:write', 'write'];

const storeBlob = ({ git }: Forge, bytes: string | Buffer) =>
  git.text(['hash-object', '-w', '--stdin'], { input: bytes });

/** What `git ls-tree -z -l` lists. */
export function parseTree(listing: Buffer) {
  const lines = listing.toString().split('\0').filter(Boolean);
  return lines.map((line) => {
    const tab = line.indexOf('\t');
    const [mode = '', type = '', sha = '', size = ''] = line.slice(0, tab).split(/\s+/);
    return { path: line.slice(tab + 1), mode, type, sha, ...(type === 'blob' ? { size: Number(size) } : {}) };
  });
}

async function treeView({ git, urls }: Forge, sha: string, deep: boolean) {
  const listing = await git.bytes(['ls-tree', '-z', '-l', ...(deep ? ['-r', '-t'] : []), sha]);
  return { sha, url: `${urls.repo}/git/trees/${sha}`, tree: parseTree(listing), truncated: false };
}

/** Writes a tree through an index of its own; undefined when git refuses a path or an object is missing. */
async function writeTree(forge: Forge, base: string | undefined, entries: z.infer<typeof Entry>[]) {
  const lines = entries.map(async ({ path, mode, sha, content }) => {
    const id = content === undefined ? sha : await storeBlob(forge, content);
    return `${id ? `${mode} ${id}` : `0 ${'0'.repeat(40)}`}\t${path}\0`;
  });
  const input = (await Promise.all(lines)).join('');
  return forge.git.withIndex(async (env) => {
    if (base && !(await forge.git.attempt(['read-tree', base], { env })).ok) return undefined;
    if (!(await forge.git.attempt(['update-index', '-z', '--index-info'], { env, input })).ok)
      return undefined;
    const tree = await forge.git.attempt(['write-tree'], { env });
    return tree.ok ? tree.out.toString().trim() : undefined;
  });
}

/** The identity git records for somebody who names none: GitHub's no-reply address. */
export const identityOf = (login: string): Stamp => ({
  name: login,
  email: `${idOf(login)}+${login}@users.noreply.github.com`,
});
export const GITHUB: Stamp = { name: 'GitHub', email: 'noreply@github.com' };

/** Stores a commit; undefined when its tree or a parent is not there. */
export async function writeCommit({ git }: Forge, actor: Actor, commit: z.infer<typeof NewCommit>) {
  const { author = identityOf(actor.login), committer = commit.author ?? GITHUB } = commit;
  const date = (stamp: Stamp) => stamp.date ?? `${Math.floor(Date.now() / 1000)} +0000`;
  const env = {
    ...{ GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email, GIT_AUTHOR_DATE: date(author) },
    ...{
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date(committer),
    },
  };
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  const done = await git.attempt(['commit-tree', commit.tree, ...parents], { input: commit.message, env });
  return done.ok ? done.out.toString().trim() : undefined;
}

async function commitView(forge: Forge, sha: string) {
  const { tree, parents, ...commit } = await readCommit(forge, sha);
  const places = (one: string) => ({
    ...{
      sha: one,
      url: `${forge.urls.repo}/git/commits/${one}`,
      html_url: `${forge.urls.web}/commit/${one}`,
    },
  });
  return {
    ...{ ...commit, ...places(sha), node_id: nodeId('Commit', sha), parents: parents.map(places) },
    ...{ tree: { sha: tree, url: `${forge.urls.repo}/git/trees/${tree}` }, verification: UNSIGNED },
  };
}

export const objectRoutes = [
  route(
    `GET ${REPO}/git/trees/:sha{.+}`,
    read,
    z.object({ recursive: z.string().optional() }),
    async (forge, call) => {
      const name =
        Sha.safeParse(call.params['sha']).data ?? (await forge.git.resolve(call.params['sha'] ?? ''));
      const tree = await forge.git.attempt(['rev-parse', '--verify', '--quiet', `${name}^{tree}`]);
      return tree.ok
        ? ok(await treeView(forge, tree.out.toString().trim(), call.input.recursive !== undefined))
        : missing;
    },
  ),
  route(
    `POST ${REPO}/git/trees`,
    write,
    z.object({ base_tree: Sha.optional(), tree: z.array(Entry).min(1) }),
    async (forge, { input }) => {
      const sha = await writeTree(forge, input.base_tree, input.tree);
      return sha
        ? created(await treeView(forge, sha, false))
        : refuse(422, 'A path is malformed, or an object does not exist');
    },
  ),
  route(`GET ${REPO}/git/commits/:sha`, read, ANY, async (forge, { params }) => {
    const sha = Sha.safeParse(params['sha']).success && (await forge.git.resolve(params['sha'] ?? ''));
    return sha ? ok(await commitView(forge, sha)) : missing;
  }),
  route(`POST ${REPO}/git/commits`, write, NewCommit, async (forge, { actor, input }) => {
    const sha = await writeCommit(forge, actor, input);
    return sha ? created(await commitView(forge, sha)) : refuse(422, 'The tree or a parent does not exist');
  }),
  route(`GET ${REPO}/git/blobs/:sha`, read, ANY, async (forge, { params, raw }) => {
    const sha = Sha.safeParse(params['sha']).data ?? 'none';
    const blob = await forge.git.attempt(['cat-file', 'blob', sha]);
    if (!blob.ok) return missing;
    const url = `${forge.urls.repo}/git/blobs/${sha}`;
    return ok(
      raw
        ? blob.out
        : {
            sha,
            url,
            node_id: nodeId('Blob', sha),
            size: blob.out.length,
            encoding: 'base64',
            content: blob.out.toString('base64'),
          },
    );
  }),
  route(
    `POST ${REPO}/git/blobs`,
    write,
    z.object({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') }),
    async (forge, { input: { content, encoding } }) => {
      const sha = await storeBlob(forge, Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
      return created({ sha, url: `${forge.urls.repo}/git/blobs/${sha}` });
    },
  ),
];
