// What a commit of the ledger may do to an incident: add one record, put all of them into one file, or take them out again.
// Must never excuse a change because others came with it: what is not one of the three is named.

import { gitBlobId } from '#core/text/hash';
import { incidentDirectory } from './incident-key.ts';
import { numberedBy, numbersPath } from './numbers.ts';
import { decodeRecord, type LedgerRecord } from './record.ts';
import { encodeSealed, sealedPath } from './sealed.ts';

/** A change of one path by one commit; `status` is git's letter (A, M, D, T), `blob` the id of the new content. */
export type LedgerChange = { status: string; path: string; mode: string; blob: string };
export type LedgerCommit = {
  id: string;
  subject: string;
  body: string;
  changes: LedgerChange[];
  /** Tree of the incident's folder before and after it, where that was looked at; null is no folder. */
  folder?: { before: string | null; after: string | null };
};
export type Finding = { file: string; commit: string | null; reason: string };

const FILE_MODE = '100644';
const INDEX = 'index.json';
const short = (commit: string): string => commit.slice(0, 12);

/** Whether a commit seals or unseals the incident, as far as its files show. */
export function isSealing(key: string, { changes }: LedgerCommit): boolean {
  return changes.some(({ path }) => path === sealedPath(key));
}

type Brought = { commit: LedgerCommit; change: LedgerChange };

export function conduct(key: string, commits: readonly LedgerCommit[]): Finding[] {
  const own = `${incidentDirectory(key)}/`;
  const findings: Finding[] = [];
  const brought: Brought[] = [];
  for (const commit of commits) {
    if (isSealing(key, commit)) {
      findings.push(...sealing(key, commit, brought));
      continue;
    }
    findings.push(...oneRecord(own, commit));
    const change = commit.changes.find(({ path, status }) => status === 'A' && path.startsWith(own));
    if (change) brought.push({ commit, change });
  }
  return findings;
}

/** Adds one plain file, with the files that follow from it. */
function oneRecord(own: string, { id, body, changes }: LedgerCommit): Finding[] {
  const blame = (file: string, reason: string): Finding => ({ file, commit: id, reason });
  const mine = changes.filter(({ path }) => path.startsWith(own));
  const besides = changes.filter(
    (change) => change !== mine[0] && !(change.path === INDEX && isPlain(change)),
  );
  const number = besides.length === 0 ? null : numberIn(body);
  const others = besides.filter(
    (change) => number === null || change.path !== numbersPath(number) || !isPlain(change),
  );
  const findings = mine.flatMap(({ status, path, mode }) => {
    if (status === 'D') return [blame(path, `was removed again by commit ${short(id)}`)];
    if (status !== 'A') return [blame(path, `was altered after it was written, by commit ${short(id)}`)];
    if (mode !== FILE_MODE) return [blame(path, `is not a plain file (mode ${mode})`)];
    return [];
  });
  const at = mine[0]?.path ?? own;
  if (others.length > 0)
    findings.push(blame(at, `came with a commit that also changes ${others.map((o) => o.path).join(', ')}`));
  return findings;
}

/** The same bytes in another form: the file holds every record so far, or every record comes back as it was. */
function sealing(key: string, { id, changes }: LedgerCommit, brought: readonly Brought[]): Finding[] {
  const path = sealedPath(key);
  const own = `${incidentDirectory(key)}/`;
  const blame = (reason: string): Finding[] => [{ file: path, commit: id, reason }];
  const file = changes.find((change) => change.path === path);
  const records = brought.flatMap(({ commit }): LedgerRecord[] => {
    const decoded = decodeRecord(commit.body);
    return decoded.ok ? [decoded.record] : [];
  });
  const whole = encodeSealed({ records, commits: brought.map(({ commit }) => commit.id) });
  const seals = file?.status === 'A';
  if (seals && (file.mode !== FILE_MODE || file.blob !== gitBlobId(whole)))
    return blame(`does not hold the records that were there, by commit ${short(id)}`);
  if (!seals && file?.status !== 'D') return blame(`was altered after it was sealed, by commit ${short(id)}`);
  const mine = changes.filter((change) => change.path.startsWith(own));
  const same = brought.every(({ change }) =>
    mine.some((one) => one.path === change.path && (seals ? one.status === 'D' : one.blob === change.blob)),
  );
  if (!same || mine.length !== brought.length)
    return blame(`does not stand for the records that were there, by commit ${short(id)}`);
  const others = changes.filter(
    (change) =>
      change !== file && !mine.includes(change) && change.path !== INDEX && !/^history\//.test(change.path),
  );
  return others.length === 0
    ? []
    : blame(`came with a commit that also changes ${others.map((other) => other.path).join(', ')}`);
}

function numberIn(body: string): number | null {
  const decoded = decodeRecord(body);
  return decoded.ok ? numberedBy(decoded.record) : null;
}

function isPlain({ status, mode }: LedgerChange): boolean {
  return (status === 'A' || status === 'M') && mode === FILE_MODE;
}
