// What one replica knows of the ledger: its newest commit, everything open, and what was asked for of the rest.
// Must never take a ledger that does not go on from what was seen, nor an index that says otherwise than the records.

import { holdOnAll } from '#core/incident/hold';
import {
  decodeIndex,
  emptyIndex,
  entryOf,
  INDEX_PATH,
  indexOf,
  type OpenIndex,
} from '#core/incident/open-index';
import { readCommit } from '#core/ledger/commit';
import { entryAt } from '#core/ledger/git-tree';
import { incidentDirectory } from '#core/ledger/incident-key';
import { keysNumbered, numbersPath } from '#core/ledger/numbers';
import type { Incident } from '#core/ledger/replay';
import { canonical } from '#core/text/hash';
import { namedNext, type Tip } from '#core/trust/ledger-writer';
import type { Summary } from '#core/trust/summary';
import { openHistory } from './ledger-history.ts';
import { changedIncidents, type Loaded, loadIncidents } from './ledger-read.ts';
import type { Store } from './store.ts';

export type Sealed = { incident: Incident; commits: readonly string[] };
export type State = {
  readonly tip: Tip;
  readonly open: ReadonlyMap<string, Incident>;
  readonly broken: ReadonlyMap<string, string>;
  /** Takes in what the remote has; keys of incidents that changed. */
  pull(): Promise<string[]>;
  /** Makes sure that this incident, if there is one, is open, broken or among the sealed ones at hand. */
  ready(key: string): Promise<void>;
  sealed(key: string): Sealed | null;
  /** Commits of the incident's newest records, newest first. */
  before(key: string): Promise<string[]>;
  /** All of them in the order of the records; null when they cannot be told. */
  commitsOf(incident: Incident): Promise<string[] | null>;
  /** What was just pushed is what the ledger is now. */
  take(tip: Tip, written: ReadonlyMap<string, Written>): void;
  past(): Promise<Summary[]>;
  numbered(number: number): Promise<string[]>;
};
/** An open incident with its newest commits, or one that was sealed. */
export type Written = { incident: Incident; before: string[] } | Sealed;

const ASIDE = 200;

