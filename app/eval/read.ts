// Reads an evaluation from disk, without git: the cases, the runbooks to search, the inventory.
// Must never leave out a file that it could not read: a broken file ends the evaluation, with its name.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunbook, parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import type { Runbook } from '#core/knowledge/runbook';
import type { Settings } from '#core/settings';
import { sha256 } from '#core/text/hash';
import { type Case, parseCases } from './case.ts';

export type Evaluation = {
  cases: Case[];
  runbooks: Runbook[];
  settings: Settings;
  settingsSha256: string;
  /** Where the inventory came from. */
  inventory: string;
};
type Read = { ok: true; evaluation: Evaluation } | { ok: false; reason: string };

/**
 * `checkout` is the top of a repository with runbooks. `dir` adds its own runbooks and may have its own vigil.yml. The
 * folder `folder` in `dir` holds the cases.
 */
export async function readEvaluation(dir: string, checkout: string, folder = 'cases'): Promise<Read> {
  const own = join(dir, 'vigil.yml');
  const inventory = existsSync(own) ? own : join(checkout, SETTINGS_PATH);
  if (!existsSync(inventory)) return { ok: false, reason: `${inventory} does not exist` };
  const text = await readFile(inventory, 'utf8');
  const settings = parseSettings(text, inventory);
  if (!settings.ok) return fault(settings.problem);
  const folders = [...new Set([join(checkout, 'runbooks'), join(dir, 'runbooks')])];
  const runbooks: Runbook[] = [];
  for (const path of (await Promise.all(folders.map((one) => files(one, /\.md$/)))).flat()) {
    if (path.endsWith('README.md')) continue;
    const parsed = parseRunbook(await readFile(path, 'utf8'), path);
    if (!parsed.ok) return fault(parsed.problem);
    const twin = runbooks.find(({ id }) => id === parsed.value.id);
    if (twin) return { ok: false, reason: `${path} has the id of ${twin.path}` };
    runbooks.push(parsed.value);
  }
  const cases: Case[] = [];
  for (const path of await files(join(dir, folder), /\.(yml|yaml|jsonl)$/)) {
    const parsed = parseCases(await readFile(path, 'utf8'), path);
    if (!parsed.ok) return parsed;
    cases.push(...parsed.cases);
  }
  const ids = cases.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return { ok: false, reason: `the case ${twice} is there twice` };
  if (cases.length === 0) return { ok: false, reason: `${join(dir, folder)} holds no cases` };
  return {
    ok: true,
    evaluation: { cases, runbooks, settings: settings.value, settingsSha256: sha256(text), inventory },
  };
}

const fault = ({ file, line, reason }: { file: string; line: number; reason: string }): Read => ({
  ok: false,
  reason: `${file}:${line}: ${reason}`,
});

async function files(folder: string, wanted: RegExp): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
