// A runbook: Markdown with front matter and, where Vigil may act on it, a remediation block in fenced code.
// The Markdown is read here as text; the caller parses YAML. Must never fill a missing part with a guess.
// This room holds what runbooks and past incidents say; it must not read files or let a document decide what runs.
import * as z from 'zod';
import { NamedFix } from '#core/catalogue/catalogue';
import type { PutBack } from '#core/ledger/put-back-facts';
import type { Risk } from '#core/policy/types';
import { canonical, sha256 } from '#core/text/hash';
import type { VerifyPlan } from '#core/verification/plan';
import { Undoing } from './undoing.ts';
import { namesTime, untilFields } from './until.ts';

export const FrontMatter = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{2,60}$/),
  title: z.string().min(5).max(200),
  service: z.string(),
  failure_types: z.array(z.string().regex(/^[a-z][a-z0-9_]*$/)).min(1),
  severity: z.string().regex(/^sev[1-5]$/),
  keywords: z.array(z.string()).default([]),
  alerts: z.array(z.string().min(3)).default([]),
  approval: z.enum(['human', 'auto']).default('human'),
  remediation: z
    .strictObject({
      /** Kind and risk may be left out when `fix` names a fix of the catalogue, because the catalogue says them. */
      kind: z
        .string()
        .regex(/^[a-z][a-z0-9-]*$/)
        .optional(),
      risk: z.enum(['LOW', 'MEDIUM', 'HIGH']).optional(),
      parameters: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).default([]),
      fix: NamedFix.optional(),
      undo: Undoing.optional(),
      ...untilFields,
    })
    .superRefine(({ kind, risk, fix, until, put_back }, context) => {
      if (!namesTime({ until, put_back }))
        context.addIssue({
          code: 'custom',
          path: ['put_back'],
          message: 'names no time; say quiet_for, or until beside it',
        });
      for (const [name, value] of [
        ['kind', kind],
        ['risk', risk],
      ] as const)
        if (value === undefined && !fix)
          context.addIssue({
            code: 'custom',
            path: [name],
            message: 'is missing, since no catalogue fix is named',
          });
    })
    .optional(),
});
export type FrontMatter = z.infer<typeof FrontMatter>;

export type Remediation = {
  kind: string;
  risk: Risk;
  parameters: string[];
  /** The lines of the scripts, written in the runbook or rendered from the catalogue. */
  fix: string;
  undo: string | null;
  /** When the undo runs, or why there is none, in the runbook's own words. */
  undoing: Undoing | null;
  /** The end of an act that is meant for a while. Null: it stays. */
  putBack?: PutBack | null;
  verify: string;
  plan: VerifyPlan;
  /** The fix of the catalogue that they were rendered from. */
  named: NamedFix | null;
};
export type Runbook = Omit<FrontMatter, 'remediation'> & {
  path: string;
  body: string;
  /** sha256 of the whole file. A proposal cites it. */
  sha256: string;
  /** sha256 of the remediation block alone: editing it resets earned history. */
  block: string | null;
  remediation: Remediation | null;
};

export type Fence = { info: string; text: string; line: number };
type SplitRunbook =
  | { ok: true; frontMatter: string; body: string; bodyLine: number; fences: Fence[] }
  | { ok: false; line: number; reason: string };

/** Splits a runbook file into front matter, body and fenced blocks with their line numbers (from 1). */
export function splitRunbook(text: string): SplitRunbook {
  const lines = text.split('\n');
  if (lines[0] !== '---')
    return { ok: false, line: 1, reason: 'the file does not start with front matter (---)' };
  const end = lines.indexOf('---', 1);
  if (end < 0) return { ok: false, line: 1, reason: 'the front matter is not closed by ---' };
  const fences: Fence[] = [];
  let open: { info: string; line: number; marker: string; content: string[] } | null = null;
  for (const [index, line] of lines.entries()) {
    if (index <= end) continue;
    const mark = /^(`{3,})\s*(.*)$/.exec(line);
    if (open && mark?.[2] === '' && (mark[1] ?? '').length >= open.marker.length) {
      fences.push({ info: open.info, text: `${open.content.join('\n')}\n`, line: open.line });
      open = null;
    } else if (open) open.content.push(line);
    else if (mark)
      open = { info: (mark[2] ?? '').trim(), line: index + 2, marker: mark[1] ?? '', content: [] };
  }
  if (open) return { ok: false, line: open.line - 1, reason: 'a code fence is never closed' };
  return {
    ok: true,
    frontMatter: lines.slice(1, end).join('\n'),
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
    fences,
  };
}

/** The hash of what would run, and when: kind, parameters, scripts, the words on the undo and on its end, and verification. */
export function blockHash(
  remediation: Pick<Remediation, 'kind' | 'parameters' | 'fix' | 'undo' | 'undoing' | 'putBack' | 'verify'>,
): string {
  const { kind, parameters, fix, undo, undoing, putBack = null, verify } = remediation;
  // A block that says nothing of it keeps the hash that its history was earned under.
  const said = { ...(undoing === null ? {} : { undoing }), ...(putBack === null ? {} : { putBack }) };
  return sha256(canonical({ kind, parameters, fix, undo, verify, ...said }));
}

/** Whether the runbook on main is still, byte for byte, the one that was cited. */
export function stillSays(
  runbook: Pick<Runbook, 'id' | 'sha256'> | null | undefined,
  cited: { id: string; sha256: string } | null,
): boolean {
  return cited !== null && runbook?.id === cited.id && runbook.sha256 === cited.sha256;
}
