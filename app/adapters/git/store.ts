// A bare clone without a worktree that holds only what was asked for: objects are fetched by their ids, written loose, and read
// by one long-lived process. Must never force a push, nor be the only place where anything is: it may be thrown away any time.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { type CommitParts, commitText, IDENTITY, type Identity, LEDGER_BRANCH } from '#core/ledger/commit';
import { decodeTree, type Objects, type TreeEntry } from '#core/ledger/git-tree';
import { type GitType, gitObjectId } from '#core/text/hash';
import { gitEnvironment, LOST } from './clone.ts';
import { isLocked, removeLocks } from './locks.ts';
import { type GitObject, openReader } from './reader.ts';
import { askRemote, type Remote, readRemote } from './remote.ts';
import { GitFailed, runGit } from './run.ts';

export type StoreOptions = Remote & {
  dir: string;
  /** SSH key, as git's user.signingkey has it. */
  signingKey?: string | null;
  identity?: Identity;
};
export type Store = Objects & {
  dir: string;
  /** Null: it is neither here nor asked for. */
  peek(id: string): Promise<GitObject | null>;
  has(id: string): Promise<boolean>;
  /** Fetches those that are missing, of trees also all that is in them when `deep`. */
  obtain(ids: readonly string[], deep?: 'deep'): Promise<void>;
  commitOf(id: string): Promise<string>;
  /** Fetches commits alone, without what came before them and without their trees. */
  obtainCommits(ids: readonly string[]): Promise<void>;
  commit(parts: CommitParts): Promise<string>;
  /** The branch's commit after a fetch of it: the first time that commit alone, later everything new. Null: no branch. */
  fetch(branch: string): Promise<string | null>;
  /** The branch's commit without fetching anything. */
  look(branch: string): Promise<string | null>;
  /** `false`: somebody was first; fetch and decide again. */
  push(commit: string, branch: string): Promise<boolean>;
  /** The remote's branches of this pattern, each with its commit. */
  branches(pattern: string): Promise<Map<string, string>>;
  /**
   * Puts a branch without history, or nothing, in the place of one that stands at `expected`: for what must be erased and
   * never for the ledger. `false`: it stands elsewhere by now.
   */
  replace(branch: string, expected: string, commit: string | null): Promise<boolean>;
  isAncestor(one: string, of: string): Promise<boolean>;
  /** Tells git that this commit is known to be the branch's. */
  know(commit: string, branch: string): Promise<void>;
  known(branch: string): Promise<string | null>;
  close(): void;
};

const TREES_KEPT = 4000;
const settings = [
  'gc.auto=0',
  'maintenance.auto=false',
  'http.followRedirects=false',
  'pack.threads=1',
  'fetch.unpackLimit=1',
];
const flags = settings.flatMap((one) => ['-c', one]);

