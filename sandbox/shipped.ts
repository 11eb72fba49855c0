// What this project ships to be run: the demo's runbooks, and the hashes of their scripts as they are rendered here.
// It must never vouch for anything that does not stand in the seeded repository.
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
  const names = ['shop-checkout-errors', 'shop-worker-exhaustion', 'shop-bad-flag'];
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

export const withShop = (text: string, shop: { url: string; admin: string }): string =>
  text.replaceAll('http://127.0.0.1:4600', shop.url).replaceAll('http://127.0.0.1:4601', shop.admin);

/** Hashes of the scripts this project ships, as they are rendered here: all that may run without bubblewrap. */
export function shippedScripts({ remediation }: Runbook, inventory: Record<string, string>): string[] {
  const bound = remediation ? bindParameters(remediation.parameters, inventory) : null;
  if (!remediation || !bound?.ok) return [];
  return [remediation.fix, ...(remediation.undo === null ? [] : [remediation.undo])].map((script) =>
    sha(renderScript(script, bound.parameters)),
  );
}
