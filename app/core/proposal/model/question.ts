// Builds a question to a model: the constant rules, then reviewed knowledge, then the sealed incident. What stays the same
// comes first, so that it can be cached. Must never put text of the incident outside the envelope.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching

import type { Runbook } from '#core/knowledge/runbook';
import type { Service } from '#core/settings';
import { type Envelope, type EnvelopeField, type EnvelopeLimits, sealed } from '#core/text/envelope';
import type { Given } from './answer.ts';
import type { CatalogueLine } from './offered-fixes.ts';
import { SYSTEM_PROMPT } from './system.ts';

/** What is reviewed and is on main: inventory, runbooks, catalogue. */
export type Knowledge = {
  service: Service;
  runbooks: readonly Runbook[];
  catalogue: readonly CatalogueLine[];
};
/** What came from outside, redacted already. The most important comes first. */
export type Incoming = {
  title: string;
  service: string;
  hypothesis: string;
  evidence: readonly { id: string; text: string }[];
  missing: readonly string[];
};
type Question = { rules: string; knowledge: string; incident: string; truncated: string[] };
type Asked = { ok: true; question: Question } | { ok: false; reason: string };

/** In characters: at most about 15,000 tokens of evidence. */
export const LIMITS: EnvelopeLimits = { perField: 12_000, total: 60_000 };
/** For a second try, when the question was too long for the model. */
export const TIGHT_LIMITS: EnvelopeLimits = { perField: 4000, total: 15_000 };
const RUNBOOK_CHARS = 12_000;

/** The whole question. It is refused when the boundary occurs in the text. */
export function question(
  knowledge: Knowledge,
  incoming: Incoming,
  boundary: string,
  limits: EnvelopeLimits = LIMITS,
): Asked {
  const fields: EnvelopeField[] = [
    { name: 'alert.title', text: incoming.title },
    { name: 'alert.service', text: incoming.service },
    { name: 'hypothesis', text: incoming.hypothesis },
    ...incoming.evidence.map(({ id, text }) => ({ name: `evidence.${id}`, text })),
    ...(incoming.missing.length > 0 ? [{ name: 'evidence-missing', text: incoming.missing.join('\n') }] : []),
  ];
  const envelope = sealed(boundary, fields, limits);
  if (!envelope.ok) return envelope;
  return {
    ok: true,
    question: {
      rules: SYSTEM_PROMPT,
      knowledge: trusted(knowledge),
      incident: `Plan for this incident. Fields called evidence.ID are the evidence with that id.\n${envelope.text}`,
      truncated: envelope.truncated,
    },
  };
}

/** The one repair: the reasons, and the answer that they are about. That answer is sealed, like all text from outside. */
export function repair(answer: string, issues: readonly string[], boundary: string): Envelope {
  const envelope = sealed(
    boundary,
    [
      { name: 'issues', text: issues.join('\n') },
      { name: 'answer', text: answer },
    ],
    { perField: 24_000, total: 26_000 },
  );
  if (!envelope.ok) return envelope;
  const ask =
    'An earlier answer to this broke the schema or its rules. Answer again, whole, with the issues mended.';
  return { ...envelope, text: `${ask}\n${envelope.text}` };
}

export function givenBy({ service, runbooks, catalogue }: Knowledge, incoming: Incoming): Given {
  return {
    runbooks: runbooks.map(({ id, remediation }) => ({ id, remediation: remediation !== null })),
    evidence: incoming.evidence.map(({ id }) => id),
    parameters: Object.keys(service.parameters),
    catalogue: catalogue.map(({ id }) => id),
  };
}

/** Reviewed text only. Its order does not depend on scores, so that the same knowledge gives the same bytes. */
function trusted({ service, runbooks, catalogue }: Knowledge): string {
  const parameters = Object.entries(service.parameters).sort(byName);
  const actions = service.actions.map(
    ({ method, url, effect }) => `- ${method} ${nameOf(url, service)}: ${effect}`,
  );
  const books = runbooks.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(runbookText);
  return [
    'TRUSTED KNOWLEDGE',
    ...(catalogue.length > 0
      ? ['', '## Catalogue: entries that may be run', ...catalogue.map(({ id, text }) => `- ${id}: ${text}`)]
      : ['', '## Catalogue: no entry']),
    '',
    `## Service inventory: ${service.name}`,
    ...(service.description ? [service.description] : []),
    'Parameters, which scripts and checks may name:',
    ...parameters.map(([name, value]) => `- ${name}=${value}`),
    ...(actions.length > 0 ? ['HTTP calls that may change something:', ...actions] : []),
    '',
    `## Runbooks: ${books.length === 0 ? 'none' : books.length}`,
    ...books,
  ].join('\n');
}

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1);

/** An address in the form that a script must use: by the parameter that holds it. */
function nameOf(url: string, service: Service): string {
  const held = Object.entries(service.parameters).find(([, value]) => value === url);
  return held ? `"$${held[0]}"` : url;
}

function runbookText(runbook: Runbook): string {
  const { id, title, alerts, failure_types, severity, remediation } = runbook;
  const facts = {
    id,
    title,
    alerts,
    failure_types,
    severity,
    kind: remediation?.kind,
    risk: remediation?.risk,
  };
  // If a body could end the block, the text after it would look like another runbook.
  const body = runbook.body.replaceAll('</runbook', '<\\/runbook').slice(0, RUNBOOK_CHARS);
  return `<runbook>\n${JSON.stringify(facts)}\n${body.trim()}\n</runbook>`;
}
