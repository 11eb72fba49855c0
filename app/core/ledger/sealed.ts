// An incident that is over lies in one file instead of one for each record: the same bytes, one record a line, and at last
// the commits that brought them. Must never hold anything from which a record could not be had back byte for byte.
import * as z from 'zod';
import { canonical } from '#core/text/hash';
import { incidentDirectory } from './incident-key.ts';
import { decodeRecord, encodeRecord, type LedgerRecord } from './record.ts';

const Commits = z.strictObject({ commits: z.array(z.string().regex(/^[0-9a-f]{40}$/)) });

export type Sealed = { records: LedgerRecord[]; commits: string[] };
export type DecodedSeal = ({ ok: true } & Sealed) | { ok: false; reason: string };

export function sealedPath(key: string): string {
  return `${incidentDirectory(key)}.jsonl`;
}

/** `commits` in the order of the records. */
export function encodeSealed({ records, commits }: Sealed): string {
  return `${records.map(encodeRecord).join('')}${canonical({ commits })}\n`;
}

export function decodeSealed(text: string): DecodedSeal {
  const lines = text.split('\n');
  const last = lines.at(-2);
  if (lines.at(-1) !== '' || last === undefined)
    return { ok: false, reason: 'it does not end as a sealed incident does' };
  const records: LedgerRecord[] = [];
  for (const [index, line] of lines.slice(0, -2).entries()) {
    const decoded = decodeRecord(`${line}\n`);
    if (!decoded.ok) return { ok: false, reason: `line ${index + 1}: ${decoded.reason}` };
    records.push(decoded.record);
  }
  const commits = readCommits(last);
  if (commits === null) return { ok: false, reason: 'its last line does not name commits' };
  if (commits.length !== records.length)
    return { ok: false, reason: `it names ${commits.length} commits for ${records.length} records` };
  return { ok: true, records, commits };
}

function readCommits(line: string): string[] | null {
  try {
    const parsed = Commits.safeParse(JSON.parse(line));
    return parsed.success && canonical(parsed.data) === line ? parsed.data.commits : null;
  } catch {
    return null;
  }
}
