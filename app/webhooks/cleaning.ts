// Cleans the words in a job's facts before they are written to the ledger, even if the job cleaned them already.
// Must never touch scripts, ids and hashes, and never keep a word of a text that could not be cleaned.
import type { EvidenceItem } from '#adapters/git/evidence';
import type { Runbook } from '#core/knowledge/runbook';
import type { Fact } from '#core/ledger/facts';
import { privacyReason, WITHHELD_TEXT } from '#core/messages/withheld';
import { reviewedFiles } from '#core/proposal/model/answer-lane';
import { normalise } from '#core/text/untrusted';
import type { Hearing } from '../desk/world.ts';

/** A job's HTTP request waits for this long. Later it would be sent again. */
const DEADLINE_MS = 10_000;
export const prose: ReadonlySet<string> = new Set([
  ...['text', 'reason', 'output', 'title', 'summary', 'why'],
  ...['worse', 'impossible', 'because'],
]);

export type Said = { type: string; data: Record<string, unknown> };
type CleanPost = {
  facts: Said[];
  evidence: EvidenceItem[];
  /** Why texts were withheld. Each is replaced by a notice, and evidence is left out. Null: all were cleaned. */
  withheld: string | null;
};

/** Cleans every field of words in the facts, and all evidence, in one go. */
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
 * The facts that may still be written when texts were withheld. What happened is written, with a notice in place of words.
 * When a model or a person would need the words to decide, the incident is escalated instead, and nothing runs.
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
 * Words in a model's files cannot be replaced. So a proposal with a file that holds a secret or personal data is not written
 * at all. Files that are byte for byte a runbook's own are not looked at: they are on main already, and a verification may
 * hold a made-up buyer, for example.
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
