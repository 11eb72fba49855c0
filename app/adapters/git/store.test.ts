// What a clone without a worktree stays able to do, whatever its remote and older processes did to it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCommit } from '#core/ledger/commit';
import { openStore, type Store } from './store.ts';

let dir: string;
const open: Store[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-store-'));
  execFileSync('git', ['init', '--quiet', '--bare', join(dir, 'remote')]);
  const there = ['-C', join(dir, 'remote'), 'config'];
  execFileSync('git', [...there, 'uploadpack.allowAnySHA1InWant', 'true']);
  execFileSync('git', [...there, 'uploadpack.allowFilter', 'true']);
});
afterEach(() => {
  for (const store of open.splice(0)) store.close();
  rmSync(dir, { recursive: true, force: true });
});

async function store(name: string): Promise<Store> {
  const url = `file://${join(dir, 'remote')}`;
  const opened = await openStore({ dir: join(dir, name), url, credentials: async () => null });
  open.push(opened);
  return opened;
}
const config = (name: string): string => readFileSync(join(dir, name, 'config'), 'utf8');

/** A commit that nobody else makes. */
async function commit(to: Store, parent: string | null, message: string): Promise<string> {
  const blob = await to.write('blob', Buffer.from(message));
  const entry = Buffer.concat([Buffer.from('100644 fact\0'), Buffer.from(blob, 'hex')]);
  return to.commit({ tree: await to.write('tree', entry), parent, message, at: 1_700_000_000 });
}

/** Known from its commit, which came without it. */
async function treeOf(of: Store, id: string): Promise<string> {
  return readCommit(await of.commitOf(id)).tree;
}

test('a push that somebody overtook leaves no mark on the clone, though git looked at what overtook it', async () => {
  const [one, two] = [await store('one'), await store('two')];
  const first = await commit(one, null, 'first');
  expect(await one.push(first, 'ledger')).toBe(true);
  await two.fetch('ledger');
  expect(await one.push(await commit(one, first, 'overtakes'), 'ledger')).toBe(true);

  const before = config('two');
  expect(await two.push(await commit(two, first, 'too late'), 'ledger')).toBe(false);
  expect(config('two')).toBe(before);
});

test('a clone that an older process has marked as partial for good is read like any other', async () => {
  const one = await store('one');
  const first = await commit(one, null, 'first');
  await one.push(first, 'ledger');
  const two = await store('two');
  await two.fetch('ledger');
  two.close();
  const mark = (...words: string[]) => execFileSync('git', ['-C', join(dir, 'two'), 'config', ...words]);
  mark('remote.vigil.promisor', 'true');
  mark('remote.vigil.partialclonefilter', 'blob:none');
  mark('extensions.partialClone', 'vigil');

  const again = await store('two');
  const tree = await treeOf(again, first);
  expect(await again.peek(tree)).toBeNull();
  expect(await again.tree(tree)).toHaveLength(1);
});