export function openState(store: Store, branch: string, tell: (sentence: string) => void): State {
  let tip: Tip = { commit: null, root: null, index: emptyIndex };
  let known: string | null = null;
  const open = new Map<string, Incident>();
  const broken = new Map<string, string>();
  const aside = new Map<string, Sealed>();
  const trails = new Map<string, string[]>();
  const told = new Set<string>();
  const historian = openHistory(store);

  const once = (sentence: string): void => {
    if (!told.has(sentence)) tell(sentence);
    told.add(sentence);
  };
  const forget = (key: string): void => {
    for (const map of [open, broken, aside, trails]) map.delete(key);
  };
  const settle = (key: string, loaded: Loaded | undefined): void => {
    forget(key);
    if (!loaded) return;
    if (!loaded.ok) broken.set(key, `${loaded.file}: ${loaded.reason}`);
    else if (loaded.commits === null) open.set(key, loaded.incident);
    else {
      aside.set(key, { incident: loaded.incident, commits: loaded.commits });
      for (const [oldest] of aside) {
        if (aside.size <= ASIDE) break;
        aside.delete(oldest);
      }
    }
  };
  const text = async (root: string, path: string): Promise<string | null> => {
    const entry = await entryAt(store, root, path);
    return entry?.mode.startsWith('100') ? store.blob(entry.id) : null;
  };

  /** The index with what the records say where the two differ, each told once. */
  const checked = (index: OpenIndex, keys: Iterable<string>, commit: string): OpenIndex => {
    const entries = { ...index.open };
    for (const key of keys) {
      const { [key]: said } = entries;
      const incident = open.get(key);
      if (incident) {
        const entry = entryOf(incident, said?.commit ?? null);
        if (said && canonical(said) === canonical(entry)) continue;
        entries[key] = { ...entry, commit: said?.seq === entry.seq ? said.commit : commit };
      } else if (broken.has(key)) {
        // Its lease stays with it: nobody knows what it is doing.
        const { [key]: before } = tip.index.open;
        if (!said && before) entries[key] = before;
        continue;
      } else if (!said) continue;
      else if (aside.has(key)) delete entries[key];
      else broken.set(key, `${incidentDirectory(key)}: the index names it, and it has no records`);
      once(`${INDEX_PATH} of ${commit.slice(0, 12)} does not say of ${key} what its records say`);
    }
    return { ...index, open: entries };
  };

  /** An index that cannot be read is made again from all there ever was: slow, and right. */
  const readIndex = async (root: string): Promise<{ index: OpenIndex; all: boolean }> => {
    const found = await text(root, INDEX_PATH);
    const decoded = found === null ? null : decodeIndex(found);
    if (decoded?.ok) return { index: decoded.index, all: false };
    const everything = await changedIncidents(store, null, root);
    if (everything.keys.size > 0)
      once(
        `${INDEX_PATH} ${decoded ? `cannot be read: ${decoded.reason}` : 'is missing'}; all records are read`,
      );
    const loaded = await loadIncidents(store, root, [...everything.keys]);
    const incidents = [...loaded.values()].flatMap((one) => (one.ok ? [one] : []));
    const held = holdOnAll(incidents.map(({ incident }) => incident));
    const unsealed = incidents.filter(({ commits }) => commits === null).map(({ incident }) => incident);
    const index = indexOf(unsealed, held && { ...held, scope: 'all' }, new Date(0));
    for (const [key, one] of loaded) {
      const { [key]: before } = tip.index.open;
      if (!one.ok && before) index.open[key] = before;
    }
    return { index, all: true };
  };

  const pull = async (): Promise<string[]> => {
    if (tip.commit !== null && tip.commit !== known) await store.know(tip.commit, branch);
    known = tip.commit;
    const remote = await store.fetch(branch);
    if (remote === null || remote === tip.commit) return [];
    known = remote;
    // Only records that go on from those we have seen: a shorter past could make a script run twice.
    if (tip.commit !== null && !(await store.isAncestor(tip.commit, remote)))
      throw new Error(`the ledger was rewritten: ${remote} does not go on from ${tip.commit}`);
    const { tree: root } = readCommit(await store.commitOf(remote));
    const { index, all } = await readIndex(root);
    const first = tip.root === null && !all;
    const changed = first
      ? { keys: new Set(Object.keys(index.open)), odd: [] }
      : await changedIncidents(store, tip.root, root);
    for (const path of changed.odd)
      once(`${path} in the ledger is nothing that Vigil writes; it is passed over`);
    const loaded = await loadIncidents(store, root, [...changed.keys]);
    for (const key of changed.keys) settle(key, loaded.get(key));
    tip = { commit: remote, root, index: checked(index, changed.keys, remote) };
    return [...changed.keys];
  };

  const newest = (key: string): string | null => {
    const entry = tip.index.open[key];
    return entry ? (entry.commit ?? tip.commit) : null;
  };
  const namedIn = async (commit: string): Promise<string[]> => {
    await store.obtainCommits([commit]);
    return readCommit(await store.commitOf(commit)).before;
  };

  return {
    get tip() {
      return tip;
    },
    open,
    broken,
    pull,
    async ready(key) {
      if (open.has(key) || broken.has(key) || aside.has(key) || tip.root === null) return;
      const { root } = tip;
      const loaded = (await loadIncidents(store, root, [key])).get(key);
      if (loaded && tip.root === root) settle(key, loaded);
    },
    sealed: (key) => aside.get(key) ?? null,
    async before(key) {
      const kept = trails.get(key);
      if (kept) return kept;
      const last = newest(key);
      const trail = last === null ? [] : namedNext(last, await namedIn(last));
      trails.set(key, trail);
      return trail;
    },
    async commitsOf({ key, seq }) {
      const last = newest(key);
      const commits = last === null ? [] : [last];
      for (let oldest = commits.at(-1); oldest && commits.length < seq; oldest = commits.at(-1)) {
        const named = await namedIn(oldest);
        if (named.length === 0) return null;
        commits.push(...named);
      }
      return commits.length === seq ? commits.reverse() : null;
    },
    take(next, written) {
      tip = next;
      for (const [key, one] of written) {
        forget(key);
        if ('commits' in one) aside.set(key, one);
        else {
          open.set(key, one.incident);
          trails.set(key, one.before);
        }
      }
    },
    past: () => historian(tip.root),
    numbered: async (number) =>
      tip.root === null ? [] : keysNumbered(await text(tip.root, numbersPath(number)), number),
  };
}
