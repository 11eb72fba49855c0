// Files of a commit over REST. It must never follow a symlink. https://docs.github.com/en/rest/repos/contents#get-repository-content
import * as z from 'zod';
import type { Need } from './auth.ts';
import type { Forge } from './forge.ts';
import { type Call, REPO, route } from './http.ts';
import { parseTree } from './objects.ts';
import { missing, ok, type Reply } from './reply.ts';

type Entry = ReturnType<typeof parseTree>[number];

function view({ urls }: Forge, ref: string, { path, mode, type, sha, size = 0 }: Entry) {
  const kind = mode === '120000' ? 'symlink' : ({ tree: 'dir', commit: 'submodule' }[type] ?? 'file');
  const html_url = `${urls.web}/blob/${ref}/${path.split('/').map(encodeURIComponent).join('/')}`;
  const url = `${urls.repo}/contents/${path}?ref=${ref}`;
  const git_url = `${urls.repo}/git/${type}s/${sha}`;
  const _links = { self: url, git: git_url, html: html_url };
  return {
    type: kind,
    name: path.split('/').at(-1),
    path,
    sha,
    size,
    url,
    git_url,
    html_url,
    download_url: null,
    _links,
  };
}

async function read(forge: Forge, { params, input: { ref }, raw }: Call<{ ref: string }>): Promise<Reply> {
  const commit = await forge.git.resolve(ref);
  const path = (params['path'] ?? '').replace(/\/$/, '');
  if (!commit || path.startsWith('/') || path.split('/').includes('..')) return missing;
  const list = async (place: string) =>
    parseTree(
      await forge.git.bytes([
        '--literal-pathspecs',
        'ls-tree',
        '-z',
        '-l',
        commit,
        '--',
        ...(place ? [place] : []),
      ]),
    );
  const [entry] = path ? await list(path) : [];
  if (path && !entry) return missing;
  if (!entry || entry.type === 'tree')
    return ok((await list(path && `${path}/`)).map((one) => view(forge, ref, one)));
  if (entry.type !== 'blob') return ok(view(forge, ref, entry));
  const bytes = await forge.git.bytes(['cat-file', 'blob', entry.sha]);
  return ok(
    raw ? bytes : { ...view(forge, ref, entry), encoding: 'base64', content: bytes.toString('base64') },
  );
}

const Query = z.object({ ref: z.string().default('HEAD') });
const need: Need = ['contents:read', 'read'];
export const contentRoutes = [
  route(`GET ${REPO}/contents`, need, Query, read),
  route(`GET ${REPO}/contents/:path{.*}`, need, Query, read),
];
