// Finds vigil.yml for commands that judge: the named file, or the nearest one above the current directory.
// Must never judge with settings that do not parse.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import type { Service, Settings } from '#core/settings';
import { InputError, type Shell } from './command.ts';

export type Found = { path: string; settings: Settings };

/** Null: no file was named, and there is none above. */
export async function settingsFor(named: string | undefined, shell: Shell): Promise<Found | null> {
  const path = named === undefined ? settingsAbove(shell.cwd) : resolve(shell.cwd, named);
  if (path === null) return null;
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new InputError(`${path} cannot be read: ${error.message}`, { cause: error });
  });
  const parsed = parseSettings(text, named ?? SETTINGS_PATH);
  if (!parsed.ok) {
    const { file, line, reason } = parsed.problem;
    throw new InputError(`${file}:${line}: ${reason}; \`vigil check\` says more`);
  }
  return { path, settings: parsed.value };
}

/** The service with this name or this PagerDuty id. */
export function serviceNamed(name: string, settings: Settings): Service | null {
  const found = Object.entries(settings.services).find(
    ([id, service]) => service.name === name || id === name,
  );
  return found?.[1] ?? null;
}

/** The top of the checkout one stands in: what a default path is counted from. Outside of one, where one stands. */
export function topOf(cwd: string): string {
  return checkoutAbove(cwd) ?? cwd;
}

function settingsAbove(cwd: string): string | null {
  const checkout = checkoutAbove(cwd);
  return checkout === null ? null : join(checkout, SETTINGS_PATH);
}

/** The nearest folder from here upwards with a vigil.yml. */
function checkoutAbove(from: string): string | null {
  if (existsSync(join(from, SETTINGS_PATH))) return from;
  return dirname(from) === from ? null : checkoutAbove(dirname(from));
}
