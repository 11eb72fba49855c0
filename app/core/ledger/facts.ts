// Every fact the ledger can hold, with the shape of its data. A fact is past tense and is never changed once written.
// Must never grow a fact whose data could not be shown to everyone who can read the repository. Over 250 lines: one table of all facts.
import * as z from 'zod';
import { Sample } from '#core/verification/plan';
import { costFields } from './cost-facts.ts';
import { Executed } from './executed.ts';
import { lookFacts } from './look-facts.ts';
import { mergeFacts } from './merge-facts.ts';
import { ModelUse, Quote } from './model-use.ts';
import { Event, Late, pageFacts, Service } from './page-facts.ts';
import { PageWords } from './page-words.ts';
import { Pictures } from './pictures.ts';
import { PutBack, PutBackBefore, putBackFacts } from './put-back-facts.ts';
import { Snapshots } from './snapshots.ts';
import { swarmFacts } from './swarm-facts.ts';
import { UndoRule } from './undo-rule.ts';

export type { ScriptOutcome } from './executed.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const Url = z.url({ protocol: /^https?$/ });
const Run = z.strictObject({ id: z.number().int(), url: Url });
const Text = z.string().max(20_000);
const Line = z.string().max(500);
export const RiskLevel = z.enum(['LOW', 'MEDIUM', 'HIGH']);
const Samples = z.array(Sample).max(1000);
/** What looks say: their samples, the words of two of their pages, that a run has pictures, and what follows of them. */
const looks = { samples: Samples, pages: PageWords, pictures: Pictures, reason: Line };
const ms = z.number().int();

export const Files = z.strictObject({
  'fix.sh': z.string().max(16_384),
  'undo.sh': z.string().max(16_384).optional(),
  'verify.yml': z.string().max(16_384),
  'remediation.yml': z.string().max(65_536),
});
export type Files = z.infer<typeof Files>;

const Confidence = z.strictObject({
  value: z.number().int().min(0).max(100),
  components: z.array(
    z.strictObject({ name: z.string(), value: z.number().int().min(0).max(100), reason: Line }),
  ),
});

