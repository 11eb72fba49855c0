// Prepares runbooks for comparison: the weight of each word, by the field it stands in and by how rare it is. This is done
// once for many incidents. Must never look at anything but the runbooks.
import { isPale, tokensOf } from './tokens.ts';

/** The part of a runbook that is compared, wherever the runbook was found. */
export type Searchable = {
  id: string;
  title: string;
  service: string;
  alerts: readonly string[];
  keywords: readonly string[];
  failureTypes: readonly string[];
  text: string;
};
export type Prepared = {
  entry: Searchable;
  /** From token to the weight of the best field that it stands in. */
  fields: ReadonlyMap<string, number>;
  alerts: readonly { name: string; tokens: ReadonlySet<string> }[];
};
export type Collection = {
  all: readonly Prepared[];
  byService: ReadonlyMap<string, readonly Prepared[]>;
  /** How much a token says. A rare token says much; one that every runbook of the service has says almost nothing. */
  weight(token: string, service: string): number;
};

const WEIGHTS = { alerts: 1, keywords: 1, title: 0.9, failureTypes: 0.8, id: 0.5, text: 0.35 } as const;

/** The weight of a word that only one runbook has. It does not depend on the number of runbooks. */
const RAREST = 3;

function prepare(entry: Searchable): Prepared {
  const fields = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const token of tokensOf(text)) if ((fields.get(token) ?? 0) < weight) fields.set(token, weight);
  };
  add(entry.alerts.join('\n'), WEIGHTS.alerts);
  add(entry.keywords.join('\n'), WEIGHTS.keywords);
  add(entry.title, WEIGHTS.title);
  add(entry.failureTypes.join('\n'), WEIGHTS.failureTypes);
  add(entry.id, WEIGHTS.id);
  add(entry.text, WEIGHTS.text);
  return { entry, fields, alerts: entry.alerts.map((name) => ({ name, tokens: tokensOf(name) })) };
}

export function collect(entries: readonly Searchable[]): Collection {
  const all = entries.map(prepare);
  const byService = Map.groupBy(all, ({ entry }) => entry.service);
  const everywhere = frequencies(all);
  const rarity = (count: number): number => Math.log(1 + (all.length + 1) / (1 + count));
  const shelves = new Map(
    [...byService].map(([service, some]) => {
      return [service, { size: some.length, counts: frequencies(some), name: tokensOf(service) }];
    }),
  );
  const weight = (token: string, service: string): number => {
    const shelf = shelves.get(service);
    const rare = rarity(everywhere.get(token) ?? 0) / rarity(1);
    // When all runbooks of a service have a word, the word does not tell them apart.
    const share = shelf && shelf.size > 1 ? (shelf.counts.get(token) ?? 0) / shelf.size : 0;
    const own = shelf?.name.has(token) ? 0.1 : 1;
    return RAREST * Math.min(rare, 1) * (1 - 0.8 * share ** 2) * own * (isPale(token) ? 0.25 : 1);
  };
  return { all, byService, weight };
}

/** How many runbooks have a token in another field than their plain text. */
function frequencies(all: readonly Prepared[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { fields } of all)
    for (const token of fields.keys()) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}
