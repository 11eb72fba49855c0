// What a root-cause tool or a person said about an incident, in one shape for every form of note.
// Must never choose what runs: a finding only informs, and its confidence is advice.

import * as z from 'zod';
import { cut } from '#core/text/cut';

export type Confidence = {
  /** 0 to 1. Null: no number was said. */
  value: number | null;
  said: string;
};
export type Finding = {
  /** The note's id. */
  id: string;
  /** PagerDuty user id. Nothing else proves who wrote it: anybody can write "from Cleric". */
  author: string;
  at: string;
  /** How the text was understood: a machine-readable block, headings, or as it stands. */
  form: 'block' | 'headings' | 'text';
  summary: string;
  cause: string | null;
  confidence: Confidence | null;
  evidence: readonly { claim: string; url: string | null }[];
  change: string | null;
  actions: readonly string[];
  services: readonly string[];
};
export type Said = Omit<Finding, 'id' | 'author' | 'at'>;

export const LIMITS = { chars: 16_384, items: 20, line: 500, summary: 2000 } as const;

const line = z.string().transform((text) => cut(text.trim(), LIMITS.line));
const lines = z
  .array(line)
  .default([])
  .transform((all) => all.filter((text) => text !== '').slice(0, LIMITS.items));

/** The block that docs/integrations/cleric.md asks a root-cause agent to end with. Unknown keys are left out. */
export const Block = z.object({
  schema: z.literal(1).optional(),
  summary: z.string().default(''),
  root_cause: z.string().min(1),
  confidence: z.union([z.number(), z.string()]).nullish(),
  evidence: z
    .array(z.union([z.object({ claim: line, url: z.string().nullish() }), line]))
    .default([])
    .transform((all) => all.slice(0, LIMITS.items)),
  suspected_change: z.string().nullish(),
  recommended_actions: lines,
  affected_services: lines,
});
