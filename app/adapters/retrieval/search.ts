// Search over many runbooks: an index for each service finds the few that are worth judging, and
// app/core/knowledge/retrieval/rank.ts judges them. Vigil acts only on runbooks of main, by id and sha256; people may also
// read what else Sanity has. Must never let these decide what is proposed: an index, a score of Sanity's, or a document
// that is not on main.

import MiniSearch from 'minisearch';
import { type Match, MOST_MATCHES, PROPOSE_THRESHOLD, searchable } from '#core/knowledge/context';
import type { RunbookDocument } from '#core/knowledge/documents';
import { collect, type Prepared, type Searchable } from '#core/knowledge/retrieval/collection';
import { type Ranked, rank, type Symptoms } from '#core/knowledge/retrieval/rank';
import { tokensOf } from '#core/knowledge/retrieval/tokens';
import type { Runbook } from '#core/knowledge/runbook';
import { cut } from '#core/text/cut';

export type Index = {
  /** Best first. `failureTypes` narrows the search if any runbook has one of them. */
  search(symptoms: Symptoms, options?: { failureTypes?: readonly string[]; most?: number }): Ranked[];
  services: readonly string[];
};

/** Up to this number, every runbook of a service is judged. Above it, the index chooses. */
const JUDGE_ALL = 40;
/** How many runbooks the index chooses. */
const BROUGHT = 20;
/** How many words are looked up in the index: the rarest of the title, and as many of the evidence. */
const ASKED = 6;
/** A word that more runbooks have than this tells little and costs most, so it is not looked up. Three words always are. */
const COMMON = 500;

/** Builds the index once for many searches. 10,000 runbooks take under three seconds. */
export function createIndex(entries: readonly Searchable[]): Index {
  const collection = collect(entries);
  const shelves = new Map(
    [...collection.byService].map(([service, runbooks]) => [service, shelfOf(runbooks)]),
  );
  let everything: Shelf | null = null;
  const shelfFor = (service: string | null): Shelf | undefined => {
    if (service !== null) return shelves.get(service);
    everything = everything ?? shelfOf(collection.all);
    return everything;
  };
  return {
    services: [...shelves.keys()],
    search(symptoms, { failureTypes = [], most = MOST_MATCHES } = {}) {
      const shelf = shelfFor(symptoms.service);
      if (!shelf) return [];
      const candidates = shelf(symptoms);
      const narrowed = candidates.filter(({ entry }) =>
        entry.failureTypes.some((type) => failureTypes.includes(type)),
      );
      return rank(collection, narrowed.length > 0 ? narrowed : candidates, symptoms)
        .filter(({ score }) => score > 0)
        .slice(0, most);
    },
  };
}

type Shelf = (symptoms: Symptoms) => readonly Prepared[];

function shelfOf(runbooks: readonly Prepared[]): Shelf {
  if (runbooks.length <= JUDGE_ALL) return () => runbooks;
  const index = new MiniSearch<{ id: number; name: string; words: string; text: string }>({
    fields: ['name', 'words', 'text'],
    // The words are tokens already.
    tokenize: (text) => text.split(' '),
    processTerm: (term) => (term === '' ? null : term),
    searchOptions: { boost: { name: 3, words: 2, text: 1 } },
  });
  const counts = new Map<string, number>();
  index.addAll(
    runbooks.map(({ fields }, id) => {
      const [name, words, text]: [string[], string[], string[]] = [[], [], []];
      for (const [token, weight] of fields) {
        counts.set(token, (counts.get(token) ?? 0) + 1);
        (weight >= 1 ? name : weight >= 0.5 ? words : text).push(token);
      }
      return { id, name: name.join(' '), words: words.join(' '), text: text.join(' ') };
    }),
  );
  const asked = (text: string): string[] =>
    [...tokensOf(text)]
      .filter((token) => counts.has(token))
      .map((token) => ({ token, count: counts.get(token) ?? 0 }))
      .sort((a, b) => a.count - b.count || (a.token < b.token ? -1 : 1))
      .filter(({ count }, place) => place < 3 || (place < ASKED && count <= COMMON))
      .map(({ token }) => token);
  return ({ title, text }) => {
    const words = [...new Set([...asked(title), ...asked(text)])];
    const found = index.search(words.join(' '), { combineWith: 'OR' });
    return found.slice(0, BROUGHT).flatMap(({ id }) => {
      const runbook: unknown = id;
      const one = typeof runbook === 'number' ? runbooks[runbook] : undefined;
      return one ? [one] : [];
    });
  };
}

/** The part of a document that is compared. */
export function searchableDocument(document: RunbookDocument): Searchable {
  const { _id, title, service, alerts, keywords, failureTypes, runbookId, text = '', steps } = document;
  return {
    ...{ id: runbookId ?? _id, title, service, alerts, keywords, failureTypes },
    text: [text, ...steps].join('\n'),
  };
}

/** A document that people may read, and on which Vigil does not act. */
export type ForPeople = { id: string; title: string; score: number; why: string; because: string };
export type Retrieved = { matches: Match[]; abstained: boolean; forPeople: ForPeople[] };

/**
 * The runbooks on main that fit, best first. `abstained`: none reaches the threshold. `documents` are what Sanity found. If
 * one is on main, by id and sha256, it is that runbook. All others are only for people.
 */
export function retrieve(
  runbooks: readonly Runbook[],
  incident: Symptoms & { service: string; failureTypes?: readonly string[] },
  documents: readonly RunbookDocument[] = [],
): Retrieved {
  const { failureTypes = [] } = incident;
  const ranked = createIndex(runbooks.map(searchable)).search(incident, { failureTypes });
  const matches = ranked.flatMap(({ entry, score, why }): Match[] => {
    const runbook = runbooks.find(({ id }) => id === entry.id);
    return runbook
      ? [{ runbook: runbook.id, title: runbook.title, sha256: runbook.sha256, score, why: cut(why, 500) }]
      : [];
  });
  return {
    matches,
    abstained: (matches[0]?.score ?? 0) < PROPOSE_THRESHOLD,
    forPeople: forPeople(runbooks, incident, documents),
  };
}

function forPeople(
  runbooks: readonly Runbook[],
  incident: Symptoms & { service: string },
  documents: readonly RunbookDocument[],
): ForPeople[] {
  const strangers = documents.filter(
    ({ service, runbookId, sha256 }) =>
      service === incident.service && !runbooks.some((one) => one.id === runbookId && one.sha256 === sha256),
  );
  return createIndex(strangers.map(searchableDocument))
    .search(incident)
    .map(({ entry, score, why }) => ({
      ...{ id: entry.id, title: entry.title, score, why },
      because: runbooks.some(({ id }) => id === entry.id)
        ? 'the runbook on main says something else by now'
        : 'it is not on main',
    }));
}
