// Files of a commit over REST. It must never follow a symlink. https://docs.github.com/en/rest/repos/contents#get-repository-content
import * as z from 'zod';
import type { Forge } from './forge.ts';
import { type Call, missing, ok, REPO, type Reply, route } from './http.ts';

type Entry = { mode: string; kind: string; sha: string; size: number; path: string };

function parse(listing: Buffer): Entry[] {
  return listing
    .toString()
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', kind = '', sha = '', size = ''] = line.slice(0, tab).split(/\s+/);
      return { mode, kind, sha, size: Number(size) || 0, path: line.slice(tab + 1) };
    });
}

function view(forge: Forge, ref: string, { mode, kind, sha, size, path }: Entry) {
  const { owner, repo } = forge.options;
  const api = `${forge.urls.api}/repos/${owner}/${repo}`;
  const type =
    kind === 'tree' ? 'dir' : kind === 'commit' ? 'submodule' : mode === '120000' ? 'symlink' : 'file';
  const place = path.split('/').map(encodeURIComponent).join('/');
  const url = `${api}/contents/${place}?ref=${encodeURIComponent(ref)}`;
  return {
    type,
    name: path.split('/').at(-1),
    path,
    sha,
    size,
    url,
    git_url: `${api}/git/${kind}s/${sha}`,
    html_url: `${forge.urls.web}/blob/${ref}/${place}`,
    download_url: null,
  };
}

async function read(forge: Forge, { params, input, raw }: Call<{ ref: string }>): Promise<Reply> {
  const commit = await forge.git.resolve(input.ref);
  const path = (params['path'] ?? '').replace(/\/$/, '');
  if (!commit || path.startsWith('/') || path.split('/').includes('..')) return missing;
  const list = async (place: string) =>
    parse(
      await forge.git.bytes([
        '--literal-pathspecs',
        'ls-tree',
        '-z',
        '-l',
        commit,
        ...(place ? ['--', place] : []),
      ]),
    );
  const [entry] = path ? await list(path) : [];
  if (path && !entry) return missing;
  if (!entry || entry.kind === 'tree')
    return ok((await list(path && `${path}/`)).map((one) => view(forge, input.ref, one)));
  if (entry.kind !== 'blob') return ok(view(forge, input.ref, entry));
  const bytes = await forge.git.bytes(['cat-file', 'blob', entry.sha]);
  return ok(
    raw ? bytes : { ...view(forge, input.ref, entry), encoding: 'base64', content: bytes.toString('base64') },
  );
}

const Query = z.object({ ref: z.string().default('main') });
export const contentRoutes = [
  route(`GET ${REPO}/contents`, ['contents:read', 'read'], Query, read),
  route(`GET ${REPO}/contents/:path{.*}`, ['contents:read', 'read'], Query, read),
];
