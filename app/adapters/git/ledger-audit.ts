// Reads what an audit needs, with git alone: an incident's commits and files, and whether commits are signed.
// Must never ask the app or an API: the proof has to hold for somebody who trusts neither.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import type { AuditInput, LedgerChange, LedgerCommit, LedgerFile } from '#core/ledger/audit';
import { incidentDirectory } from '#core/ledger/incident-key';
import { decodeRecord } from '#core/ledger/record';
import { type Clone, type Credentials, fetchBranch, openClone } from './clone.ts';
import { LEDGER_BRANCH } from './ledger.ts';
import { keysOfPaths } from './ledger-files.ts';

const TIMEOUT_MS = 30_000;

export type Auditable = { clone: Clone; head: string };

/** Fetches the ledger into a folder that is gone afterwards. `null`: the repository has no ledger branch. */
export async function withLedger<T>(
  url: string,
  credentials: Credentials,
  work: (ledger: Auditable) => Promise<T>,
): Promise<T | null> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-audit-'));
  try {
    const clone = await openClone({ dir, url, credentials });
    const head = await fetchBranch(clone, LEDGER_BRANCH);
    return head === null ? null : await work({ clone, head });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The repository a checkout was cloned from; null when it has no remote `origin` or is no checkout. */
export async function originOf(dir: string): Promise<string | null> {
  const url = await simpleGit({ baseDir: dir })
    .raw('config', '--get', 'remote.origin.url')
    .catch(() => '');
  return url.trim() === '' ? null : url.trim();
}

/** Everything about one incident's directory: commits oldest first, each with all it changes, and the files at the head. */
export async function readForAudit({ clone, head }: Auditable, key: string): Promise<AuditInput> {
  const directory = incidentDirectory(key);
  const git = clone.local();
  const log = await git.raw(
    ...['log', '--reverse', '--topo-order', '--full-diff', '--no-renames', '--root'],
    ...['--raw', '--no-abbrev', '-z', '--format=%H%x00%B%x00', head, '--', `${directory}/`],
  );
  const listed = await git.raw('ls-tree', '-r', '-z', head, '--', `${directory}/`);
  const files: LedgerFile[] = [];
  for (const row of listed.split('\0').filter((line) => line !== '')) {
    const [meta = '', path = ''] = row.split('\t');
    const [mode = '', , blob = ''] = meta.split(' ');
    const text = mode.startsWith('100') ? await git.raw('cat-file', 'blob', blob) : '';
    files.push({ path, mode, blob, text });
  }
  const merge = (await git.raw('rev-list', '--min-parents=2', '--max-count=1', head)).trim();
  return { key, commits: parseLog(log), files, merge: merge === '' ? null : merge };
}

/** NUL cannot stand in a message or a path, so nothing written there can pass for another commit. */
export function parseLog(log: string): LedgerCommit[] {
  const tokens = log.split('\0');
  const commits: LedgerCommit[] = [];
  for (let at = 0; at + 1 < tokens.length; ) {
    const [id = '', message = ''] = tokens.slice(at, at + 2);
    at += 2;
    const changes: LedgerChange[] = [];
    while (at < tokens.length && !/^[0-9a-f]{40,64}$/.test(tokens[at] ?? '')) {
      const meta = /^\s*:\d+ (\d+) [0-9a-f]+ ([0-9a-f]+) ([A-Z])/.exec(tokens[at] ?? '');
      if (meta) {
        const [, mode = '', blob = '', status = ''] = meta;
        changes.push({ status, path: tokens[at + 1] ?? '', mode, blob });
      }
      at += meta ? 2 : 1;
    }
    const [subject = '', ...rest] = message.split('\n\n');
    commits.push({ id, subject, body: rest.join('\n\n'), changes });
  }
  return commits;
}

/** Keys of the incidents whose issue has this number. */
export async function keysOfIssue({ clone, head }: Auditable, number: number): Promise<string[]> {
  const git = clone.local();
  const found = await git
    .raw('grep', '-l', '-z', '-F', `{"number":${number},`, head, '--', 'incidents/*-issue.opened.json')
    .catch(() => '');
  const keys: string[] = [];
  for (const path of found.split('\0').map((name) => name.slice(head.length + 1))) {
    if (path === '') continue;
    const decoded = decodeRecord(await git.raw('cat-file', 'blob', `${head}:${path}`));
    if (!decoded.ok || decoded.record.type !== 'issue.opened' || decoded.record.data.number !== number)
      continue;
    keys.push(...keysOfPaths([path]));
  }
  return keys;
}

/**
 * The first commit that is not signed by a key of the allowed-signers file; null when all are
 * (https://git-scm.com/docs/git-verify-commit). Run without simple-git, which takes a failure that says nothing, such as
 * that of a commit without a signature, for a success.
 */
export async function unsigned(
  { clone }: Auditable,
  commits: readonly string[],
  allowedSigners: string,
): Promise<{ commit: string; reason: string } | null> {
  for (const commit of commits) {
    const args = ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`, 'verify-commit', commit];
    const reason = await new Promise<string | null>((resolve) => {
      execFile('git', args, { cwd: clone.dir, timeout: TIMEOUT_MS }, (error, stdout, stderr) =>
        resolve(error ? stderr.trim() || stdout.trim() || 'it carries no signature' : null),
      );
    });
    if (reason !== null) return { commit, reason };
  }
  return null;
}

/** Keys of all incidents of the ledger, sorted. */
export async function keysIn({ clone, head }: Auditable): Promise<string[]> {
  const listed = await clone.local().raw('ls-tree', '-r', '-z', '--name-only', head, '--', 'incidents/');
  return [...keysOfPaths(listed.split('\0'))].sort();
}
