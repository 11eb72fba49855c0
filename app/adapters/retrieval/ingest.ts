// Copies a folder of runbooks and the names of the services into Sanity: it compares, tells the difference and writes it.
// Git stays the truth. Must never remove a document whose file is still there, even a broken file. Must never remove a
// document from elsewhere.

import type { Sanity, SanityFailure, SanityResult } from '#adapters/sanity/client';
import {
  type Difference,
  difference,
  readAll,
  type Stored,
  type Written,
  writeDocuments,
} from '#adapters/sanity/write';
import type { KnowledgeDocument, ServiceDocument } from '#core/knowledge/documents';
import { documentId, MANAGED_BY } from '#core/knowledge/documents';
import type { Settings } from '#core/settings';
import type { Folder } from './folder.ts';

export type Change = Exclude<Difference, { kind: 'foreign' }> & { path: string };
export type IngestPlan = {
  changes: Change[];
  /** Ids of documents that somebody else wrote. They are left alone. */
  foreign: { id: string; path: string }[];
  /** Documents that an earlier ingest of this folder wrote, and whose file is gone. */
  gone: { id: string; path: string }[];
  unchanged: number;
  found: Map<string, Stored>;
  wanted: KnowledgeDocument[];
};

/** The inventory's services as documents. Without parameters: none of them leaves this repository. */
export function serviceDocuments(settings: Settings | null): ServiceDocument[] {
  const named = new Map(
    Object.entries(settings?.services ?? {}).map(([id, service]) => [service.name, { id, service }]),
  );
  return [...named.values()].map(({ id, service }) => ({
    _id: documentId.service(service.name),
    _type: 'service',
    name: service.name,
    ...(service.description === undefined ? {} : { description: service.description }),
    pagerdutyId: id,
    managedBy: MANAGED_BY,
  }));
}

/** Reads what Sanity has, and compares. It writes nothing. */
export async function planIngest(
  sanity: Sanity,
  folder: Folder,
  services: readonly ServiceDocument[],
): Promise<SanityResult<IngestPlan>> {
  const found = new Map<string, Stored>();
  for (const type of services.length > 0 ? ['runbook', 'service'] : ['runbook']) {
    const all = await readAll(sanity, type);
    if (!all.ok) return all;
    for (const [id, one] of all.value) found.set(id, one);
  }
  const wanted: KnowledgeDocument[] = [...folder.documents, ...services];
  const plan: IngestPlan = { changes: [], foreign: [], gone: [], unchanged: 0, found, wanted };
  for (const document of wanted) {
    const path = document._type === 'runbook' ? (document.path ?? '') : '.github/vigil.yml';
    const change = difference(document, found.get(document._id));
    if (!change) plan.unchanged += 1;
    else if (change.kind === 'foreign') plan.foreign.push({ id: change.id, path });
    else plan.changes.push({ ...change, path });
  }
  return { ok: true, value: { ...plan, gone: goneFrom(folder, found) } };
}

function goneFrom(folder: Folder, found: ReadonlyMap<string, Stored>): IngestPlan['gone'] {
  const ids = new Set(folder.documents.map(({ _id }) => _id));
  const refused = new Set(folder.refused.map(({ file }) => file));
  return [...found.values()].flatMap(({ _id: id, _type, path, managedBy }) =>
    _type === 'runbook' &&
    managedBy === MANAGED_BY &&
    typeof path === 'string' &&
    path.startsWith(`${folder.path}/`) &&
    !ids.has(id) &&
    !refused.has(path)
      ? [{ id, path }]
      : [],
  );
}

/** Writes a plan. After a failure the next ingest goes on where this one ended. */
export async function runIngest(
  sanity: Sanity,
  plan: IngestPlan,
  options: { prune: boolean; onProgress?: (done: number, of: number) => void },
): Promise<{ ok: true; written: Written } | (SanityFailure & { written: Written })> {
  const { onProgress } = options;
  return writeDocuments(sanity, plan.wanted, {
    found: plan.found,
    remove: options.prune ? plan.gone.map(({ id }) => id) : [],
    ...(onProgress ? { onProgress } : {}),
  });
}
