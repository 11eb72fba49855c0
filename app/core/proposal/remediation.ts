// The parts of a proposal: rendered scripts, the manifest remediation.yml, and the digest that an approval is bound to.
// Parameters are rendered as readonly literals before anything is judged. Must never make a parameter from an alert's text.
// This room holds how a proposal is made; it must not judge or approve one.
import * as z from 'zod';
import { Reason as Impossible } from '#core/knowledge/undoing';
import { RiskLevel } from '#core/ledger/facts';
import { Quote } from '#core/ledger/model-use';
import { canonical, gitTreeId, sha256 } from '#core/text/hash';

/** The manifest remediations/<incident>/remediation.yml. */
export const Manifest = z.strictObject({
  v: z.literal(1),
  incident: z.string(),
  attempt: z.number().int(),
  by: z.enum(['runbook', 'model', 'person']),
  kind: z.string(),
  target: z.string(),
  risk: RiskLevel,
  runbook: z
    .strictObject({ id: z.string(), path: z.string(), sha256: z.string(), block: z.string() })
    .nullable(),
  parameters: z.record(z.string(), z.string()),
  summary: z.string(),
  /** Only where nothing can undo the fix: why. */
  undo: z.strictObject({ impossible: Impossible }).optional(),
  evidence: z.array(z.string()),
  quotes: z.array(Quote),
  timeouts: z.strictObject({ script_seconds: z.number().int(), verify_seconds: z.number().int() }),
});
export type Manifest = z.infer<typeof Manifest>;

/** What a manifest that people may have edited says of the undo: why there can be none. Anything else says nothing. */
export function impossibleIn(manifest: unknown): string | undefined {
  const said = z.object({ undo: z.strictObject({ impossible: Impossible }) }).safeParse(manifest);
  return said.success ? said.data.undo.impossible : undefined;
}

/**
 * A complete script: shebang, strict mode, parameters as readonly literals, then the runbook's own lines. The settings'
 * schema refuses values that could end a literal. If one comes here all the same, that is an accident, and it throws.
 */
export function renderScript(body: string, parameters: Readonly<Record<string, string>>): string {
  const literals = Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => literal(name, value));
  return ['#!/usr/bin/env bash', 'set -euo pipefail', ...literals, body.trimEnd(), ''].join('\n');
}

function literal(name: string, value: string): string {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new Error(`${JSON.stringify(name)} is not a parameter name`);
  if (/['\n\r\0]/.test(value)) throw new Error(`${name} holds a character that no literal may hold`);
  return `readonly ${name}='${value}'`;
}

export type Bound = { ok: true; parameters: Record<string, string> } | { ok: false; reason: string };

/** Takes the parameters that a runbook names from the inventory. If one is missing there, this refuses. */
export function bindParameters(names: readonly string[], inventory: Readonly<Record<string, string>>): Bound {
  const parameters: Record<string, string> = {};
  for (const name of names) {
    const value = Object.hasOwn(inventory, name) ? inventory[name] : undefined;
    if (value === undefined)
      return { ok: false, reason: `the inventory has no parameter ${name} for this service` };
    parameters[name] = value;
  }
  return { ok: true, parameters };
}

export type DigestParts = {
  /** Every file of the folder, by name. */
  files: Readonly<Record<string, string>>;
  runbookSha256: string | null;
  templateVersion: string;
  policyVersion: string;
  settingsSha256: string;
};

/** The digest that is approved and that runs. Any changed byte of any part gives another digest. */
export function digestOf(parts: DigestParts): string {
  const { files, runbookSha256, templateVersion, policyVersion, settingsSha256 } = parts;
  return sha256(
    canonical({
      v: 1,
      tree: gitTreeId(files),
      runbookSha256,
      templateVersion,
      policyVersion,
      settingsSha256,
    }),
  );
}

export function sha12(digest: string): string {
  return digest.slice(0, 12);
}
