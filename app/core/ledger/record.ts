// A record: one fact as it stands in the ledger, chained to the record before it by hash.
// Must never encode the same record as two different byte strings: the hash is over the file's bytes.
import * as z from 'zod';
import { canonical, sha256 } from '#core/text/hash';
import { type Fact, type FactType, factTypes, parseFact } from './facts.ts';

/** Who did it: the app, a job of a workflow run, or a person by GitHub login. */
export const Actor = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('app') }),
  z.strictObject({
    kind: z.literal('job'),
    job: z.string(),
    run: z.number().int(),
    attempt: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('person'), login: z.string() }),
]);
export type Actor = z.infer<typeof Actor>;

export const RecordEnvelope = z.strictObject({
  v: z.literal(1),
  seq: z.number().int().min(1),
  prev: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  type: z.enum(factTypes as [FactType, ...FactType[]]),
  at: z.iso.datetime(),
  actor: Actor,
  attempt: z.number().int().min(1),
  data: z.record(z.string(), z.json()),
});

type Envelope = Omit<z.infer<typeof RecordEnvelope>, 'type' | 'data'>;
export type LedgerRecord = Envelope & Fact;
export type RecordOf<T extends FactType> = Extract<LedgerRecord, { type: T }>;

/** The exact bytes of a record's file: canonical JSON and a newline. */
export function encodeRecord(record: LedgerRecord): string {
  return `${canonical(record)}\n`;
}

export function hashRecord(record: LedgerRecord): string {
  return sha256(encodeRecord(record));
}

export type DecodedRecord = { ok: true; record: LedgerRecord } | { ok: false; reason: string };

/** Reads a record file. Refuses anything that is not byte for byte what encodeRecord would write. */
export function decodeRecord(text: string): DecodedRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return { ok: false, reason: `not JSON: ${(cause as Error).message}` };
  }
  const envelope = RecordEnvelope.safeParse(value);
  if (!envelope.success) return { ok: false, reason: z.prettifyError(envelope.error) };
  const fact = parseFact(envelope.data.type, envelope.data.data);
  if (!fact.ok) return fact;
  const record: LedgerRecord = { ...envelope.data, ...fact.fact };
  if (encodeRecord(record) !== text)
    return { ok: false, reason: 'the bytes are not the canonical form of the record' };
  return { ok: true, record };
}

/** Name of the record's file inside its incident's directory. */
export function recordFile(record: { seq: number; type: string }): string {
  return `${String(record.seq).padStart(4, '0')}-${record.type}.json`;
}
