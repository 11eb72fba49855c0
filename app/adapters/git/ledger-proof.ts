// What the audit of one incident needs, by ids alone: its records, the commits that brought them, and all that each changed.
// The history in between is not fetched. Must never ask the app or an API: the proof holds for somebody who trusts neither.

import { INDEX_PATH } from '#core/incident/open-index';
import type { AuditInput, LedgerFile } from '#core/ledger/audit';
import { type ReadCommit, readCommit } from '#core/ledger/commit';
import type { Finding, LedgerChange, LedgerCommit } from '#core/ledger/conduct';
import { entryAt, FILE_MODE, TREE_MODE, type TreeEntry } from '#core/ledger/git-tree';
import { incidentDirectory } from '#core/ledger/incident-key';
import { decodeRecord, encodeRecord, recordFile } from '#core/ledger/record';
import { type DecodedSeal, decodeSealed, sealedPath } from '#core/ledger/sealed';
import { gitBlobId } from '#core/text/hash';
import type { Look } from './ledger-look.ts';
import type { Store } from './store.ts';

/** `fault`: what is wrong beside records and commits. */
export type Proof = AuditInput & { sealed: boolean; newest: string; fault: Finding | null };

/** Null: the ledger has no such incident. */
export async function readProof(store: Store, look: Look, key: string): Promise<Proof | null> {
  const directory = incidentDirectory(key);
  const [folder, sealed] = [
    await entryAt(store, look.root, directory),
    await entryAt(store, look.root, sealedPath(key)),
  ];
  if (!folder && !sealed) return null;
  const text = sealed ? await store.blob(sealed.id) : null;
  const files = [
    ...(text === null ? [] : linesOf(key, text)),
    ...(folder?.mode === TREE_MODE ? await filesOf(store, `${directory}/`, folder.id) : []),
  ];
  const named = text === null ? null : decodeSealed(text);
  const entry = look.index.open[key];
  const ids =
    named?.ok === true
      ? named.commits
      : await trail(store, entry ? (entry.commit ?? look.commit) : null, files.length);
  const commits = await commitsOf(store, directory, ids);
  const merge = commits.find(({ read }) => read.parents.length > 1)?.commit.id ?? null;
  return {
    ...{ key, files, merge, sealed: sealed !== null, newest: ids.at(-1) ?? '' },
    fault: faultOf(key, named, commits.at(-1)?.commit ?? null),
    commits: commits.map(({ commit }) => commit),
    ...(sealed ? {} : { folder: folder?.id ?? null }),
  };
}

/** Commits of an open incident, oldest first: each names those before it. */
async function trail(store: Store, newest: string | null, most: number): Promise<string[]> {
  const ids = newest === null ? [] : [newest];
  for (let last = ids.at(-1); last && ids.length <= most; last = ids.at(-1)) {
    await store.obtainCommits([last]);
    const { before } = readCommit(await store.commitOf(last));
    if (before.length === 0) break;
    ids.push(...before);
  }
  return ids.reverse();
}

function faultOf(key: string, sealed: DecodedSeal | null, newest: LedgerCommit | null): Finding | null {
  if (sealed?.ok === false) return { file: sealedPath(key), commit: null, reason: sealed.reason };
  if (sealed || newest?.subject.startsWith(`${key}: `)) return null;
  const named = newest ? `commit ${newest.id.slice(0, 12)}, which` : 'no commit that';
  const reason = `names for ${key} ${named} brought its newest record; --history tells which commit did what`;
  return {
    file: INDEX_PATH,
    commit: newest?.id ?? null,
    reason: reason.replace('which brought', 'which did not bring'),
  };
}

type Pair = { path: string; before: string | null; after: string | null };

