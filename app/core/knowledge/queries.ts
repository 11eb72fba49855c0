// Every GROQ query of Vigil. It uses only what the content lake and groq-js both understand: filters, `in`, `match` with
// parameters, score and boost, order, slices, plain projections. Drafts and versions are left out here for groq-js, and
// by the perspective for the content lake. Must never put a value into the text of a query: values are parameters.
// https://www.sanity.io/docs/specifications/groq-syntax
export type Query = { groq: string; params: Record<string, unknown> };
export type Wanted = { service: string; failureTypes?: readonly string[]; text?: string };

const published = '!(_id in path("drafts.**")) && !(_id in path("versions.**"))';
const ofService = `_type == "runbook" && ${published} && service == $service`;
const ofFailure = '(count($failureTypes) == 0 || count(failureTypes[@ in $failureTypes]) > 0)';
/** At most this many documents come back from one question. */
const MOST = 200;

const filter = ({ service, failureTypes = [] }: Wanted) => ({ service, failureTypes: [...failureTypes] });

/** Runbooks of a service, and of these failure types if any are given, in the order of their ids. */
export function byServiceAndFailure(wanted: Wanted): Query {
  return {
    groq: `*[${ofService} && ${ofFailure}] | order(_id asc) [0...${MOST}]`,
    params: filter(wanted),
  };
}

/** The same, but those with most words of the text come first. At most six words are used, because scoring is costly. */
export function byText(wanted: Wanted, words: readonly string[]): Query {
  const asked = words.slice(0, 6);
  const scores = asked.flatMap((_, index) => [
    `boost(title match $w${index}, 3)`,
    `boost(alerts match $w${index}, 3)`,
    `boost(keywords match $w${index}, 2)`,
    `text match $w${index}`,
  ]);
  return {
    groq: `*[${ofService} && ${ofFailure}] | score(${scores.join(', ')}) | order(_score desc, _id asc) [_score > 0] [0...${MOST}]`,
    params: {
      ...filter(wanted),
      ...Object.fromEntries(asked.map((word, index) => [`w${index}`, word])),
    },
  };
}

/**
 * The same by meaning, where the dataset has embeddings. Only the content lake can do this. Its scores have no unit, so
 * only their order is used. https://www.sanity.io/docs/content-lake/dataset-embeddings
 */
export function byMeaning(wanted: Wanted): Query {
  return {
    groq: `*[${ofService} && ${ofFailure}] | score(text::semanticSimilarity($text)) | order(_score desc) [0...50]`,
    params: { ...filter(wanted), text: (wanted.text ?? '').slice(0, 1000) },
  };
}

/** What happened to a service before, newest first. It informs people and the model, and allows nothing. */
export function pastIncidents({ service, failureTypes = [] }: Wanted): Query {
  return {
    groq: `*[_type == "pastIncident" && ${published} && service == $service && ${ofFailure}] | order(occurredAt desc) [0...10]`,
    params: { service, failureTypes: [...failureTypes] },
  };
}

/** One page of all documents of a type, in the order of ids. An ingest compares with these. */
export function everything(type: string, after: string, size: number): Query {
  return {
    groq: `*[_type == $type && ${published} && _id > $after] | order(_id asc) [0...${Math.floor(size)}]`,
    params: { type, after },
  };
}

export function byIds(ids: readonly string[]): Query {
  return { groq: '*[_id in $ids] | order(_id asc)', params: { ids: [...ids] } };
}
