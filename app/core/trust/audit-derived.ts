// Whether the files that are made from records say what the records say: the index, the history, the numbers.
// Pure. Must never prove them by themselves: it makes them again and compares.

import { type DecodedIndex, entryOf, INDEX_PATH } from '#core/incident/open-index';
import type { Finding } from '#core/ledger/conduct';
import { keysNumbered, numberedBy, numbersPath } from '#core/ledger/numbers';
import type { Incident } from '#core/ledger/replay';
import { canonical } from '#core/text/hash';
import { historyLine, historyPath, oldHistoryLine } from './summary.ts';

export type DerivedFiles = {
  sealed: boolean;
  index: DecodedIndex;
  /** The ledger's commit that is looked at: the only one an index cannot name. */
  commit: string;
  /** Text of a file of that commit by its path; null is none. */
  text(path: string): string | null;
};

/** `newest`: the commit of the incident's newest record. */
export function derivedFindings(incident: Incident, newest: string, files: DerivedFiles): Finding[] {
  return [
    ...indexFindings(incident, newest, files),
    ...historyFindings(incident, files),
    ...incident.records.flatMap((record): Finding[] => {
      const number = numberedBy(record);
      if (number === null) return [];
      const path = numbersPath(number);
      if (keysNumbered(files.text(path), number).includes(incident.key)) return [];
      return [finding(path, `does not say that #${number} is of ${incident.key}`)];
    }),
  ];
}

const finding = (file: string, reason: string): Finding => ({ file, commit: null, reason });

function indexFindings(
  incident: Incident,
  newest: string,
  { sealed, index, commit }: DerivedFiles,
): Finding[] {
  if (!index.ok) return [finding(INDEX_PATH, `cannot be read: ${index.reason}`)];
  const said = index.index.open[incident.key];
  if (sealed) return said ? [finding(INDEX_PATH, `calls ${incident.key} open, which is sealed`)] : [];
  if (!said) return [finding(INDEX_PATH, `does not name ${incident.key}, which is open`)];
  const expected = entryOf(incident, newest === commit ? null : newest);
  const wrong = Object.entries(expected).filter(
    ([name, value]) => canonical(said[name as keyof typeof said]) !== canonical(value),
  );
  return wrong.length === 0
    ? []
    : [
        finding(
          INDEX_PATH,
          `says another ${wrong.map(([name]) => name).join(', ')} of ${incident.key} than its records`,
        ),
      ];
}

function historyFindings(incident: Incident, { sealed, text }: DerivedFiles): Finding[] {
  const path = historyPath(incident);
  const lines = sealed ? [historyLine(incident), oldHistoryLine(incident)] : [null];
  const own = (text(path) ?? '')
    .split('\n')
    .filter((each) => each.includes(`"incident":${JSON.stringify(incident.key)}`));
  if (own.length <= 1 && lines.includes(own[0] ?? null)) return [];
  return [finding(path, `does not say of ${incident.key} what its records say`)];
}
