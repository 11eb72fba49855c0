// Asks Sanity or, without an account, the runbooks of the repository. The GROQ queries are the same; the content lake or
// groq-js answers them. It searches by meaning first, then by words, then by service and failure type alone.
// Must never take a document that the schemas refuse. Must never let the failure of one way end the search.
import { evaluate, parse } from 'groq-js';
import * as z from 'zod';
import type { Sanity, SanityFailure, SanityResult } from '#adapters/sanity/client';
import { RunbookDocument } from '#core/knowledge/documents';
import { byMeaning, byServiceAndFailure, byText, type Query, type Wanted } from '#core/knowledge/queries';
import { isPale, wordsOf } from '#core/knowledge/retrieval/tokens';

export type Lake = Pick<Sanity, 'query'>;
export type Found = {
  ok: true;
  documents: RunbookDocument[];
  by: 'meaning' | 'words' | 'filter';
  /** Why a better way of searching was not used, and how many documents were left out. */
  notes: string[];
};

/** Runbooks as documents, queried by groq-js. It refuses a search by meaning, because only the content lake can do that. */
export function localLake(documents: readonly RunbookDocument[]): Lake {
  return {
    async query({ groq, params }, { semantic = false } = {}): Promise<SanityResult<unknown>> {
      if (semantic) return refusal('groq-js cannot search by meaning');
      try {
        const value = await evaluate(parse(groq, { params }), { dataset: documents, params });
        return { ok: true, value: await value.get() };
      } catch (error) {
        return refusal(error instanceof Error ? error.message : 'cannot be evaluated');
      }
    },
  };
}

const refusal = (reason: string): SanityFailure => ({ ok: false, kind: 'refused', status: null, reason });

/** Runbook documents of a service, for `retrieve`. Fails when all three ways fail, or at once when the token is refused. */
export async function findDocuments(lake: Lake, wanted: Wanted): Promise<Found | SanityFailure> {
  const notes: string[] = [];
  const words = [...new Set(wordsOf(wanted.text ?? '', false))].filter(
    (word) => word.length > 3 && !isPale(word) && /^\p{L}/u.test(word),
  );
  const ways: [by: Found['by'], query: Query, semantic: boolean][] = [
    ['meaning', byMeaning(wanted), true],
    ...(words.length > 0 ? [['words', byText(wanted, words), false] as [Found['by'], Query, boolean]] : []),
    ['filter', byServiceAndFailure(wanted), false],
  ];
  let last: SanityFailure = refusal('nothing was asked');
  for (const [by, query, semantic] of ways) {
    const answer = await lake.query(query, { semantic });
    if (!answer.ok) {
      last = answer;
      notes.push(`by ${by}: ${answer.reason}`);
      if (answer.kind === 'unauthorised') return answer;
      continue;
    }
    const all = z.array(z.record(z.string(), z.unknown())).safeParse(answer.value);
    const documents = (all.data ?? []).flatMap((one) => readDocument(one) ?? []);
    const left = (all.data?.length ?? 0) - documents.length;
    if (left > 0) notes.push(`${left} documents do not keep the schema`);
    // When no word is common, documents are shown all the same: the filter by service decides.
    if (documents.length > 0 || by === 'filter') return { ok: true, documents, by, notes };
  }
  return last;
}

/** A document without the fields that Sanity and others add. Null: the schema refuses the rest. */
function readDocument(stored: Readonly<Record<string, unknown>>): RunbookDocument | null {
  const known = Object.entries(stored).filter(
    ([name, value]) => name in RunbookDocument.shape && value !== null,
  );
  return RunbookDocument.safeParse(Object.fromEntries(known)).data ?? null;
}
