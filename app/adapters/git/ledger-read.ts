// Incidents as the tree of a ledger commit has them: found by key, fetched when they are not here, replayed and proved.
// Must never repair what it finds: a broken chain is reported with the file that breaks it.

import { entryAt, TREE_MODE, type TreeEntry } from '#core/ledger/git-tree';
import { incidentDirectory, isIncidentKey } from '#core/ledger/incident-key';
import { decodeRecord, type LedgerRecord, recordFile } from '#core/ledger/record';
import { type Incident, replay } from '#core/ledger/replay';
import { decodeSealed, sealedPath } from '#core/ledger/sealed';
import type { Store } from './store.ts';

/** `commits` of a sealed incident, in the order of its records; null of an open one. */
export type Loaded =
  | { ok: true; incident: Incident; commits: readonly string[] | null }
  | { ok: false; file: string; reason: string };
type Place = { key: string; folder: TreeEntry | null; sealed: TreeEntry | null };

/** Reads and replays these incidents at a root tree. A key that the ledger does not have is not in the map. */
export async function loadIncidents(
  store: Store,
  root: string,
  keys: readonly string[],
): Promise<Map<string, Loaded>> {
  const places = await placesOf(store, root, keys);
  await store.obtain(
    places.flatMap(({ folder }) => (folder ? [folder.id] : [])),
    'deep',
  );
  const blobs: string[] = [];
  for (const { folder, sealed } of places) {
    if (sealed) blobs.push(sealed.id);
    if (folder) blobs.push(...(await store.tree(folder.id)).map(({ id }) => id));
  }
  await store.obtain(blobs);
  const loaded = new Map<string, Loaded>();
  for (const place of places) {
    const one = await loadAt(store, place);
    if (one) loaded.set(place.key, one);
  }
  return loaded;
}

async function placesOf(store: Store, root: string, keys: readonly string[]): Promise<Place[]> {
  const incidents = await entryAt(store, root, 'incidents');
  if (incidents?.mode !== TREE_MODE) return [];
  const shards = new Map((await store.tree(incidents.id)).map((entry) => [entry.name, entry]));
  const shardOf = (key: string): TreeEntry | undefined =>
    shards.get(incidentDirectory(key).split('/')[1] ?? '');
  await store.obtain(
    keys.flatMap((key) => (shardOf(key)?.mode === TREE_MODE ? [shardOf(key)?.id ?? ''] : [])),
  );
  return Promise.all(
    keys.map(async (key) => {
      const shard = shardOf(key);
      const entries = shard?.mode === TREE_MODE ? await store.tree(shard.id) : [];
      const at = (name: string): TreeEntry | null => entries.find((entry) => entry.name === name) ?? null;
      const folder = at(key);
      return { key, folder: folder?.mode === TREE_MODE ? folder : null, sealed: at(`${key}.jsonl`) };
    }),
  );
}

async function loadAt(store: Store, { key, folder, sealed }: Place): Promise<Loaded | null> {
  const directory = incidentDirectory(key);
  if (folder && sealed) return { ok: false, file: sealedPath(key), reason: 'it is sealed and open at once' };
  if (sealed) {
    const decoded = decodeSealed(await store.blob(sealed.id));
    if (!decoded.ok) return { ok: false, file: sealedPath(key), reason: decoded.reason };
    return proved(key, decoded.records, decoded.commits);
  }
  if (!folder) return null;
  const records: LedgerRecord[] = [];
  const entries = [...(await store.tree(folder.id))].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, mode, id } of entries) {
    const file = `${directory}/${name}`;
    if (mode === TREE_MODE) return { ok: false, file, reason: 'it is a folder' };
    const decoded = decodeRecord(await store.blob(id));
    if (!decoded.ok) return { ok: false, file, reason: decoded.reason };
    if (recordFile(decoded.record) !== name)
      return { ok: false, file, reason: `holds record ${recordFile(decoded.record)}` };
    records.push(decoded.record);
  }
  return proved(key, records, null);
}

function proved(key: string, records: LedgerRecord[], commits: readonly string[] | null): Loaded | null {
  const directory = incidentDirectory(key);
  const replayed = replay(records);
  if (!replayed.ok) return { ok: false, file: `${directory}/${replayed.file}`, reason: replayed.reason };
  if (replayed.incident === null) return null;
  if (replayed.incident.key !== key)
    return {
      ok: false,
      file: `${directory}/${recordFile({ seq: 1, type: 'incident.opened' })}`,
      reason: `opens another incident, ${replayed.incident.key}`,
    };
  return { ok: true, incident: replayed.incident, commits };
}

export type Changed = { keys: Set<string>; odd: string[] };

/**
 * Which incidents differ between two root trees (`null`: an empty one), found by comparing ids from the top; `odd` are paths
 * below incidents/ that no incident could have. Both are found only where something differs.
 */
export async function changedIncidents(store: Store, before: string | null, after: string): Promise<Changed> {
  const changed: Changed = { keys: new Set(), odd: [] };
  const at = async (root: string | null): Promise<string | null> => {
    const entry = root === null ? null : await entryAt(store, root, 'incidents');
    if (entry && entry.mode !== TREE_MODE) changed.odd.push('incidents');
    return entry?.mode === TREE_MODE ? entry.id : null;
  };
  const shards = await differing(store, await at(before), await at(after));
  await store.obtain(
    shards.flatMap(({ old, now }) => [old, now].flatMap((one) => (one?.mode === TREE_MODE ? [one.id] : []))),
  );
  for (const { name: shard, old, now } of shards) {
    if (now && (now.mode !== TREE_MODE || !/^[0-9a-f]{2}$/.test(shard))) {
      changed.odd.push(`incidents/${shard}`);
      continue;
    }
    const inside = await differing(
      store,
      old?.mode === TREE_MODE ? old.id : null,
      now?.mode === TREE_MODE ? now.id : null,
    );
    for (const { name, now: entry } of inside) {
      const key = name.replace(/\.jsonl$/, '');
      const folder = name === key;
      const fits =
        isIncidentKey(key) &&
        incidentDirectory(key) === `incidents/${shard}/${key}` &&
        (entry === null || (entry.mode === TREE_MODE) === folder);
      if (fits) changed.keys.add(key);
      else if (entry) changed.odd.push(`incidents/${shard}/${name}`);
    }
  }
  return changed;
}

type Difference = { name: string; old: TreeEntry | null; now: TreeEntry | null };

async function differing(store: Store, before: string | null, after: string | null): Promise<Difference[]> {
  if (before === after) return [];
  const entries = async (id: string | null) =>
    new Map((id === null ? [] : await store.tree(id)).map((entry) => [entry.name, entry]));
  const [old, now] = [await entries(before), await entries(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [one, other] = [old.get(name) ?? null, now.get(name) ?? null];
    return one?.id === other?.id && one?.mode === other?.mode ? [] : [{ name, old: one, now: other }];
  });
}
