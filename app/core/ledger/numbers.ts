// Whose an issue or a pull request is: GitHub counts both in one row, and so do these files, 256 numbers in each.
// Must never be taken for the incident's own word: whoever looks a number up asks the incident's records too.
import { canonical } from '#core/text/hash';
import { isIncidentKey } from './incident-key.ts';
import type { LedgerRecord } from './record.ts';

const PER_FILE = 256;

export function numbersPath(number: number): string {
  return `numbers/${Math.floor(number / PER_FILE)}.jsonl`;
}

/** The number that a record brings; null for most. */
export function numberedBy(record: LedgerRecord): number | null {
  return record.type === 'issue.opened' || record.type === 'pull.opened' ? record.data.number : null;
}

export function withNumber(text: string | null, number: number, incident: string): string {
  const line = canonical({ incident, number });
  const lines = (text ?? '').split('\n').filter((each) => each !== '' && each !== line);
  return `${[...lines, line].sort().join('\n')}\n`;
}

/** Keys of the incidents that this number is said to belong to; lines that say nothing of the kind are passed over. */
export function keysNumbered(text: string | null, number: number): string[] {
  return (text ?? '').split('\n').flatMap((line) => {
    const [, key = '', of = ''] = /^\{"incident":"([^"]+)","number":(\d+)\}$/.exec(line) ?? [];
    return Number(of) === number && isIncidentKey(key) ? [key] : [];
  });
}
