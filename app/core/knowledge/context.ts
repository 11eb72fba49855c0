// Which runbooks fit an incident, as a score from 0 to 100 with the reason. Text in, order out.
// Must never match a runbook of another service, whatever the words say.

import type { FactDataOf } from '#core/ledger/facts';
import { cut } from '#core/text/cut';
import { sections } from './from-runbook.ts';
import { collect, type Searchable } from './retrieval/collection.ts';
import { rank } from './retrieval/rank.ts';
import type { Runbook } from './runbook.ts';

export { PROPOSE_THRESHOLD } from './retrieval/rank.ts';

export type Match = FactDataOf<'context.retrieved'>['matches'][number];
/** At most this many runbooks are named. */
export const MOST_MATCHES = 5;

/** The part of a runbook on main that is compared: its words, without its code. */
export function searchable(runbook: Runbook): Searchable {
  const { id, title, service, alerts, keywords, failure_types: failureTypes } = runbook;
  const text = sections(runbook.body).map((part) => `${part.heading}\n${part.text}`);
  return { id, title, service, alerts, keywords, failureTypes, text: text.join('\n') };
}

/** Runbooks of the service, best first, at most five. `text` is the evidence; the title counts more. */
export function matchRunbooks(
  runbooks: readonly Runbook[],
  incident: { service: string; title: string; text: string },
): Match[] {
  const collection = collect(runbooks.map(searchable));
  const ranked = rank(collection, collection.byService.get(incident.service) ?? [], incident);
  return ranked.slice(0, MOST_MATCHES).flatMap(({ entry, score, why }) => {
    const runbook = runbooks.find(({ id }) => id === entry.id);
    return runbook && score > 0
      ? [{ runbook: runbook.id, title: runbook.title, sha256: runbook.sha256, score, why: cut(why, 500) }]
      : [];
  });
}