async function commitsOf(
  store: Store,
  directory: string,
  ids: readonly string[],
): Promise<{ commit: LedgerCommit; read: ReadCommit }[]> {
  await store.obtainCommits(ids);
  const read = await Promise.all(ids.map(async (id) => readCommit(await store.commitOf(id))));
  await store.obtainCommits(read.flatMap(({ parents }) => parents.slice(0, 1)));
  const pairs = await Promise.all(
    read.map(async ({ tree, parents: [parent] }): Promise<Pair> => {
      const before = parent === undefined ? null : readCommit(await store.commitOf(parent)).tree;
      return { path: '', before, after: tree };
    }),
  );
  const changes = await differences(store, pairs);
  const folderIn = async (root: string | null): Promise<string | null> => {
    const entry = root === null ? null : await entryAt(store, root, directory);
    return entry?.mode === TREE_MODE ? entry.id : null;
  };
  return Promise.all(
    read.map(async (one, index) => ({
      read: one,
      commit: {
        ...{ id: ids[index] ?? '', subject: one.subject, body: one.body, changes: changes[index] ?? [] },
        folder: {
          before: await folderIn(pairs[index]?.before ?? null),
          after: await folderIn(pairs[index]?.after ?? null),
        },
      },
    })),
  );
}

/** All that differs between each two root trees, level by level, so that each level is one fetch for all of them. */
async function differences(store: Store, roots: readonly Pair[]): Promise<LedgerChange[][]> {
  const found: LedgerChange[][] = roots.map(() => []);
  let level = roots.map((pair, index) => ({ ...pair, index }));
  while (level.length > 0) {
    await store.obtain(level.flatMap(({ before, after }) => [before, after].filter((id) => id !== null)));
    const below: typeof level = [];
    for (const { path, before, after, index } of level) {
      const [old, now] = [await entriesOf(store, before), await entriesOf(store, after)];
      for (const name of new Set([...old.keys(), ...now.keys()])) {
        const [one, other] = [old.get(name), now.get(name)];
        if (one?.id === other?.id && one?.mode === other?.mode) continue;
        const at = path === '' ? name : `${path}/${name}`;
        const [treeBefore, treeAfter] = [treeOf(one), treeOf(other)];
        if (treeBefore !== null || treeAfter !== null)
          below.push({ path: at, before: treeBefore, after: treeAfter, index });
        const [fileBefore, fileAfter] = [
          treeBefore === null ? one : undefined,
          treeAfter === null ? other : undefined,
        ];
        if (fileBefore || fileAfter) found[index]?.push(changeOf(at, fileBefore, fileAfter));
      }
    }
    level = below;
  }
  return found.map((changes) => changes.sort((a, b) => (a.path < b.path ? -1 : 1)));
}

const treeOf = (entry: TreeEntry | undefined): string | null => (entry?.mode === TREE_MODE ? entry.id : null);

async function entriesOf(store: Store, tree: string | null): Promise<Map<string, TreeEntry>> {
  return new Map((tree === null ? [] : await store.tree(tree)).map((entry) => [entry.name, entry]));
}

function changeOf(path: string, before: TreeEntry | undefined, after: TreeEntry | undefined): LedgerChange {
  const status = before && after ? 'M' : after ? 'A' : 'D';
  return { status, path, mode: after?.mode ?? '000000', blob: after?.id ?? '0'.repeat(40) };
}

async function filesOf(store: Store, own: string, tree: string): Promise<LedgerFile[]> {
  const entries = await store.tree(tree);
  const plain = entries.filter(({ mode }) => mode.startsWith('100'));
  await store.obtain(plain.map(({ id }) => id));
  return Promise.all(
    entries.map(async ({ mode, name, id }) => ({
      ...{ path: `${own}${name}`, mode, blob: id },
      text: mode.startsWith('100') ? await store.blob(id) : '',
    })),
  );
}

/** The records of a sealed incident as the files they were. */
export function linesOf(key: string, text: string): LedgerFile[] {
  return text
    .split('\n')
    .slice(0, -2)
    .map((line) => {
      const decoded = decodeRecord(`${line}\n`);
      const path = decoded.ok ? `${incidentDirectory(key)}/${recordFile(decoded.record)}` : sealedPath(key);
      const record = decoded.ok ? encodeRecord(decoded.record) : `${line}\n`;
      return { path, mode: FILE_MODE, blob: gitBlobId(record), text: record };
    });
}
