// Differences between two commits, as GitHub lists the files of a pull request. It must never run a diff driver or a
// text filter from the repository. https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
import type { Forge, PullRequest } from './forge.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const SAFE = ['--no-ext-diff', '--no-textconv', '-M'];
const STATUS: Record<string, string> = { A: 'added', D: 'removed', R: 'renamed', T: 'changed' };

/** Files changed on the way from one commit (or from nothing) to another. Binary files have no `patch`. */
export async function diffFiles(forge: Forge, from: string | undefined, to: string) {
  const diff = async (how: string[]) =>
    (await forge.git.bytes(['diff', ...SAFE, ...how, from ?? EMPTY_TREE, to])).toString();
  const list = (await diff(['--raw', '-z', '--abbrev=40'])).split('\0');
  const sections = (await diff([])).split(/^(?=diff --git )/m); // in the order of the list
  const files = [];
  while ((list[0] ?? '') !== '') {
    const [, , , sha = '', code = ''] = (list.shift() ?? '').split(' ');
    const previous = code.startsWith('R') ? { previous_filename: list.shift() ?? '' } : {};
    const filename = list.shift() ?? '';
    const text = sections.splice(0, code.startsWith('T') ? 2 : 1).join(''); // file to link: a removal and an addition
    const patch = text.includes('\n@@') ? text.slice(text.indexOf('\n@@') + 1).replace(/\n$/, '') : undefined;
    const count = (sign: string) => patch?.split('\n').filter((line) => line.startsWith(sign)).length ?? 0;
    const [additions, deletions] = [count('+'), count('-')];
    const status = STATUS[code[0] ?? ''] ?? 'modified';
    const place = filename.split('/').map(encodeURIComponent).join('/');
    const { web, repo } = forge.urls;
    files.push({
      sha,
      blob_url: `${web}/blob/${to}/${place}`,
      raw_url: `${web}/raw/${to}/${place}`,
      contents_url: `${repo}/contents/${place}?ref=${to}`,
      filename,
      status,
      additions,
      deletions,
      changes: additions + deletions,
      ...previous,
      patch,
    });
  }
  return files;
}

/** What a pull request changes when its head is `head`, byte for byte. */
export async function pullDiff({ git }: Forge, { pull }: PullRequest, head: string): Promise<Buffer> {
  const range = `${pull.baseSha}...${head}`;
  return git.bytes(['diff', ...SAFE, '--binary', '--full-index', range]);
}

/** The files of a pull request; its diff starts where it left the base, also after it was merged. */
export async function pullFiles(forge: Forge, { pull }: PullRequest) {
  const fork = await forge.git.attempt(['merge-base', pull.baseSha, pull.headSha]);
  return diffFiles(forge, fork.ok ? fork.out.toString().trim() : undefined, pull.headSha);
}
