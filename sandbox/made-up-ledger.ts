// A ledger made of made-up facts with the product's own writer, as a stream for `git fast-import`: the commits that come of it
// are those that the app would have written. It must never hold more than what is open: it may be of any length.

import { isOver } from '#core/incident/open-index';
import { type CommitParts, commitText, IDENTITY } from '#core/ledger/commit';
import type { Fact } from '#core/ledger/facts';
import { decodeTree, TREE_MODE, type TreeEntry } from '#core/ledger/git-tree';
import type { Actor } from '#core/ledger/record';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { gitObjectId } from '#core/text/hash';
import { addFact, begin, seal, type Tip, type Writing } from '#core/trust/ledger-writer';

const app: Actor = { kind: 'app' };
type Open = { incident: Incident; commits: string[] };
export type MadeUpLedger = {
  /** Writes a fact of an incident, as of `at`. */
  add(key: string, fact: Fact, at: Date): Promise<Incident>;
  /** Puts away what is over by then. */
  sealOver(now: Date): Promise<void>;
  /** What is to be imported since this was last asked. */
  take(): Buffer;
  head(): string;
};

/** `ref`: the branch that is made. */
export async function madeUpLedger(ref: string, start: Date): Promise<MadeUpLedger> {
  const objects = new Map<string, Buffer>();
  const open = new Map<string, Open>();
  let parts: Buffer[] = [Buffer.from(`reset ${ref}\n`)];
  let root: string | null = null;
  const trees = new Map<string, readonly TreeEntry[]>();
  const treeOf = (id: string): readonly TreeEntry[] => {
    const decoded = trees.get(id) ?? decodeTree(read(id));
    trees.set(id, decoded);
    return decoded;
  };
  const read = (id: string): Buffer => {
    const found = objects.get(id);
    if (!found) throw new Error(`the made-up ledger no longer holds ${id}`);
    return found;
  };
  const writing: Writing = {
    tree: async (id) => treeOf(id),
    blob: async (id) => read(id).toString(),
    async write(type, content) {
      const id = gitObjectId(type, content);
      objects.set(id, Buffer.from(content));
      return id;
    },
    async commit(commit) {
      parts.push(imported(ref, commit, differences('', root, commit.tree)));
      root = commit.tree;
      return gitObjectId('commit', Buffer.from(commitText(commit)));
    },
  };
  /** Lines of fast-import for what differs; what is replaced is forgotten, and records are never read again. */
  const differences = (path: string, before: string | null, after: string | null): Buffer[] => {
    const [old, now] = [entries(before), entries(after)];
    const lines: Buffer[] = [];
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [one, other] = [old.get(name), now.get(name)];
      if (one?.id === other?.id) continue;
      const at = `${path}${name}`;
      const [folderBefore, folderAfter] = [folder(one), folder(other)];
      if (folderBefore !== null || folderAfter !== null)
        lines.push(...differences(`${at}/`, folderBefore, folderAfter));
      if (one && folderBefore === null) lines.push(Buffer.from(`D ${at}\n`));
      if (other && folderAfter === null) {
        const text = read(other.id);
        lines.push(Buffer.from(`M 100644 inline ${at}\ndata ${text.length}\n`), text, Buffer.from('\n'));
        if (at.startsWith('incidents/') || at === 'index.json') objects.delete(other.id);
      }
      if (one && folderBefore === null) objects.delete(one.id);
    }
    if (before !== null) {
      objects.delete(before);
      trees.delete(before);
    }
    return lines;
  };
  const entries = (id: string | null): Map<string, TreeEntry> =>
    new Map(id === null ? [] : treeOf(id).map((entry) => [entry.name, entry]));
  const folder = (entry: TreeEntry | undefined): string | null =>
    entry?.mode === TREE_MODE ? entry.id : null;
  const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

  let tip: Tip = await begin(writing, seconds(start));
  return {
    async add(key, fact, at) {
      const { incident: before = null, commits = [] } = open.get(key) ?? {};
      const record = nextRecord(before, fact, at.toISOString(), app);
      const folded = fold(before, record);
      if (!folded.ok) throw new Error(`made-up history does not replay: ${folded.reason}`);
      const { incident } = folded;
      const named = [...commits].reverse().slice(0, 8);
      tip = await addFact(writing, tip, { record, incident, before: named, at: seconds(at) });
      open.set(key, { incident, commits: [...commits, tip.commit ?? ''] });
      return incident;
    },
    async sealOver(now) {
      for (const [key, { incident, commits }] of open) {
        if (!isOver(incident, now)) continue;
        tip = await seal(writing, tip, { incident, commits, at: seconds(now) });
        open.delete(key);
      }
    },
    take() {
      const taken = Buffer.concat(parts);
      parts = [];
      return taken;
    },
    head: () => tip.commit ?? '',
  };
}

function imported(ref: string, { message, at }: CommitParts, changes: readonly Buffer[]): Buffer {
  const who = `${IDENTITY.name} <${IDENTITY.email}> ${at} +0000`;
  const head = `commit ${ref}\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n`;
  return Buffer.concat([Buffer.from(head), ...changes]);
}
