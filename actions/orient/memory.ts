// What the memory has: past incidents of the service, and documents beside the runbooks on main. It asks Sanity where that
// is configured, otherwise the runbooks of the repository. Must never let a document decide what may run: main does.
import * as core from '@actions/core';
import * as z from 'zod';
import { findDocuments, type Lake, localLake } from '#adapters/retrieval/lake';
import { type Retrieved, retrieve } from '#adapters/retrieval/search';
import { openSanity } from '#adapters/sanity/client';
import { PastIncidentDocument } from '#core/knowledge/documents';
import { runbookDocument } from '#core/knowledge/from-runbook';
import { pastIncidents } from '#core/knowledge/queries';
import type { Runbook } from '#core/knowledge/runbook';
import { sanityAccount } from '#core/knowledge/sanity-account';
import type { Settings } from '#core/settings';
import { optional } from '../shared/told.ts';
import type { Gathered } from './sources.ts';

type Memory = { lake: Lake; remote: boolean; problem: string | null };

/** The project that vigil.yml names. Without one, the repository's runbooks answer. Half a configuration is told as a problem. */
export function openMemory({ sanity }: Settings, runbooks: readonly Runbook[]): Memory {
  const token = optional('sanity-token') ?? undefined;
  if (token) core.setSecret(token);
  const { project: projectId, ...place } = sanity ?? {};
  const read = sanityAccount({ projectId, ...place, token });
  if (read.ok) return { lake: openSanity(read.account), remote: true, problem: null };
  const lake = localLake(runbooks.map(runbookDocument));
  return { lake, remote: false, problem: read.given ? read.reason : null };
}

/** What came of earlier incidents of the service, as one piece of evidence. It informs, and allows nothing. */
export async function pastOf({ lake, remote, problem }: Memory, service: string): Promise<Gathered> {
  if (problem !== null) return { items: [], missing: [{ source: 'Sanity', reason: problem }] };
  if (!remote) return { items: [], missing: [] };
  const answer = await lake.query(pastIncidents({ service }));
  if (!answer.ok) return { items: [], missing: [{ source: 'Sanity', reason: answer.reason }] };
  const stored = z.array(z.record(z.string(), z.unknown())).safeParse(answer.value).data ?? [];
  const past = stored.flatMap((one) => {
    const own = Object.entries(one).filter(([name]) => name in PastIncidentDocument.shape);
    return PastIncidentDocument.safeParse(Object.fromEntries(own)).data ?? [];
  });
  if (past.length === 0) return { items: [], missing: [] };
  const text = past.map(
    ({ occurredAt, title, kind, outcome, effectiveness, correction }) =>
      `${occurredAt.slice(0, 10)} ${title}: ${kind ?? 'nothing ran'}, ${outcome}${effectiveness === undefined ? '' : `, effectiveness ${effectiveness}`}${correction ? `; a reviewer changed: ${correction}` : ''}`,
  );
  return {
    items: [
      {
        id: 'past-1',
        source: 'sanity',
        title: `${past.length} past incidents of ${service}`,
        text: text.join('\n'),
      },
    ],
    missing: [],
  };
}

/** Runbooks on main that fit, and documents for people. The text must be cleaned before, because it goes to the memory. */
export async function recall(
  { lake }: Memory,
  runbooks: readonly Runbook[],
  incident: { service: string; title: string; text: string },
): Promise<Retrieved> {
  const found = await findDocuments(lake, { service: incident.service, text: incident.title });
  if (!found.ok) core.warning(`the memory could not be searched: ${found.reason}`);
  return retrieve(runbooks, incident, found.ok ? found.documents : []);
}
