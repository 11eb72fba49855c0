// Proves one incident's records against the commits that brought them: nothing altered, removed, reordered or slipped in.
// Pure. It must never repair or skip: whatever is not exactly one commit for one record is named.
import { gitBlobId } from '#core/text/hash';
import { conduct, type Finding, isSealing, type LedgerCommit } from './conduct.ts';
import { incidentDirectory } from './incident-key.ts';
import { decodeRecord, type LedgerRecord, recordFile } from './record.ts';
import { fold, type Incident } from './replay.ts';

export type LedgerFile = { path: string; mode: string; blob: string; text: string };
export type AuditInput = {
  key: string;
  /** Those that touch the incident, oldest first, each with all its changes. */
  commits: readonly LedgerCommit[];
  /** What the branch holds now of the incident, those of a sealed one as its file has them. */
  files: readonly LedgerFile[];
  /** Tree of the incident's folder now, where that was looked at. */
  folder?: string | null;
  /** A merge commit anywhere on the branch. */
  merge: string | null;
};

/** One proved record: the incident as it was after it, and the commit that brought it. */
export type Proved = { record: LedgerRecord; incident: Incident; commit: string };
export type Audited = { ok: true; incident: Incident; trail: Proved[] } | { ok: false; findings: Finding[] };

export const FILE_MODE = '100644';
const short = (commit: string): string => commit.slice(0, 12);

/** Findings come in the order of the records, so the first one names the first record that is wrong. */
export function audit({ key, commits, files, folder, merge }: AuditInput): Audited {
  const own = `${incidentDirectory(key)}/`;
  const whole = (reason: string, commit: string | null): Audited => ({
    ok: false,
    findings: [{ file: own, commit, reason }],
  });
  if (merge !== null)
    return whole(
      `cannot be told: the ledger has one line of history, but commit ${short(merge)} is a merge`,
      merge,
    );
  if (commits.length === 0 && files.length === 0) return whole('does not exist', null);
  const trail: Proved[] = [];
  const bringing = commits.filter((commit) => !isSealing(key, commit));
  const findings = [
    ...conduct(key, commits),
    ...contents(own, bringing, files),
    ...order(own, bringing),
    ...chain(key, bringing, files, trail),
    ...unbroken(own, bringing, folder),
  ];
  const incident = trail.at(-1)?.incident;
  if (findings.length === 0 && incident) return { ok: true, incident, trail };
  return { ok: false, findings: firstPerFile(findings).sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

/** What the branch holds is what was committed, byte for byte, and the commit says the same in its message. */
function contents(own: string, commits: readonly LedgerCommit[], files: readonly LedgerFile[]): Finding[] {
  return files.flatMap(({ path, mode, blob, text }) => {
    const adding = addedBy(commits, path);
    const blame = (reason: string): Finding[] => [{ file: path, commit: adding[0]?.id ?? null, reason }];
    const first = adding[0];
    if (!first) return blame('was brought by no commit of this history');
    if (adding.length > 1) return blame(`was written ${adding.length} times`);
    if (mode !== FILE_MODE || gitBlobId(text) !== blob) return blame('is not a plain text file');
    const decoded = decodeRecord(text);
    if (!decoded.ok) return blame(`is not a record: ${decoded.reason}`);
    if (`${own}${recordFile(decoded.record)}` !== path)
      return blame(`holds another record, ${recordFile(decoded.record)}`);
    if (first.body !== text) return blame('is not what the message of its commit says');
    if (first.changes.some((change) => change.path === path && change.blob !== blob))
      return blame(`is not what commit ${short(first.id)} brought`);
    return [];
  });
}

/** The commits came in the order of the records. */
function order(own: string, commits: readonly LedgerCommit[]): Finding[] {
  const brought = commits.flatMap(({ id, changes }) =>
    changes
      .filter(({ status, path }) => status === 'A' && path.startsWith(own))
      .map(({ path }) => ({ path, id })),
  );
  return brought.flatMap(({ path, id }, index) => {
    const before = brought[index - 1];
    return before && before.path > path
      ? [{ file: path, commit: id, reason: `was committed after ${nameOf(before.path)}, out of order` }]
      : [];
  });
}

/** Nobody else touched the folder between two of its commits, nor after the last. Only where that was looked at. */
function unbroken(own: string, commits: readonly LedgerCommit[], now: string | null | undefined): Finding[] {
  const findings: Finding[] = [];
  let last: LedgerCommit | null = null;
  for (const commit of commits) {
    if (last?.folder && commit.folder && last.folder.after !== commit.folder.before)
      findings.push({
        file: own,
        commit: commit.id,
        reason: `was changed between its commits ${short(last.id)} and ${short(commit.id)}`,
      });
    last = commit;
  }
  if (last?.folder && typeof now === 'string' && last.folder.after !== now)
    findings.push({
      file: own,
      commit: last.id,
      reason: `was changed after its last commit ${short(last.id)}`,
    });
  return findings;
}

/** Replays the chain; stops at the first record that does not follow from the ones before it. Fills `trail` on the way. */
function chain(
  key: string,
  commits: readonly LedgerCommit[],
  files: readonly LedgerFile[],
  trail: Proved[],
): Finding[] {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, text } of sorted) {
    const commit = addedBy(commits, path)[0];
    const decoded = decodeRecord(text);
    if (!decoded.ok) return []; // contents() names it
    const { record } = decoded;
    const before = trail.at(-1)?.incident ?? null;
    const blame = (reason: string): Finding[] => [{ file: path, commit: commit?.id ?? null, reason }];
    const expected = (before?.seq ?? 0) + 1;
    if (record.seq > expected)
      return blame(`follows on record ${record.seq - 1}, but record ${expected} is missing`);
    const folded = fold(before, record);
    if (!folded.ok)
      return blame(`does not follow from the record before it: ${folded.reason}; one of the two was altered`);
    if (folded.incident.key !== key) return blame(`opens another incident, ${folded.incident.key}`);
    const said = `${key}: ${record.type} (${folded.incident.stage})`;
    if (commit && !commit.subject.startsWith(said))
      return blame(`came with a commit called ${JSON.stringify(commit.subject)}, not "${said}"`);
    trail.push({ record, incident: folded.incident, commit: commit?.id ?? '' });
  }
  return [];
}

function addedBy(commits: readonly LedgerCommit[], path: string): LedgerCommit[] {
  return commits.filter(({ changes }) =>
    changes.some((change) => change.status === 'A' && change.path === path),
  );
}

function firstPerFile(findings: readonly Finding[]): Finding[] {
  return [...new Map([...findings].reverse().map((finding) => [finding.file, finding])).values()];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
