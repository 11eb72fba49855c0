// Records as files of a worktree: reads an incident's directory, proves its chain, writes the next record.
// Must never repair what it finds: a broken chain is reported with the file that breaks it.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { incidentDirectory } from '#core/ledger/incident-key';
import { decodeRecord, encodeRecord, type LedgerRecord, recordFile } from '#core/ledger/record';
import { type Incident, replay } from '#core/ledger/replay';

export type Loaded = { ok: true; incident: Incident | null } | { ok: false; file: string; reason: string };

/** Reads and replays one incident. A missing directory is an incident that does not exist. */
export async function loadIncident(root: string, key: string): Promise<Loaded> {
  const directory = incidentDirectory(key);
  const names = await readdir(join(root, directory)).catch(() => []);
  const records: LedgerRecord[] = [];
  for (const name of names.sort()) {
    const file = `${directory}/${name}`;
    const decoded = decodeRecord(await readFile(join(root, file), 'utf8'));
    if (!decoded.ok) return { ok: false, file, reason: decoded.reason };
    if (recordFile(decoded.record) !== name)
      return { ok: false, file, reason: `holds record ${recordFile(decoded.record)}` };
    records.push(decoded.record);
  }
  const replayed = replay(records);
  if (!replayed.ok) return { ok: false, file: `${directory}/${replayed.file}`, reason: replayed.reason };
  if (replayed.incident && replayed.incident.key !== key) {
    return {
      ok: false,
      file: `${directory}/${recordFile({ seq: 1, type: 'incident.opened' })}`,
      reason: `opens another incident, ${replayed.incident.key}`,
    };
  }
  return replayed;
}

/** Keys of every incident in a ledger worktree. */
export async function listIncidents(root: string): Promise<string[]> {
  const shards = await readdir(join(root, 'incidents')).catch(() => []);
  const keys = await Promise.all(shards.map((shard) => readdir(join(root, 'incidents', shard))));
  return keys.flat().sort();
}

/** Keys named in a list of changed paths. */
export function keysOfPaths(paths: readonly string[]): Set<string> {
  return new Set(
    paths
      .map((path) => /^incidents\/[0-9a-f]{2}\/([^/]+)\//.exec(path)?.[1])
      .filter((key) => key !== undefined),
  );
}

/** Writes a record's file and returns its path inside the worktree. */
export async function writeRecord(root: string, key: string, record: LedgerRecord): Promise<string> {
  const directory = incidentDirectory(key);
  await mkdir(join(root, directory), { recursive: true });
  const path = `${directory}/${recordFile(record)}`;
  await writeFile(join(root, path), encodeRecord(record), { flag: 'wx' });
  return path;
}

/** Commit message of a record: a sentence for people, then the record's bytes. */
export function commitMessage(key: string, stage: string, record: LedgerRecord): string {
  return `${key}: ${record.type} (${stage})\n\n${encodeRecord(record)}`;
}
