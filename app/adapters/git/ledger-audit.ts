// Reads what an audit needs, with git alone: one incident by ids, or the whole history, and whether commits are signed.
// Must never ask the app or an API: the proof has to hold for somebody who trusts neither.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEDGER_BRANCH, readMessage } from '#core/ledger/commit';
import type { LedgerChange, LedgerCommit } from '#core/ledger/conduct';
import { gitEnvironment } from './clone.ts';
import { type Look, lookAtLedger } from './ledger-look.ts';
import { type Credentials, readRemote } from './remote.ts';
import { runGit } from './run.ts';
import { openStore, type Store } from './store.ts';

/** Walking a long history takes its time, and says nothing meanwhile. */
const WALK_MS = 10 * 60_000;

/** What is asked for is fetched; `look` is the ledger as it was first seen. */
export type Auditable = { store: Store; look: Look };
/** All commits and all files of the ledger. */
export type History = { dir: string; head: string };

/** Fetches the ledger's head into a folder that is gone afterwards. `null`: the repository has no ledger branch. */
export function withLedger<T>(
  url: string,
  credentials: Credentials,
  work: (ledger: Auditable) => Promise<T>,
  how?: 'index or not',
): Promise<T | null> {
  return inFolder(async (dir) => {
    const store = await openStore({ dir, url, credentials });
    try {
      const look = await lookAtLedger(store, LEDGER_BRANCH, how);
      return look === null ? null : await work({ store, look });
    } finally {
      store.close();
    }
  });
}

/** Fetches everything there ever was. */
export function withHistory<T>(
  url: string,
  credentials: Credentials,
  work: (history: History) => Promise<T>,
): Promise<T | null> {
  return inFolder(async (dir) => {
    const bound = { dir, env: gitEnvironment() };
    const git = (...args: string[]) => runGit(args, bound);
    await git('init', '--quiet', '--bare', '--initial-branch=unborn');
    const from = `+refs/heads/${LEDGER_BRANCH}:refs/vigil/${LEDGER_BRANCH}`;
    const fetch = ['-c', 'http.followRedirects=false', 'fetch', '--progress', '--no-tags', '--', url, from];
    const found = await readRemote(fetch, { url, credentials }, bound).catch((error: unknown) => {
      if (/couldn't find remote ref/i.test(String(error))) return null;
      throw error;
    });
    if (found === null) return null;
    return work({ dir, head: (await git('rev-parse', `refs/vigil/${LEDGER_BRANCH}`)).trim() });
  });
}

async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-audit-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export const walk = ({ dir }: Pick<History, 'dir'>, args: readonly string[], input = ''): Promise<string> =>
  runGit(args, { dir, env: gitEnvironment(), input, silenceMs: WALK_MS });

/** The repository a checkout was cloned from; null when it has no remote `origin` or is no checkout. */
export async function originOf(dir: string): Promise<string | null> {
  const args = ['config', '--get', 'remote.origin.url'];
  const url = await runGit(args, { dir, env: gitEnvironment() }).catch(() => '');
  return url.trim() === '' ? null : url.trim();
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
    const { subject, body } = readMessage(message);
    commits.push({ id, subject, body, changes });
  }
  return commits;
}

/**
 * The first commit that is not signed by a key of the allowed-signers file; null when all are
 * (https://git-scm.com/docs/git-verify-commit).
 */
export async function unsigned(
  { store: { dir } }: Pick<Auditable, 'store'>,
  commits: readonly string[],
  allowedSigners: string,
): Promise<{ commit: string; reason: string } | null> {
  for (const commit of commits) {
    const args = ['-c', `gpg.ssh.allowedSignersFile=${allowedSigners}`, 'verify-commit', commit];
    const reason = await runGit(args, { dir, env: gitEnvironment() }).then(
      () => null,
      (error: Error) => error.message.replace(/^git \S+ ended with \d+: /, ''),
    );
    if (reason !== null)
      return { commit, reason: reason === 'it said nothing' ? 'it carries no signature' : reason };
  }
  return null;
}
