// What Vigil keeps in its memory, as data: runbooks, past incidents, services. Content Lake enforces no schema, so every
// document must pass here before it is written. app/adapters/sanity/schema.ts says the same for the Studio; one set of
// fixtures holds the two together. Must never hold personal data in an id: Sanity keeps every id ever written.
// https://www.sanity.io/docs/content-lake/ids
import * as z from 'zod';
import { sha256 } from '#core/text/hash';

/** Written into every document that an ingest made, and into no other. A later ingest may change or remove only these. */
export const MANAGED_BY = 'vigil ingest';

export const patterns = {
  runbookId: /^[a-z][a-z0-9-]{2,60}$/,
  service: /^[a-z0-9][a-z0-9._-]{0,99}$/,
  failureType: /^[a-z][a-z0-9_]{0,60}$/,
  pagerduty: /^[A-Z0-9]{5,14}$/,
  sha256: /^[0-9a-f]{64}$/,
} as const;
export const severities = ['sev1', 'sev2', 'sev3', 'sev4', 'sev5'] as const;
export const risks = ['LOW', 'MEDIUM', 'HIGH'] as const;
export const outcomes = ['resolved', 'escalated', 'recovered_alone', 'false_alarm'] as const;
/** Longest texts, in UTF-16 units, and longest lists. Far below Sanity's own limits. */
export const limits = { title: 200, line: 200, step: 4000, steps: 100, words: 100, text: 50_000 } as const;

const line = z.string().min(1).max(limits.line);
const unique = <T extends z.ZodType>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items).size === items.length, 'every item once');
const failureTypes = unique(z.string().regex(patterns.failureType), limits.words).min(1);

export const RunbookDocument = z.strictObject({
  _id: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/),
  _type: z.literal('runbook'),
  title: z.string().min(5).max(limits.title),
  service: z.string().regex(patterns.service),
  failureTypes,
  severity: z.enum(severities),
  keywords: unique(line, limits.words),
  alerts: unique(z.string().min(3).max(limits.line), limits.words),
  steps: z.array(z.string().min(1).max(limits.step)).max(limits.steps),
  verificationProcedure: z.string().max(limits.step).optional(),
  riskLevel: z.enum(risks).optional(),
  /** The whole text without code, for searching. */
  text: z.string().max(limits.text).optional(),
  /** The file that this document repeats: id, path and hash. Without all three it is only shown to people. */
  runbookId: z.string().regex(patterns.runbookId).optional(),
  path: z.string().min(4).max(500).optional(),
  sha256: z.string().regex(patterns.sha256).optional(),
  /** Names of the fields that were guessed from plain Markdown. */
  guessed: unique(line, 20).optional(),
  managedBy: z.literal(MANAGED_BY).optional(),
});
export type RunbookDocument = z.infer<typeof RunbookDocument>;

export const PastIncidentDocument = z.strictObject({
  _id: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/),
  _type: z.literal('pastIncident'),
  /** All texts are redacted before they come here. */
  title: z.string().min(1).max(limits.title),
  service: z.string().regex(patterns.service),
  failureTypes: unique(z.string().regex(patterns.failureType), limits.words),
  occurredAt: z.iso.datetime(),
  hypothesis: z.string().max(limits.step).optional(),
  resolution: z.string().max(limits.step).optional(),
  outcome: z.enum(outcomes),
  /** 0 to 100. Left out when nothing ran. */
  effectiveness: z.int().min(0).max(100).optional(),
  runbookId: z.string().regex(patterns.runbookId).optional(),
  kind: z.string().max(limits.line).optional(),
  /** What a reviewer changed in the proposal. */
  correction: z.string().max(limits.step).optional(),
  issue: z.url({ protocol: /^https?$/ }).optional(),
  managedBy: z.literal(MANAGED_BY).optional(),
});
export type PastIncidentDocument = z.infer<typeof PastIncidentDocument>;

export const ServiceDocument = z.strictObject({
  _id: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/),
  _type: z.literal('service'),
  name: z.string().regex(patterns.service),
  description: z.string().max(limits.line).optional(),
  pagerdutyId: z.string().regex(patterns.pagerduty).optional(),
  managedBy: z.literal(MANAGED_BY).optional(),
});
export type ServiceDocument = z.infer<typeof ServiceDocument>;

export const KnowledgeDocument = z.discriminatedUnion('_type', [
  RunbookDocument,
  PastIncidentDocument,
  ServiceDocument,
]);
export type KnowledgeDocument = z.infer<typeof KnowledgeDocument>;

/** The same thing always gets the same id. Ids have no dot: with a dot, nobody could read the document without a token. */
export const documentId = {
  runbook: (id: string): string => `runbook-${id}`,
  pastIncident: (ledgerKey: string, attempt: number): string =>
    `pastIncident-${sha256(`${ledgerKey}#${attempt}`).slice(0, 32)}`,
  service: (name: string): string => `service-${sha256(name).slice(0, 32)}`,
} as const;
