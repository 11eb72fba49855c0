// Every incident of a ledger as an audit needs it, from the whole history, in a few calls of git however many there are.
// Must never give less than the audit of one incident asks for: the proof stays the same.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import type { AuditInput, LedgerFile } from '#core/ledger/audit';
import type { LedgerCommit } from '#core/ledger/conduct';
import { incidentDirectory, isIncidentKey } from '#core/ledger/incident-key';
import { sealedPath } from '#core/ledger/sealed';
import { type History, parseLog, walk } from './ledger-audit.ts';
import { linesOf } from './ledger-proof.ts';

const TIMEOUT_MS = 600_000;

/** In order of the keys; `only` one of them. Commits are oldest first, each with all it changes. */
export async function readAllForAudit(history: History, only?: string): Promise<AuditInput[]> {
  const { head } = history;
  const where = only === undefined ? ['incidents/'] : [`${incidentDirectory(only)}/`, sealedPath(only)];
  const log = await walk(history, [
    ...['log', '--reverse', '--topo-order', '--full-diff', '--no-renames', '--root'],
    ...['--raw', '--no-abbrev', '-z', '--format=%H%x00%B%x00', head, '--', ...where],
  ]);
  const commits = Map.groupBy(
    parseLog(log).flatMap((commit) =>
      [...keysOfPaths(commit.changes.map(({ path }) => path))].map((key) => ({ key, commit })),
    ),
    ({ key }) => key,
  );
  const files = await filesIn(history, where);
  const merge = (await walk(history, ['rev-list', '--min-parents=2', '--max-count=1', head])).trim();
  const keys = only === undefined ? [...new Set([...commits.keys(), ...files.keys()])].sort() : [only];
  return keys.map((key) => ({
    key,
    commits: (commits.get(key) ?? []).map(({ commit }): LedgerCommit => commit),
    files: files.get(key) ?? [],
    merge: merge === '' ? null : merge,
  }));
}

/** Keys named in a list of changed paths. */
function keysOfPaths(paths: readonly string[]): Set<string> {
  const keys = paths.map((path) => /^incidents\/[0-9a-f]{2}\/([^/]+?)(?:\/|\.jsonl$)/.exec(path)?.[1]);
  return new Set(keys.filter((key) => key !== undefined).filter(isIncidentKey));
}

async function filesIn(history: History, where: readonly string[]): Promise<Map<string, LedgerFile[]>> {
  const listed = await walk(history, ['ls-tree', '-r', '-z', history.head, '--', ...where]);
  const rows = listed.split('\0').flatMap((row) => {
    const [meta = '', path = ''] = row.split('\t');
    const [mode = '', , blob = ''] = meta.split(' ');
    const [key] = keysOfPaths([path]);
    return key === undefined ? [] : [{ key, file: { path, mode, blob } }];
  });
  const wanted = rows.filter(({ file }) => file.mode.startsWith('100')).map(({ file }) => file.blob);
  const texts = await contents(history.dir, wanted);
  const files = new Map<string, LedgerFile[]>();
  for (const { key, file } of rows) {
    const text = texts.get(file.blob) ?? '';
    const all = file.path === sealedPath(key) ? linesOf(key, text) : [{ ...file, text }];
    files.set(key, [...(files.get(key) ?? []), ...all]);
  }
  return files;
}

/** The texts of blobs, by id (https://git-scm.com/docs/git-cat-file#_batch_output). */
async function contents(dir: string, blobs: readonly string[]): Promise<Map<string, string>> {
  const child = spawn('git', ['cat-file', '--batch', '--buffer'], { cwd: dir, timeout: TIMEOUT_MS });
  child.stdin.on('error', () => {}); // that it ended early is told by its code
  child.stdin.end(blobs.map((blob) => `${blob}\n`).join(''));
  const [out] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`git cat-file ended with ${child.exitCode}`);
  const texts = new Map<string, string>();
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(0x0a, at);
    const [id = '', type = '', size = ''] = out.toString('utf8', at, end).split(' ');
    if (type !== 'blob') throw new Error(`git cannot give the blob ${id.slice(0, 64)}`);
    const start = end + 1;
    texts.set(id, out.toString('utf8', start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return texts;
}