/** Data of each fact by its type. The stage table in lifecycle.ts says which of them move an incident. */
export const factData = {
  'incident.opened': z.strictObject({
    key: z.string(),
    source: z.literal('pagerduty'),
    pagerduty: z.strictObject({ id: z.string(), number: z.number().int().nullable(), url: Url.nullable() }),
    service: Service,
    title: Line,
    urgency: z.string(),
    priority: z.string().nullable(),
    event: Event.optional(),
    late: Late,
    /** Present on seeded sample history only; people are told wherever such history is counted. */
    sample: z.literal(true).optional(),
    /** The title was heard but could not be cleaned, so a notice stands in its place until `alert.described`. */
    withheld: z.literal(true).optional(),
    put_back: PutBackBefore.optional(),
  }),
  'alert.described': z.strictObject({ title: Line }),
  ...pageFacts,
  'issue.opened': z.strictObject({ number: z.number().int(), url: Url }),
  /** Somebody closed the issue while the incident was going on. */
  'issue.closed': z.strictObject({ by: z.string(), at: z.string() }),
  'investigation.started': z.strictObject({ run: Run }),
  'evidence.gathered': z.strictObject({
    branch: z.string(),
    items: z.array(
      z.strictObject({
        id: z.string(),
        source: z.string(),
        title: Line,
        sha256: Sha256,
        bytes: z.number().int(),
      }),
    ),
    missing: z.array(z.strictObject({ source: z.string(), reason: Line })),
  }),
  'hypothesis.received': z.strictObject({
    source: z.enum(['alert', 'cleric']),
    text: Text,
    evidence: z.array(z.string()),
  }),
  'context.retrieved': z.strictObject({
    matches: z.array(
      z.strictObject({
        runbook: z.string(),
        title: Line,
        sha256: Sha256,
        score: z.number().min(0).max(100),
        why: Line,
      }),
    ),
    threshold: z.number(),
    /** What the memory holds beside the runbooks on main: for people to read, never to act on. */
    documents: z
      .array(z.strictObject({ id: z.string(), title: Line, because: Line }))
      .max(5)
      .optional(),
  }),
  'synthesis.started': z.strictObject({ run: Run }),
  'remediation.proposed': z.strictObject({
    by: z.enum(['runbook', 'model', 'person']),
    /** A person's push: who, and the commit these files were read from. */
    pushed: z.strictObject({ by: z.string(), head: Sha1 }).optional(),
    kind: z.string(),
    runbook: z.strictObject({ id: z.string(), path: z.string(), sha256: Sha256, block: Sha256 }).nullable(),
    target: Line,
    parameters: z.record(z.string(), z.string()),
    risk: RiskLevel,
    confidence: z.number().int().min(0).max(100).nullable(),
    summary: Text,
    quotes: z.array(Quote),
    /** Why nothing can undo it, as the runbook, the model or the person says. */
    impossible: z.string().max(300).optional(),
    model: ModelUse.optional(),
    files: Files,
  }),
  'remediation.rehearsed': z.strictObject(looks),
  'symptom.absent': z.strictObject({
    samples: Samples,
    reason: Line,
    alert: z.enum(['cleared', 'firing', 'unknown']),
  }),
  'remediation.judged': z.strictObject({
    verdict: z.enum(['allow', 'review', 'refuse']),
    risk: RiskLevel,
    effects: z.array(
      z.strictObject({ kind: z.string(), target: z.string().nullable(), selfRestoring: z.boolean() }),
    ),
    commands: z.array(Line),
    findings: z.array(
      z.strictObject({ file: z.string(), line: z.number(), code: z.string(), sentence: Line }),
    ),
    digest: Sha256,
    /** What the digest was made of, so that a later one can say what changed. */
    parts: z
      .strictObject({
        tree: Sha1,
        runbook: Sha256.nullable(),
        template: z.string(),
        policy: z.string(),
        settings: Sha256,
      })
      .optional(),
    confidence: Confidence,
    lane: z.enum(['auto', 'human']),
    reasons: z.array(Line),
    /** The end of the act, by the runbook on main. Left out: it stays. */
    put_back: PutBack.optional(),
    undo: UndoRule.optional(),
    ...costFields,
  }),
  'pull.opened': z.strictObject({
    number: z.number().int(),
    url: Url,
    branch: z.string(),
    head: Sha1,
    digest: Sha256,
  }),
  /** Who pushed to the proposal's branch, as GitHub's event says; a commit can name anybody. */
  'pull.pushed': z.strictObject({ by: z.string(), head: Sha1, before: Sha1 }),
  'remediation.approved': z.strictObject({
    lane: z.enum(['auto', 'human']),
    digest: Sha256,
    head: Sha1,
    by: z.array(z.string()),
    expires: z.iso.datetime(),
  }),
  /**
   * `push`: a push ended it. What its bytes are beside those before: the `same`, Vigil's own `back` again, `new` ones, or `unknown`
   * people's, which Vigil's own take the place of.
   */
  'remediation.withdrawn': z.strictObject({
    reason: Line,
    push: z
      .strictObject({
        by: z.string().nullable(),
        head: Sha1,
        bytes: z.enum(['same', 'back', 'new', 'unknown']),
      })
      .optional(),
  }),
  /** A review, or a comment that is meant as one, that counts for nothing: once for each person and head. */
  'review.discounted': z.strictObject({ by: z.string(), head: Sha1, reason: Line }),
  'remediation.rejected': z.strictObject({ by: z.string(), reason: Line }),
  ...mergeFacts,
  'pull.merged': z.strictObject({ sha: Sha1, by: z.string() }),
  'remediation.started': z.strictObject({
    digest: Sha256,
    workspace: z.string(),
    run: Run,
    samples: Samples,
    pages: PageWords,
    snapshot: Snapshots,
  }),
  'stop.requested': z.strictObject({ by: z.string(), reason: Line }),
  'remediation.finished': Executed,
  'remediation.lost': z.strictObject({ reason: Line, workspace: z.string() }),
  'recovery.confirmed': z.strictObject({ ...looks, ms }),
  /** `worse`: what got worse than it was before the fix. Without it, it only did not help. */
  'recovery.refuted': z.strictObject({ ...looks, ms, worse: Line.optional() }),
  'recovery.inconclusive': z.strictObject({ ...looks, ms }),
  ...lookFacts,
  ...swarmFacts,
  'undo.requested': z.strictObject({ by: z.string() }),
  'undo.refused': z.strictObject({ reason: Line }),
  'undo.started': z.strictObject({ workspace: z.string(), run: Run }),
  'undo.finished': Executed.extend({ snapshot: z.enum(['equal', 'different', 'none']) }),
  ...putBackFacts,
  'alert.cleared': z.strictObject({ quietSeconds: z.number().int() }),
  'incident.escalated': z.strictObject({ code: z.string(), reason: Line }),
  'incident.retried': z.strictObject({ by: z.string() }),
  'incident.learned': z.strictObject({
    effectiveness: z.number().min(0).max(100),
    summary: Text,
    /** What a reviewer changed in the proposal before it ran. */
    correction: z.strictObject({ by: z.string(), text: Text }).optional(),
  }),
  'workspace.deleted': z.strictObject({ workspace: z.string() }),
  /** Its script is over, and nobody has confirmed that it is gone. `url`: where people find it. */
  'workspace.left': z.strictObject({ workspace: z.string(), url: z.url().optional() }),
  'hold.set': z.strictObject({ scope: z.enum(['incident', 'all']), by: z.string(), reason: Line }),
  'hold.released': z.strictObject({ scope: z.enum(['incident', 'all']), by: z.string() }),
  'effect.claimed': z.strictObject({ effect: z.string(), owner: z.string(), until: z.iso.datetime() }),
  'effect.done': z.strictObject({ effect: z.string(), result: z.string() }),
  'effect.failed': z.strictObject({ effect: z.string(), reason: Line, final: z.boolean() }),
} as const;

export type FactType = keyof typeof factData;
export type FactDataOf<T extends FactType> = z.infer<(typeof factData)[T]>;
export type Fact = { [T in FactType]: { type: T; data: FactDataOf<T> } }[FactType];
/** A proposal, and Vigil's own opinion of it, as the ledger holds them. */
export type Proposal = FactDataOf<'remediation.proposed'>;
export type Judged = FactDataOf<'remediation.judged'>;

export const factTypes = Object.keys(factData) as FactType[];

export type ParsedFact = { ok: true; fact: Fact } | { ok: false; reason: string };

/** Checks a fact that came from outside the ledger. The reason names the field. */
export function parseFact(type: string, data: unknown): ParsedFact {
  if (!Object.hasOwn(factData, type))
    return { ok: false, reason: `there is no fact called ${JSON.stringify(type)}` };
  const parsed = factData[type as FactType].safeParse(data);
  if (!parsed.success) return { ok: false, reason: `${type}: ${z.prettifyError(parsed.error)}` };
  return { ok: true, fact: { type, data: parsed.data } as Fact };
}
