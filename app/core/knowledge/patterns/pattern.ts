// A pattern: what one organisation learned about one kind of incident, so that another can read, judge and use it.
// Must never carry a name, an address or a value of the place it came from. People read its scripts; Vigil never runs them
// as they are: an imported pattern is a runbook under review, without history and without the auto lane.
// This room holds how runbooks are shared; it must not trust an import or give it history.
import * as z from 'zod';
import { canonical, sha256 } from '#core/text/hash';
import { splitRunbook } from '../runbook.ts';

const PatternHead = z.strictObject({
  vigil_pattern: z.literal(1),
  kind: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/),
  risk: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  severity: z.string().regex(/^sev[1-5]$/),
  failure_types: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,60}$/))
    .min(1)
    .max(20),
  keywords: z.array(z.string().regex(/^[a-z0-9][a-z0-9 _-]{0,40}$/)).max(40),
  parameters: z.array(z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/)).max(30),
  /** Verified runs that helped and that did not, by the exporter's ledger. For whoever imports, this is only a claim. */
  outcomes: z.strictObject({ helped: z.number().int().min(0), failed: z.number().int().min(0) }),
});
type PatternHead = z.infer<typeof PatternHead>;
export type Pattern = { head: PatternHead; fix: string; undo: string | null; verify: string };

/** The same pattern has the same id everywhere. The first 12 characters of the id name the file. */
export function patternId({ head, fix, undo, verify }: Pattern): string {
  const { outcomes: _, ...what } = head;
  return sha256(canonical({ what, fix, undo, verify })).slice(0, 12);
}

/** The Markdown for review. Exactly this text is signed. */
export function patternText(pattern: Pattern): string {
  const { head, fix, undo, verify } = pattern;
  const list = (items: readonly string[]): string => `[${items.join(', ')}]`;
  const fence = (info: string, text: string): string => `\`\`\`${info}\n${text.trimEnd()}\n\`\`\``;
  return `${[
    '---',
    'vigil_pattern: 1',
    `kind: ${head.kind}`,
    `risk: ${head.risk}`,
    `severity: ${head.severity}`,
    `failure_types: ${list(head.failure_types)}`,
    `keywords: ${list(head.keywords)}`,
    `parameters: ${list(head.parameters)}`,
    `outcomes: { helped: ${head.outcomes.helped}, failed: ${head.outcomes.failed} }`,
    '---',
    `# ${head.kind} against ${head.failure_types.join(', ')}`,
    '',
    fence('bash fix', fix),
    ...(undo === null ? [] : ['', fence('bash undo', undo)]),
    '',
    fence('yaml verify', verify),
  ].join('\n')}\n`;
}

type ReadPattern = { ok: true; pattern: Pattern } | { ok: false; reason: string };

/** Reads the Markdown back; `head` is its parsed front matter. The text must be exactly what the pattern writes. */
export function readPattern(text: string, head: unknown): ReadPattern {
  const split = splitRunbook(text);
  if (!split.ok) return { ok: false, reason: `line ${split.line}: ${split.reason}` };
  const parsed = PatternHead.safeParse(head);
  if (!parsed.success) return { ok: false, reason: z.prettifyError(parsed.error) };
  const block = (info: string): string | null =>
    split.fences.find((fence) => fence.info === info)?.text ?? null;
  const [fix, verify] = [block('bash fix'), block('yaml verify')];
  if (fix === null || verify === null)
    return { ok: false, reason: 'it needs a `bash fix` and a `yaml verify` block' };
  const pattern = { head: parsed.data, fix, undo: block('bash undo'), verify };
  // People would read words between the blocks as part of the pattern, but nobody checked them.
  if (patternText(pattern) !== text) return { ok: false, reason: 'it holds more than a pattern says' };
  return { ok: true, pattern };
}
