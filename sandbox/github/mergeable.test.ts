// Merging two sides into a tree, with today's git and with one from before 2.38.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Forge } from './forge.ts';
import { createGit, type Git } from './git.ts';
import { mergedTree } from './mergeable.ts';

let dir: string;
let git: Git;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-merge-'));
  execFileSync('git', ['init', '--quiet', '--bare', dir]);
  git = createGit(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
  [`GIT_${role}_NAME`, 'Riley'],
  [`GIT_${role}_EMAIL`, 'riley@example.com'],
]);
type Files = Record<string, string>;
async function commit(files: Files, parent?: string): Promise<string> {
  const entries: string[] = [];
  for (const [path, input] of Object.entries(files))
    entries.push(`100644 blob ${await git.text(['hash-object', '-w', '--stdin'], { input })}\t${path}`);
  const tree = await git.text(['mktree'], { input: entries.join('\n') });
  const args = ['commit-tree', tree, '-m', 'x', ...(parent ? ['-p', parent] : [])];
  return git.text(args, { env: Object.fromEntries(who) });
}

/** Answers as git 2.34 does, word for word. */
const old = (): Git => ({
  ...git,
  attempt: async (args, options) =>
    args[0] === 'merge-tree'
      ? { ok: false, code: 128, reason: 'fatal: unknown rev --write-tree', out: Buffer.of() }
      : git.attempt(args, options),
});

const lines = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n';
const fork: Files = { a: lines, b: 'b\n', c: 'c\n' };
const { b: _, ...withoutB } = fork;
describe.each([
  ['each adds a file', { ...fork, d: 'd\n' }, { ...fork, e: 'e\n' }, { ...fork, d: 'd\n', e: 'e\n' }],
  ['one changes what the other leaves', fork, { ...fork, b: 'B\n' }, { ...fork, b: 'B\n' }],
  ['one deletes what the other leaves', withoutB, { ...fork, c: 'C\n' }, { ...withoutB, c: 'C\n' }],
  ['both say the same', { ...fork, b: 'B\n' }, { ...fork, b: 'B\n' }, { ...fork, b: 'B\n' }],
  ['both change a line', { ...fork, b: 'ours\n' }, { ...fork, b: 'theirs\n' }, null],
  ['one deletes what the other changes', withoutB, { ...fork, b: 'B\n' }, null],
])('%s', (_, ours, theirs, merged: Files | null) => {
  it.each([
    ['today’s git', () => git],
    ['an older one', old],
  ])('comes out the same with %s', async (_, which) => {
    const base = await commit(fork);
    const [one, other] = [await commit(ours, base), await commit(theirs, base)];
    const wanted =
      merged === null ? undefined : await git.text(['rev-parse', `${await commit(merged)}^{tree}`]);
    expect(await mergedTree({ git: which() } as Forge, one, other)).toBe(wanted);
  });
});

it('is stricter with an older git where both touched one file in different places', async () => {
  const base = await commit(fork);
  const first = await commit({ ...fork, a: lines.replace('one', 'ONE') }, base);
  const last = await commit({ ...fork, a: lines.replace('eight', 'EIGHT') }, base);
  expect(await mergedTree({ git } as Forge, first, last)).toMatch(/^[0-9a-f]{40}$/);
  expect(await mergedTree({ git: old() } as Forge, first, last)).toBeUndefined();
});