export async function openStore(options: StoreOptions): Promise<Store> {
  const { dir } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const env = gitEnvironment();
  const local = (args: readonly string[]) => runGit([...flags, ...args], { dir, env });
  await removeLocks(dir);
  // It holds nothing of ours. A clone that an older git marked as partial would look for what it misses by itself, and in vain.
  await rm(join(dir, 'config'), { force: true });
  await local(['init', '--quiet', '--bare', '--initial-branch=unborn']);
  const reader = openReader(dir, env);
  const trees = new Map<string, TreeEntry[]>();
  const folders = new Set<string>();

  // Two fetches into one clone would stumble over each other's locks.
  let turn: Promise<unknown> = Promise.resolve();
  // Without a filter here git writes the first one that it uses into the clone, for good: a push looks at what overtook it.
  // https://github.com/git/git/blob/v2.39.0/list-objects-filter-options.c (partial_clone_register)
  const remotes = [`url=${options.url}`, 'promisor=true', 'partialclonefilter=tree:0'];
  const there = remotes.flatMap((one) => ['-c', `remote.vigil.${one}`]);
  // Nothing that is under way outlives its owner.
  const ended = new AbortController();
  const bound = { dir, env, signal: ended.signal };
  /**
   * One after the other. Nobody else works here, so that a lock in the way is what a killed process left, or a git that it had
   * begun and that is still at work: that one is given a moment.
   */
  const inTurn = (work: () => Promise<string>): Promise<string> => {
    const tried = async (pauses: readonly number[]): Promise<string> => {
      try {
        return await work();
      } catch (error) {
        const [ms, ...more] = pauses;
        if (ms === undefined || !isLocked(error)) throw error;
        await removeLocks(dir);
        await pause(ms);
        return tried(more);
      }
    };
    const done = turn.then(() => tried([0, 300, 1000, 3000]));
    turn = done.catch(() => undefined);
    return done;
  };
  const remote = (args: readonly string[], input = ''): Promise<string> =>
    inTurn(() => readRemote([...flags, ...there, ...args], options, { ...bound, input }));
  const wanted = ['fetch', '--progress', '--no-tags', '--no-write-fetch-head', '--stdin'];
  // Nothing is said to be here: the other side would leave out what hangs on it, though this clone has no trees of it.
  const byId = ['-c', 'fetch.negotiationAlgorithm=noop'];
  // Leaves nothing out. But only what comes through a filter may point to objects that this clone does not have.
  const all = ['-c', 'remote.vigil.partialclonefilter=blob:limit=1g'];
  const missing = async (ids: readonly string[]): Promise<string[]> => {
    const found = await Promise.all(ids.map(async (id) => ((await reader.has(id)) ? [] : [id])));
    return [...new Set(found.flat())];
  };
  const whole = async (id: string, type: GitType): Promise<Buffer> => {
    let found = await reader.read(id);
    if (!found) {
      await store.obtain([id]);
      found = await reader.read(id);
    }
    if (found?.type !== type) throw new Error(`there is no ${type} ${id}`);
    return found.bytes;
  };
  const keep = (id: string, entries: TreeEntry[]): TreeEntry[] => {
    trees.set(id, entries);
    for (const [oldest] of trees) {
      if (trees.size <= TREES_KEPT) break;
      trees.delete(oldest);
    }
    return entries;
  };
  const ref = (branch: string): string => `refs/vigil/${branch}`;

  const pushed = async (what: string, ...how: string[]): Promise<boolean> => {
    const args = [...flags, ...there, 'push', '--progress', '--porcelain', ...how, 'vigil', what];
    const said = await inTurn(() =>
      askRemote(args, options, bound).catch((error: unknown) => {
        if (LOST.test(String(error))) return '!'; // the other side's lock, not ours
        throw error;
      }),
    );
    // `=`: it is there already. Another replica wrote the same at the same time, and only one of them may say so.
    return !/^[!=]/m.test(said);
  };

  const store: Store = {
    dir,
    peek: (id) => reader.read(id),
    has: (id) => reader.has(id),
    async obtain(ids, deep) {
      const absent = await missing(ids);
      if (absent.length === 0) return;
      const how = deep ? ['--no-filter'] : [];
      await remote([...byId, ...wanted, ...how, 'vigil'], `${absent.join('\n')}\n`);
    },
    commitOf: async (id) => (await whole(id, 'commit')).toString(),
    async obtainCommits(ids) {
      const absent = await missing(ids);
      if (absent.length === 0) return;
      await remote([...byId, ...wanted, '--depth=1', 'vigil'], `${absent.join('\n')}\n`);
    },
    async tree(id) {
      const kept = trees.get(id);
      if (kept) return kept;
      return keep(id, decodeTree(await whole(id, 'tree')));
    },
    blob: async (id) => (await whole(id, 'blob')).toString(),
    async write(type, content) {
      const id = gitObjectId(type, content);
      // The next change begins with the trees of this one.
      if (type === 'tree') keep(id, decodeTree(Buffer.from(content)));
      const folder = join(dir, 'objects', id.slice(0, 2));
      const path = join(folder, id.slice(2));
      // Small files, many of them: handing each step to another thread would take longer than the step.
      if (existsSync(path)) return id;
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      const head = Buffer.from(`${type} ${content.byteLength}\0`);
      const half = join(folder, `tmp_obj_${randomUUID()}`);
      writeFileSync(half, deflateSync(Buffer.concat([head, content]), { level: 1 }), {
        flag: 'wx',
        mode: 0o444,
      });
      renameSync(half, path);
      return id;
    },
    async commit(parts) {
      const { signingKey, identity: { name, email } = IDENTITY } = options;
      if (!signingKey) return store.write('commit', Buffer.from(commitText(parts, { name, email })));
      const when = `${parts.at} +0000`;
      const who = {
        ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: when },
        ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: when },
      };
      const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${signingKey}`];
      const parent = parts.parent === null ? [] : ['-p', parts.parent];
      const args = [...signing, 'commit-tree', '-S', parts.tree, ...parent];
      return (await runGit(args, { dir, env: { ...env, ...who }, input: parts.message })).trim();
    },
    async fetch(branch) {
      const first = (await store.known(branch)) === null;
      const how = first ? ['--depth=1'] : [];
      try {
        const filter = first ? [] : all;
        await remote([...filter, ...wanted, ...how, 'vigil'], `+refs/heads/${branch}:${ref(branch)}\n`);
      } catch (error) {
        if (/couldn't find remote ref/i.test(String(error))) return null;
        throw error;
      }
      return store.known(branch);
    },
    async look(branch) {
      return (await remote(['ls-remote', 'vigil', `refs/heads/${branch}`])).split('\t')[0]?.trim() || null;
    },
    async branches(pattern) {
      const said = await remote(['ls-remote', 'vigil', `refs/heads/${pattern}`]);
      const rows = said.split('\n').filter((row) => row !== '');
      return new Map(rows.map((row) => [row.slice(row.indexOf('refs/heads/') + 11), row.slice(0, 40)]));
    },
    push: (commit, branch) => pushed(`${commit}:refs/heads/${branch}`),
    async replace(branch, expected, commit) {
      if (branch === LEDGER_BRANCH) throw new Error('the ledger is never replaced');
      const to = `refs/heads/${branch}`;
      return pushed(`${commit ?? ''}:${to}`, `--force-with-lease=${to}:${expected}`);
    },
    async isAncestor(one, of) {
      if (one === of) return true;
      return local(['merge-base', '--is-ancestor', one, of]).then(
        () => true,
        (error) => {
          if (error instanceof GitFailed && /ended with 1\b/.test(error.message)) return false;
          throw error;
        },
      );
    },
    know: async (commit, branch) => void (await inTurn(() => local(['update-ref', ref(branch), commit]))),
    async known(branch) {
      const said = await local(['for-each-ref', '--format=%(objectname)', ref(branch)]);
      return said.trim() || null;
    },
    close() {
      ended.abort();
      reader.close();
    },
  };
  return store;
}
