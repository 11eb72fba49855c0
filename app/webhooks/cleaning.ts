// The words in a job's facts on their way into the ledger: cleaned here too, whatever the job did, or not written at all.
// Must never touch scripts, ids and hashes, and never keep a word of a text that could not be cleaned.
import type { EvidenceItem } from '#adapters/git/evidence';
import type { Runbook } from '#core/knowledge/runbook';
import type { Fact } from '#core/ledger/facts';
import { privacyReason, WITHHELD_TEXT } from '#core/messages/withheld';
import { reviewedFiles } from '#core/proposal/model/answer-lane';
import { normalise } from '#core/text/untrusted';
import type { Hearing } from '../desk/world.ts';

/** A job's HTTP request waits for this, and would be sent again. */
const DEADLINE_MS = 10_000;
const prose = new Set(['text', 'reason', 'output', 'title', 'summary', 'why']);

export type Said = { type: string; data: Record<string, unknown> };
type CleanPost = {
  facts: Said[];
  evidence: EvidenceItem[];
  /** Why texts were withheld, each replaced by a notice and evidence left out; null when all were cleaned. */
  withheld: string | null;
};

/** Every prose field of the facts and all evidence, cleaned together. */
export async function cleanPost(
  world: Hearing,
  key: string,
  post: { facts: readonly Said[]; evidence: readonly EvidenceItem[] },
): Promise<CleanPost> {
  const raw: string[] = [];
  const collect = (value: string, maxChars: number): string => {
    raw.push(normalise(value, { maxChars }));
    return value;
  };
  const each = (take: (value: string, maxChars: number) => string) => ({
    facts: post.facts.map(({ type, data }) => ({
      type,
      data: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [name, eachProse(value, name, take)]),
      ),
    })),
    evidence: post.evidence.map((item) => ({
      ...item,
      title: take(item.title, 200),
      text: take(item.text, 100_000),
    })),
  });
  each(collect);
  const cleaned = await world.clean(key, raw, DEADLINE_MS);
  if (!cleaned.ok) return { facts: each(() => WITHHELD_TEXT).facts, evidence: [], withheld: cleaned.reason };
  let next = 0;
  return { ...each(() => cleaned.texts[next++] ?? WITHHELD_TEXT), withheld: null };
}

function eachProse(value: unknown, name: string, take: (value: string, maxChars: number) => string): unknown {
  if (typeof value === 'string') return prose.has(name) ? take(value, 20_000) : value;
  if (Array.isArray(value)) return value.map((item) => eachProse(item, name, take));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, item]) => [field, eachProse(item, field, take)]),
  );
}

const investigation: readonly string[] = ['evidence.gathered', 'hypothesis.received', 'context.retrieved'];

/**
 * What may still be said when texts were withheld. What happened is written down, with a notice for its words; what a
 * model or a person would have to read goes to people instead, and nothing runs.
 */
export function withoutWords(facts: readonly Fact[], reason: string): Fact[] {
  const needed = facts.some(
    (fact) =>
      investigation.includes(fact.type) || (fact.type === 'remediation.proposed' && fact.data.by === 'model'),
  );
  if (!needed) return [...facts];
  return [
    ...facts.flatMap((fact): Fact[] =>
      fact.type === 'evidence.gathered'
        ? [
            {
              ...fact,
              data: { branch: '', items: [], missing: [{ source: 'Evidence', reason: WITHHELD_TEXT }] },
            },
          ]
        : [],
    ),
    { type: 'incident.escalated', data: { code: 'privacy', reason: privacyReason(reason) } },
  ];
}

/**
 * A model's files are not words to be replaced: one that holds a secret or personal data is not written down at all.
 * What is byte for byte a runbook's own stands on main already, and may hold such as a verification's made-up buyer.
 */
export function withoutSecrets(
  world: Hearing,
  key: string,
  facts: readonly Fact[],
  runbooks: readonly Runbook[],
): Fact[] {
  return facts.map((fact): Fact => {
    if (fact.type !== 'remediation.proposed' || fact.data.by !== 'model') return fact;
    const cited = runbooks.find(({ id }) => id === fact.data.runbook?.id) ?? null;
    const reviewed = reviewedFiles(fact.data, cited);
    const file = Object.entries(fact.data.files).find(
      ([name, text]) => text !== undefined && !reviewed.includes(name) && world.redact(key, text) !== text,
    )?.[0];
    if (!file) return fact;
    const reason = `The proposed ${file} holds what looks like a secret or personal data, so it was not written down.`;
    return { type: 'incident.escalated', data: { code: 'privacy', reason } };
  });
}
