// Makes documents in Sanity what they should be. It reads, compares and writes only the difference. Each transaction names
// the revision that it was made from. After a conflict or a lost answer it reads again and goes on from there, so a killed
// process or a second writer makes nothing twice. Must never write what the schemas refuse, and never touch fields that the
// schemas do not know.
import * as z from 'zod';
import { KnowledgeDocument } from '#core/knowledge/documents';
import { byIds, everything } from '#core/knowledge/queries';
import { canonical } from '#core/text/hash';
import type { Mutation, Sanity, SanityFailure, SanityResult } from './client.ts';
import { judgeDocument } from './rules.ts';

export const Stored = z.looseObject({ _id: z.string(), _type: z.string(), _rev: z.string() });
export type Stored = z.infer<typeof Stored>;
export type Difference =
  | { kind: 'create'; id: string }
  | { kind: 'update'; id: string; fields: string[] }
  | { kind: 'foreign'; id: string };
export type Written = { created: number; updated: number; removed: number };
type WriteResult = { ok: true; written: Written } | (SanityFailure & { written: Written });

/** https://www.sanity.io/docs/content-lake/technical-limits: 25 mutation requests a second for an address. */
const BETWEEN_MS = 45;
const BATCH = 100;
const BATCH_BYTES = 1_000_000;
const PAGE = 500;
/** How often a batch may be read again before it counts as failed. */
const ROUNDS = 6;

const fieldsOf = (type: string): string[] => {
  const found = KnowledgeDocument.options.find(({ shape }) => shape._type.value === type);
  return Object.keys(found?.shape ?? {}).filter((name) => !name.startsWith('_'));
};

/** Null: it is as it should be. `foreign`: somebody else wrote a document with this id, so it is left alone. */
export function difference(wanted: KnowledgeDocument, found: Stored | undefined): Difference | null {
  if (!found) return { kind: 'create', id: wanted._id };
  if (wanted.managedBy && found['managedBy'] !== wanted.managedBy) return { kind: 'foreign', id: wanted._id };
  const want: Record<string, unknown> = { ...wanted };
  const fields = fieldsOf(wanted._type).filter(
    (name) => canonical(want[name] ?? null) !== canonical(found[name] ?? null),
  );
  return fields.length === 0 ? null : { kind: 'update', id: wanted._id, fields };
}

/** All documents of a type, page by page. */
export async function readAll(sanity: Sanity, type: string): Promise<SanityResult<Map<string, Stored>>> {
  const found = new Map<string, Stored>();
  for (let after = ''; ; ) {
    const page = await read(sanity, everything(type, after, PAGE));
    if (!page.ok) return page;
    for (const one of page.value) found.set(one._id, one);
    const last = page.value.at(-1)?._id ?? '';
    if (page.value.length < PAGE || last <= after) return { ok: true, value: found };
    after = last;
  }
}

async function read(sanity: Sanity, query: Parameters<Sanity['query']>[0]): Promise<SanityResult<Stored[]>> {
  const answer = await sanity.query(query);
  if (!answer.ok) return answer;
  const parsed = z.array(Stored).safeParse(answer.value);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : {
        ok: false,
        kind: 'refused',
        status: null,
        reason: 'Sanity answered with something that is no document',
      };
}

type WriteOptions = {
  /** What is known about the documents now. Without it, they are read first. */
  found?: ReadonlyMap<string, Stored>;
  /** Ids to remove. Only documents that an ingest wrote are removed. */
  remove?: readonly string[];
  onProgress?: (done: number, of: number) => void;
  pause?: (ms: number) => Promise<void>;
};

/** Writes what differs. When it fails, it says what was written before. Call it again to go on from there. */
export async function writeDocuments(
  sanity: Sanity,
  wanted: readonly KnowledgeDocument[],
  options: WriteOptions = {},
): Promise<WriteResult> {
  const { pause = (ms) => new Promise((done) => setTimeout(done, ms)) } = options;
  const written: Written = { created: 0, updated: 0, removed: 0 };
  for (const document of wanted) {
    const fault = faultOf(document);
    if (fault) return { ok: false, kind: 'refused', status: null, reason: fault, written };
  }
  const jobs: Job[] = [
    ...wanted.map((document): Job => ({ id: document._id, wanted: document })),
    ...(options.remove ?? []).map((id): Job => ({ id, wanted: null })),
  ];
  const open = options.found
    ? jobs.filter((job) => mutationOf(job, options.found?.get(job.id)) !== null)
    : jobs;
  let known = options.found ?? null;
  let last = Number.NEGATIVE_INFINITY;
  let done = 0;
  for (const batch of batches(open)) {
    let unsure: Mutation[] = [];
    for (let round = 1; ; round++) {
      if (!known || round > 1) {
        const now = await read(sanity, byIds(batch.map(({ id }) => id)));
        if (!now.ok) return { ...now, written };
        known = new Map(now.value.map((one) => [one._id, one]));
      }
      const mutations = batch.flatMap((job) => mutationOf(job, known?.get(job.id)) ?? []);
      // What is right now was done by the try whose answer was lost.
      const waiting = new Set(mutations.map(idOf));
      count(
        written,
        unsure.filter((mutation) => !waiting.has(idOf(mutation))),
      );
      unsure = [];
      if (mutations.length === 0) break;
      await pause(Math.max(0, BETWEEN_MS - (performance.now() - last)));
      last = performance.now();
      const result = await sanity.commit(mutations);
      if (result.ok) {
        count(written, mutations);
        break;
      }
      const readAgain = result.kind === 'conflict' || result.kind === 'unknown';
      if (!readAgain || round >= ROUNDS) return { ...result, written };
      if (result.kind === 'unknown') {
        unsure = mutations;
        await pause(250 * 2 ** round);
      }
    }
    known = options.found ?? null;
    done += batch.length;
    options.onProgress?.(done, open.length);
  }
  return { ok: true, written };
}

type Job = { id: string; wanted: KnowledgeDocument | null };

/** Why the schemas refuse a document. Null: they accept it. */
function faultOf(document: KnowledgeDocument): string | null {
  const issue = KnowledgeDocument.safeParse(document).error?.issues[0];
  if (issue) return `${document._id}: ${issue.path.join('.')}: ${issue.message}`;
  const [fault] = judgeDocument(document);
  return fault ? `${document._id}: ${fault.path}: ${fault.message}` : null;
}

function mutationOf({ id, wanted }: Job, found: Stored | undefined): Mutation | null {
  if (!wanted) return found?.['managedBy'] ? { delete: { id } } : null;
  const change = difference(wanted, found);
  if (!change || change.kind === 'foreign') return null;
  if (change.kind === 'create' || !found) return { create: wanted };
  const values: Record<string, unknown> = { ...wanted };
  const set = Object.fromEntries(
    change.fields.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
  );
  const unset = change.fields.filter((name) => values[name] === undefined);
  return { patch: { id, ifRevisionID: found._rev, set, unset } };
}

const idOf = (mutation: Mutation): string =>
  'create' in mutation ? mutation.create._id : 'patch' in mutation ? mutation.patch.id : mutation.delete.id;

function* batches(jobs: readonly Job[]): Generator<Job[]> {
  let batch: Job[] = [];
  let bytes = 0;
  for (const job of jobs) {
    const size = JSON.stringify(job.wanted).length;
    if (batch.length >= BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(job);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function count(written: Written, mutations: readonly Mutation[]): void {
  for (const mutation of mutations) {
    if ('create' in mutation) written.created += 1;
    else if ('patch' in mutation) written.updated += 1;
    else written.removed += 1;
  }
}
