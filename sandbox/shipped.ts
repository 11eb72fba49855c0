// What this project ships to be run: the scripts of the demo's runbooks as they are rendered here, and what a scenario
// declares that its played people push. It must never vouch for bytes that stand in neither.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import { parseRunbook } from '#adapters/git/source';
import type { Runbook } from '#core/knowledge/runbook';
import { bindParameters, renderScript } from '#core/proposal/remediation';
import { Settings } from '#core/settings';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function shippedRunbooks(seed: string): Promise<Runbook[]> {
  const names = ['shop-checkout-errors', 'shop-worker-exhaustion', 'shop-bad-flag', 'shop-blind-checkout'];
  return Promise.all(
    names.map(async (name) => {
      const parsed = parseRunbook(
        await readFile(join(seed, `runbooks/${name}.md`), 'utf8'),
        `runbooks/${name}.md`,
      );
      if (!parsed.ok)
        throw new Error(`${parsed.problem.file}:${parsed.problem.line}: ${parsed.problem.reason}`);
      return parsed.value;
    }),
  );
}

/** The demo's settings as they ship, with the shop's addresses of this world. */
export function shippedSettings(text: string, shop: { url: string; admin: string }): Settings {
  return Settings.parse(parseYaml(withShop(text, shop)));
}

/** In one pass: what took a shipped address's place may begin like another one. */
export const withShop = (text: string, shop: { url: string; admin: string }): string =>
  text.replaceAll(/http:\/\/127\.0\.0\.1:460([01])\b/g, (_, last) => (last === '0' ? shop.url : shop.admin));

/** A line that a scenario's played person adds to the fix of a runbook and pushes, newline included. */
export type Push = { runbook: string; line: string };

/** Hashes of all that may run without bubblewrap: the runbooks' own scripts, and each fix with one declared line. */
export function vouchedScripts(
  runbooks: readonly Runbook[],
  inventory: Readonly<Record<string, string>>,
  pushes: readonly Push[],
): Set<string> {
  const hashes = new Set<string>();
  for (const { id, remediation } of runbooks) {
    const bound = remediation ? bindParameters(remediation.parameters, inventory) : null;
    if (!remediation || !bound?.ok) continue;
    const fix = renderScript(remediation.fix, bound.parameters);
    hashes.add(sha(fix));
    if (remediation.undo !== null) hashes.add(sha(renderScript(remediation.undo, bound.parameters)));
    for (const { runbook, line } of pushes) if (runbook === id) hashes.add(sha(fix + line));
  }
  return hashes;
}
