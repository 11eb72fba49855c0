// What is open, held and leased, in one small file of every commit: what start, sweeps and jobs read instead of all records.
// Must never be believed against the records: whoever has loaded an incident compares, and the audit does too.
import * as z from 'zod';
import type { FactDataOf } from '#core/ledger/facts';
import { stages } from '#core/ledger/lifecycle';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { canonical } from '#core/text/hash';
import { dueEffects } from './due.ts';
import { awaitsPutBack } from './put-back.ts';
import { leaseOf, running } from './running.ts';

const Sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const Entry = z.strictObject({
  stage: z.enum(stages),
  attempt: z.number().int().min(1),
  seq: z.number().int().min(1),
  /** sha256 of the newest record, and when it was written. */
  head: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.iso.datetime(),
  /** The commit of the newest record; null where it is the very commit that holds this file, which cannot name itself. */
  commit: Sha1.nullable(),
  /** The service it is at work on, so that nobody else may be. */
  target: z.string().nullable(),
});
const Index = z.strictObject({
  v: z.literal(1),
  /** The hold on everything. */
  held: z.strictObject({ scope: z.literal('all'), by: z.string(), reason: z.string() }).nullable(),
  open: z.record(z.string(), Entry),
});
export type Entry = z.infer<typeof Entry>;
export type OpenIndex = z.infer<typeof Index>;

export const INDEX_PATH = 'index.json';
export const emptyIndex: OpenIndex = { v: 1, held: null, open: {} };

/** How long after its last record an incident that is over stays open: PagerDuty may reopen it, and budgets look back a day. */
const SEAL_AFTER_MS = 25 * 3_600_000;

/** Nearly all entries are those of the commit before. */
const encoded = new WeakMap<Entry, string>();

function encodeEntry(entry: Entry | undefined): string {
  if (!entry) return 'null';
  const text = encoded.get(entry) ?? canonical(entry);
  encoded.set(entry, text);
  return text;
}

/** One line for each incident, so that a commit shows what it changed. */
export function encodeIndex({ v, held, open }: OpenIndex): string {
  const lines = Object.keys(open)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${encodeEntry(open[key])}`);
  return `{"held":${canonical(held)},"open":{${lines.length > 0 ? `\n${lines.join(',\n')}\n` : ''}},"v":${v}}\n`;
}

export type DecodedIndex = { ok: true; index: OpenIndex } | { ok: false; reason: string };

export function decodeIndex(text: string): DecodedIndex {
  try {
    const parsed = Index.safeParse(JSON.parse(text));
    return parsed.success
      ? { ok: true, index: parsed.data }
      : { ok: false, reason: z.prettifyError(parsed.error) };
  } catch (cause) {
    return { ok: false, reason: `not JSON: ${(cause as Error).message}` };
  }
}

export function entryOf(incident: Incident, commit: string | null): Entry {
  const { stage, attempt, seq, head } = incident;
  const at = incident.records.at(-1)?.at ?? incident.openedAt;
  return { stage, attempt, seq, head, at, commit, target: leaseOf(incident) };
}

/** The index of the commit after `parent`: what could not name its own commit then is told now. */
export function afterCommit(index: OpenIndex, parent: string | null): OpenIndex {
  const open = Object.fromEntries(
    Object.entries(index.open).map(([key, entry]) => [
      key,
      entry.commit === null ? { ...entry, commit: parent } : entry,
    ]),
  );
  return { ...index, open };
}

/** With one record more. `incident` is as it was after it. */
export function withRecord(
  index: OpenIndex,
  parent: string | null,
  incident: Incident,
  record: LedgerRecord,
): OpenIndex {
  const next = afterCommit(index, parent);
  return {
    ...next,
    held: heldAfter(index.held, record),
    open: { ...next.open, [incident.key]: entryOf(incident, null) },
  };
}

export function without(index: OpenIndex, parent: string | null, key: string): OpenIndex {
  const next = afterCommit(index, parent);
  const { [key]: _, ...open } = next.open;
  return { ...next, open };
}

/** Who said it last in the order of the ledger. */
export function heldAfter(
  held: OpenIndex['held'],
  record: { type: LedgerRecord['type']; data: unknown },
): OpenIndex['held'] {
  if (record.type !== 'hold.set' && record.type !== 'hold.released') return held;
  const { scope, ...said } = record.data as FactDataOf<'hold.set'>;
  if (scope !== 'all') return held;
  return record.type === 'hold.set' ? { scope, by: said.by, reason: said.reason } : null;
}

/** Who is at work on a service: an incident between its start and its end, its undo included. */
export function leaseHolder({ open }: OpenIndex, target: string, except: string): string | null {
  const found = Object.entries(open).find(([key, entry]) => key !== except && entry.target === target);
  return found?.[0] ?? null;
}

/** Whether nothing more is to be expected of an incident, so that it may lie in one file and leave the index. */
export function isOver(incident: Incident, now: Date): boolean {
  const { stage, opened, records } = incident;
  if (stage !== 'RESOLVED' && stage !== 'ESCALATED') return false;
  if (leaseOf(incident) !== null || running(incident)) return false;
  // Nobody acts on made-up history.
  if (opened.sample) return true;
  if (opened.withheld || dueEffects(incident).length > 0) return false;
  if (awaitsPutBack(incident, now)) return false;
  return now.getTime() - Date.parse(records.at(-1)?.at ?? '') > SEAL_AFTER_MS;
}

/** The whole index from all incidents: what the one that grew by every commit must be equal to. */
export function indexOf(incidents: Iterable<Incident>, held: OpenIndex['held'], now: Date): OpenIndex {
  const open = [...incidents]
    .filter((incident) => !isOver(incident, now))
    .map((incident) => [incident.key, entryOf(incident, null)] as const);
  return { v: 1, held, open: Object.fromEntries(open) };
}
