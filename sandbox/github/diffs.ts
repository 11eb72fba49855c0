// Differences between two commits, as GitHub lists the files of a pull request. It must never run a diff driver or a
// text filter from the repository.
import type { Forge, PullRequest } from './forge.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const SAFE = ['--no-ext-diff', '--no-textconv', '-M', '--full-index'];
const STATUS: Record<string, string> = {
  A: 'added',
  M: 'modified',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

/** Files changed from one commit to another ('empty' for nothing): https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files */
export async function diffFiles(forge: Forge, from: string, to: string) {
  const base = from === 'empty' ? EMPTY_TREE : from;
  const list = (await forge.git.bytes(['diff', ...SAFE, '--raw', '-z', '--abbrev=40', base, to]))
    .toString()
    .split('\0');
  const whole = (await forge.git.bytes(['diff', ...SAFE, base, to])).toString();
  const patches = whole.split(/^(?=diff --git )/m).filter(Boolean); // in the order of the raw list
  const files = [];
  let section = 0;
  for (let at = 0; (list[at] ?? '') !== ''; ) {
    const [, mode = '', , newSha = '', code = ''] = (list[at] ?? '').split(' ');
    const moved = /^[RC]/.test(code);
    const patch = patches[section] ?? '';
    section += code.startsWith('T') ? 2 : 1; // a file that became a link is shown as a removal and an addition
    const hunks = patch.slice(patch.indexOf('\n@@') + 1);
    const lines = patch.includes('\n@@') ? hunks.split('\n') : [];
    const additions = lines.filter((line) => line.startsWith('+')).length;
    const deletions = lines.filter((line) => line.startsWith('-')).length;
    files.push({
      sha: newSha,
      filename: list[at + (moved ? 2 : 1)] ?? '',
      mode,
      status: STATUS[code[0] ?? ''] ?? 'changed',
      additions,
      deletions,
      changes: additions + deletions,
      ...(moved ? { previous_filename: list[at + 1] ?? '' } : {}),
      ...(lines.length ? { patch: hunks.replace(/\n$/, '') } : {}), // binary files and mode changes have none
    });
    at += moved ? 3 : 2;
  }
  return files;
}

/** Where a pull request's diff starts: the fork point, kept even after it was merged. */
export async function forkPoint(forge: Forge, { pull }: PullRequest): Promise<string> {
  const found = await forge.git.attempt(['merge-base', pull.baseSha, pull.headSha]);
  return found.ok ? found.out.toString().trim() : 'empty';
}

export async function changedPaths(forge: Forge, pr: PullRequest): Promise<string[]> {
  const from = await forkPoint(forge, pr);
  const base = from === 'empty' ? EMPTY_TREE : from;
  const out = await forge.git.bytes(['diff', '--name-only', '--no-renames', '-z', base, pr.pull.headSha]);
  return out.toString().split('\0').filter(Boolean);
}
