// What a model may answer: one small static shape. It is checked here again, with ranges, because the service enforces
// only types. Must never be loosened to fit an answer: an answer that does not fit goes back once, with the reasons.
// This room holds how a model is asked and what its answer means; it must not call a model or judge a script.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs
import * as z from 'zod';
import { catalogueIssue } from './offered-fixes.ts';

const Quote = (what: string) =>
  z.strictObject({
    id: z.string().max(80).describe(`Id of ${what}.`),
    quote: z.string().min(8).max(300).describe(`Copied word for word from ${what}, 8 to 300 characters.`),
  });
const script = z.string().max(8000).nullable();

export const Answer = z.strictObject({
  analysis: z.string().max(4000).describe('Step 1: what is observed, and what contradicts the hypothesis.'),
  evidence: z.array(Quote('a piece of evidence')).max(8).describe('At most 8 quotes.'),
  hypothesis: z.string().min(10).max(1000).describe('The most likely cause, in two sentences.'),
  runbook: Quote('a runbook that was given')
    .nullable()
    .describe('Step 2: the runbook that fits; null when none does.'),
  risks: z.array(z.string().max(400)).max(6).describe('Step 3: at most 6 things that could go wrong.'),
  blast_radius: z.string().max(500).describe('What the action touches, in one sentence.'),
  risk: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  action: z.enum(['runbook', 'catalogue', 'script', 'abstain']).describe('Step 4.'),
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9-]{2,40}$/)
    .nullable()
    .describe('For a script of your own: two or three words for it, such as restart-consumers. Else null.'),
  fix: script.describe('For a script of your own: its bash lines. Else null.'),
  undo: script.describe('For a script of your own: the bash lines that put it back, or null. Else null.'),
  undo_impossible: z
    .string()
    .min(10)
    .max(300)
    .nullable()
    .describe('For a script of your own that nothing can undo: why, in one sentence. Else null.'),
  catalogue: z
    .strictObject({
      id: z.string().max(80),
      inputs: z.array(z.strictObject({ name: z.string().max(80), value: z.string().max(500) })).max(12),
    })
    .nullable()
    .describe('For a catalogue entry: its id and inputs. Else null.'),
  verification: z
    .strictObject({
      from_runbook: z
        .boolean()
        .describe('True: the verification of the cited runbook. False: the checks below.'),
      checks: z
        .array(
          z.strictObject({
            id: z
              .string()
              .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
              .describe('Lower-case letters, digits and dashes.'),
            url: z
              .string()
              .max(500)
              .regex(/^\{[A-Z][A-Z0-9_]*\}[^\s{}]*$/)
              .describe('{PARAMETER} of the inventory, then a path.'),
            status: z.int().min(100).max(599),
            contains: z
              .array(z.string().min(1).max(200))
              .max(5)
              .describe('At most 5 texts of a healthy answer.'),
          }),
        )
        .max(6)
        .describe('At most 6 checks; empty when from_runbook is true.'),
    })
    .describe('Step 5.'),
  confidence: z.int().min(0).max(100).describe('Whole number from 0 to 100.'),
  abstain_reason: z.string().max(400).nullable().describe('One sentence when action is abstain. Else null.'),
});
export type Answer = z.infer<typeof Answer>;

/** What the model was shown. Its references are checked against this. */
export type Given = {
  runbooks: readonly { id: string; remediation: boolean }[];
  evidence: readonly string[];
  parameters: readonly string[];
  catalogue: readonly string[];
};
type ReadAnswer = { ok: true; answer: Answer } | { ok: false; code: 'not_json' | 'shape'; issues: string[] };

/** Reads the text of an answer. The issues are short and name the field. They repeat only keys of the answer. */
export function readAnswer(text: string, given: Given): ReadAnswer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, code: 'not_json', issues: ['the answer is not JSON'] };
  }
  const parsed = Answer.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'answer'}: ${message}`,
    );
    return { ok: false, code: 'shape', issues: issues.slice(0, 10).map((issue) => issue.slice(0, 200)) };
  }
  const issues = contradictions(parsed.data, given);
  return issues.length > 0 ? { ok: false, code: 'shape', issues } : { ok: true, answer: parsed.data };
}

/** Checks what the schema cannot say: references to what was shown, and fields that belong together. */
function contradictions(answer: Answer, given: Given): string[] {
  const { action, runbook, verification, catalogue, fix } = answer;
  const cited = given.runbooks.find(({ id }) => id === runbook?.id);
  const strange = answer.evidence.filter(({ id }) => !given.evidence.includes(id));
  const unknown = verification.checks.filter(
    ({ url }) => !given.parameters.includes(url.slice(1, url.indexOf('}'))),
  );
  const own = action === 'script';
  return [
    ...(runbook && !cited ? ['runbook.id: it is not one of the runbooks that were given'] : []),
    ...strange.map((_, index) => `evidence.${index}.id: there is no evidence with this id`),
    ...(action === 'runbook' && !cited?.remediation
      ? ['action: the cited runbook has no remediation block; cite one that has, or choose another action']
      : []),
    ...(own && !fix?.trim() ? ['fix: a script of your own is missing'] : []),
    ...(own && !answer.kind ? ['kind: a script of your own needs a kind'] : []),
    ...(!own && (fix !== null || answer.undo !== null)
      ? ['fix: only the action "script" has a fix or an undo']
      : []),
    ...(answer.undo_impossible !== null && (!own || answer.undo !== null)
      ? ['undo_impossible: only a script of your own without an undo has this']
      : []),
    ...(action === 'catalogue' && !given.catalogue.includes(catalogue?.id ?? '')
      ? ['catalogue.id: there is no entry with this id']
      : []),
    ...(action === 'catalogue' && given.catalogue.includes(catalogue?.id ?? '')
      ? inputIssues(catalogue)
      : []),
    ...(action !== 'catalogue' && catalogue !== null
      ? ['catalogue: only the action "catalogue" has one']
      : []),
    ...(action === 'abstain' && !answer.abstain_reason?.trim() ? ['abstain_reason: say why'] : []),
    ...(action === 'abstain' ? [] : verificationIssues(answer, cited?.remediation === true, unknown.length)),
  ];
}

function inputIssues(entry: Answer['catalogue']): string[] {
  const issue = entry && catalogueIssue(entry);
  return issue === null ? [] : [`catalogue.inputs: ${issue}`];
}

function verificationIssues({ verification }: Answer, available: boolean, unknown: number): string[] {
  if (verification.from_runbook)
    return available ? [] : ['verification.from_runbook: the cited runbook has no verification'];
  if (verification.checks.length === 0) return ['verification.checks: name at least one check'];
  const ids = verification.checks.map(({ id }) => id);
  return [
    ...(unknown > 0 ? ['verification.checks: a url names a parameter the inventory does not have'] : []),
    ...(new Set(ids).size < ids.length ? ['verification.checks: two checks have the same id'] : []),
  ];
}
