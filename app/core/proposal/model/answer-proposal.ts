// Turns a model's answer into a proposal. Vigil renders what will run, looks up the quotes and sets the references itself.
// Must never take a target, a value or a runbook's identity from the answer. Must never hide that a quote was not found.

import type { Runbook } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { format } from '#core/policy/format';
import type { Settings } from '#core/settings';
import { quoted } from '#core/text/envelope';
import { bindParameters, type Manifest, renderScript } from '../remediation.ts';
import type { Answer } from './answer.ts';
import type { FromCatalogue, Scripts } from './offered-fixes.ts';
import type { Incoming, Knowledge } from './question.ts';

export type Written =
  | {
      ok: true;
      proposal: Omit<Proposal, 'files'>;
      files: Omit<Proposal['files'], 'remediation.yml'>;
      manifest: Manifest;
    }
  | { ok: false; reason: string };

/** What the model wrote itself must not share the history of the runbook that it cites. */
const OWN_KIND = 'model-';

/** `yaml` writes a document as YAML. An answer that abstains is no proposal, so it must not come here. */
export function proposalOf(input: {
  answer: Answer;
  incident: Incident;
  knowledge: Knowledge;
  incoming: Incoming;
  settings: Settings;
  catalogue: FromCatalogue;
  yaml: (document: unknown) => string;
}): Written {
  const { answer, incident, knowledge, settings } = input;
  const runbook = knowledge.runbooks.find(({ id }) => id === answer.runbook?.id) ?? null;
  const verify = verifyOf(answer, runbook, input.yaml);
  const scripts = scriptsOf(answer, runbook, knowledge, verify ?? '', input.catalogue);
  if (!scripts.ok) return scripts;
  if (verify === null) return { ok: false, reason: 'the answer names no verification' };
  const impossible = impossibleBy(answer, runbook);
  const shared = {
    by: 'model' as const,
    kind: scripts.kind,
    target: knowledge.service.name,
    risk: answer.risk,
    // Without a remediation block there can be no history.
    runbook: runbook?.block ? reference(runbook, runbook.block) : null,
    parameters: scripts.parameters,
    summary: summaryOf(answer),
    quotes: quotesOf(answer, runbook, input.incoming),
  };
  return {
    ok: true,
    proposal: {
      ...shared,
      ...(impossible === undefined ? {} : { impossible }),
      confidence: answer.confidence,
    },
    files: {
      'fix.sh': scripts.fix,
      ...(scripts.undo === null ? {} : { 'undo.sh': scripts.undo }),
      'verify.yml': verify,
    },
    manifest: {
      v: 1,
      incident: incident.key,
      attempt: incident.attempt,
      ...shared,
      ...(impossible === undefined ? {} : { undo: { impossible } }),
      evidence: [...new Set(answer.evidence.map(({ id }) => id))],
      timeouts: settings.timeouts,
    },
  };
}

/** The runbook says it of its own block; a model only of a script that it wrote. */
function impossibleBy({ action, undo_impossible }: Answer, runbook: Runbook | null): string | undefined {
  if (action === 'runbook') return impossibleOf(runbook?.remediation?.undoing ?? null);
  return action === 'script' ? (undo_impossible ?? undefined) : undefined;
}

function reference({ id, path, sha256 }: Runbook, block: string): NonNullable<Proposal['runbook']> {
  return { id, path, sha256, block };
}

function scriptsOf(
  answer: Answer,
  runbook: Runbook | null,
  { service }: Knowledge,
  verify: string,
  catalogue: FromCatalogue,
): ({ ok: true } & Scripts) | { ok: false; reason: string } {
  if (answer.action === 'runbook') {
    const own = runbook?.remediation;
    if (!own) return { ok: false, reason: 'the cited runbook has no remediation block' };
    const bound = bindParameters(own.parameters, service.parameters);
    if (!bound.ok) return bound;
    return {
      ok: true,
      kind: own.kind,
      parameters: bound.parameters,
      fix: renderScript(own.fix, bound.parameters),
      undo: own.undo === null ? null : renderScript(own.undo, bound.parameters),
    };
  }
  if (answer.action === 'catalogue')
    return answer.catalogue ? catalogue(answer.catalogue) : { ok: false, reason: 'there is no such entry' };
  if (answer.action !== 'script' || answer.fix === null)
    return { ok: false, reason: 'the answer holds no script' };
  const parameters = used(`${answer.fix}\n${answer.undo ?? ''}\n${verify}`, service.parameters);
  // With the quotes that change nothing, and without which the policy asks a person about each.
  const written = (text: string, kind: 'fix' | 'undo'): string =>
    format(renderScript(text, parameters), { kind, parameters, actions: service.actions }).text;
  return {
    ok: true,
    kind: `${OWN_KIND}${answer.kind ?? 'script'}`,
    parameters,
    fix: written(answer.fix, 'fix'),
    undo: answer.undo === null ? null : written(answer.undo, 'undo'),
  };
}

/** The parameters of the inventory that the texts name. If they name one that is not there, the policy refuses it later. */
function used(text: string, inventory: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(text.match(/[A-Z][A-Z0-9_]*/g) ?? []);
  return Object.fromEntries(Object.entries(inventory).filter(([name]) => names.has(name)));
}

function verifyOf(
  answer: Answer,
  runbook: Runbook | null,
  yaml: (document: unknown) => string,
): string | null {
  const { from_runbook, checks } = answer.verification;
  if (from_runbook) return runbook?.remediation?.verify ?? null;
  if (checks.length === 0) return null;
  return yaml({
    v: 1,
    checks: checks.map(({ id, url, status, contains }) => ({
      ...{ id, kind: 'http', url },
      expect: { status, ...(contains.length > 0 ? { contains } : {}) },
    })),
    symptom: { checks: checks.map(({ id }) => id) },
  });
}

/** A quote is verified when it stands in the very text that it names. */
function quotesOf(answer: Answer, runbook: Runbook | null, { evidence }: Incoming): Proposal['quotes'] {
  const fromEvidence = answer.evidence.map(({ id, quote }) => ({
    evidence: id,
    text: quote,
    verified: quoted(
      quote,
      evidence.filter((item) => item.id === id),
    ).ok,
  }));
  if (!answer.runbook) return fromEvidence;
  const { id, quote } = answer.runbook;
  const text = runbook?.id === id ? [{ id, text: runbook.body }] : [];
  return [...fromEvidence, { evidence: `runbook:${id}`, text: quote, verified: quoted(quote, text).ok }];
}

function summaryOf({ hypothesis, blast_radius, risks }: Answer): string {
  return [
    hypothesis,
    ...(blast_radius === '' ? [] : [`Touches: ${blast_radius}`]),
    ...risks.map((risk) => `Risk: ${risk}`),
  ].join('\n');
}
