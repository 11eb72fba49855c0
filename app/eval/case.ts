// A case of the evaluation: an alert with its evidence, and what should come of it. Text in, cases out.
// Must never let a case say what the pipeline answers.
import { createHash } from 'node:crypto';
import { load as parseYaml } from 'js-yaml';
import * as z from 'zod';

const Expected = z.strictObject({ runbook: z.string(), kind: z.string(), target: z.string() });
export type Expected = z.infer<typeof Expected>;

export const Case = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{2,80}$/),
  alert: z.strictObject({
    title: z.string(),
    /** PagerDuty's service id. */
    service: z.string(),
    urgency: z.enum(['high', 'low']),
    /** In PagerDuty's form: any object, or a text. */
    details: z.union([z.string(), z.record(z.string(), z.unknown())]).default(''),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  evidence: z.array(z.strictObject({ source: z.string(), title: z.string(), text: z.string() })).default([]),
  /** What the rehearsal would see. */
  symptom: z.enum(['red', 'green']).default('red'),
  /** `none`: nothing is broken. `human`: a person must decide. Both mean that no pull request is opened. */
  expect: z.union([Expected, z.enum(['none', 'human'])]),
});
/** `group`: the name of its file, without ending. `half`: whether the case may be used for tuning. */
export type Case = z.infer<typeof Case> & { group: string; half: Half };
export type Half = 'tuning' | 'held out';
type Cases = { ok: true; cases: Case[] } | { ok: false; reason: string };

export function halfOf(id: string): Half {
  return (createHash('sha256').update(id).digest()[0] ?? 0) % 2 === 0 ? 'tuning' : 'held out';
}

/** The cases of a YAML file, or of a file with one JSON object on each line. The reason names the case and the field. */
export function parseCases(text: string, file: string): Cases {
  let raw: unknown;
  try {
    raw = file.endsWith('.jsonl') ? lines(text) : parseYaml(text);
  } catch (error) {
    return { ok: false, reason: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!Array.isArray(raw)) return { ok: false, reason: `${file}: not a list of cases` };
  const group = file.replace(/^.*\//, '').replace(/\.[a-z]+$/, '');
  const cases: Case[] = [];
  for (const [index, one] of raw.entries()) {
    const parsed = Case.safeParse(one);
    if (!parsed.success)
      return { ok: false, reason: `${file}, case ${index + 1}: ${z.prettifyError(parsed.error)}` };
    cases.push({ ...parsed.data, group, half: halfOf(parsed.data.id) });
  }
  return { ok: true, cases };
}

function lines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line));
}
