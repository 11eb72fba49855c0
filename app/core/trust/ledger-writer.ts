// The commits of the ledger, made from records: the one place that says which files a fact, a sealing and an unsealing change.
// The app, made-up histories and the audit all use it. Must never change more than a bounded number of files in a commit.
import {
  afterCommit,
  emptyIndex,
  encodeIndex,
  entryOf,
  INDEX_PATH,
  type OpenIndex,
  without,
  withRecord,
} from '#core/incident/open-index';
import { type CommitParts, factMessage, NAMED_BEFORE } from '#core/ledger/commit';
import { applyChanges, type Change, type Objects } from '#core/ledger/git-tree';
import { incidentDirectory } from '#core/ledger/incident-key';
import { numberedBy, numbersPath, withNumber } from '#core/ledger/numbers';
import { encodeRecord, type LedgerRecord, recordFile } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { encodeSealed, sealedPath } from '#core/ledger/sealed';
import { historyLine, historyPath, withLine } from './summary.ts';

/** A ledger at one commit, and who writes the next. */
export type Tip = { commit: string | null; root: string | null; index: OpenIndex };
export type Writing = Objects & { commit(parts: CommitParts): Promise<string> };
export const nothingYet: Tip = { commit: null, root: null, index: emptyIndex };

const README =
  '# Ledger\n\nEvery fact of every incident, one commit each. Only the app writes here. `vigil audit` proves it.\n';

const file = (path: string, text: string | null): Change => ({ path, text });

async function next(
  writing: Writing,
  tip: Tip,
  index: OpenIndex,
  changes: readonly Change[],
  message: string,
  at: number,
): Promise<Tip> {
  const root = await applyChanges(writing, tip.root, [...changes, file(INDEX_PATH, encodeIndex(index))]);
  if (root === null) throw new Error('a ledger cannot become empty');
  const commit = await writing.commit({ tree: root, parent: tip.commit, message, at });
  return { commit, root, index };
}

/** The first commit, which says what the branch is. */
export function begin(writing: Writing, at: number): Promise<Tip> {
  return next(writing, nothingYet, emptyIndex, [file('README.md', README)], 'Begin the ledger\n', at);
}

/** One record more. `incident` is as it was after it, `before` the commits of its earlier records, newest first. */
export function addFact(
  writing: Writing,
  tip: Tip,
  fact: { record: LedgerRecord; incident: Incident; before: readonly string[]; at: number },
): Promise<Tip> {
  const { record, incident, before, at } = fact;
  const { key } = incident;
  const number = numberedBy(record);
  const changes = [
    file(`${incidentDirectory(key)}/${recordFile(record)}`, encodeRecord(record)),
    ...(number === null
      ? []
      : [{ path: numbersPath(number), edit: (text: string | null) => withNumber(text, number, key) }]),
  ];
  const message = factMessage(key, incident.stage, record, before);
  return next(writing, tip, withRecord(tip.index, tip.commit, incident, record), changes, message, at);
}

/** An incident that is over becomes one file, and its line in the history says what it taught. */
export function seal(
  writing: Writing,
  tip: Tip,
  { incident, commits, at }: { incident: Incident; commits: readonly string[]; at: number },
): Promise<Tip> {
  const { key, records } = incident;
  const changes = [
    ...records.map((record) => file(`${incidentDirectory(key)}/${recordFile(record)}`, null)),
    file(sealedPath(key), encodeSealed({ records: [...records], commits: [...commits] })),
    ...lineChange(incident, historyLine(incident)),
  ];
  return next(writing, tip, without(tip.index, tip.commit, key), changes, sealMessage(incident), at);
}

/** A sealed incident goes on: its records are files again. */
export function unseal(
  writing: Writing,
  tip: Tip,
  { incident, commits, at }: { incident: Incident; commits: readonly string[]; at: number },
): Promise<Tip> {
  const { key, records } = incident;
  const changes = [
    ...records.map((record) => file(`${incidentDirectory(key)}/${recordFile(record)}`, encodeRecord(record))),
    file(sealedPath(key), null),
    ...lineChange(incident, null),
  ];
  const index = afterCommit(tip.index, tip.commit);
  const open = { ...index.open, [key]: entryOf(incident, commits.at(-1) ?? null) };
  return next(writing, tip, { ...index, open }, changes, unsealMessage(incident), at);
}

function lineChange(incident: Incident, line: string | null): Change[] {
  if (historyLine(incident) === null) return [];
  const own = (text: string): boolean => text.includes(`"incident":${JSON.stringify(incident.key)}`);
  return [{ path: historyPath(incident), edit: (text) => withLine(text, own, line) }];
}

export const sealMessage = ({ key, seq, head }: Incident): string =>
  `${key}: sealed (${seq} records, head ${head})\n`;
export const unsealMessage = ({ key, seq, head }: Incident): string =>
  `${key}: unsealed (${seq} records, head ${head})\n`;

/** The commits that the next record of an incident names. */
export const namedNext = (commit: string, before: readonly string[]): string[] =>
  [commit, ...before].slice(0, NAMED_BEFORE);
