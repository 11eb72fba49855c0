// The ledger that a command reads: which repository, with which token, and what is said when there is none. Must never repeat a password
// that an address holds, nor hand a token to another host than its own.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { originOf } from '#adapters/git/ledger-audit';
import { visible } from '#core/text/untrusted';
import { InputError, type Shell, UsageError } from './command.ts';

/** The ledger is there, but it cannot be replayed. */
export class BrokenError extends Error {
  override name = 'BrokenError';
}

/** What was read of it. An InputError names the cure where there is no ledger, or it cannot be read. */
export async function found<T>(url: string, shell: Shell, reading: Promise<T | null>): Promise<T> {
  const read = await reading.catch((error: unknown) => {
    if (error instanceof InputError || error instanceof BrokenError) throw error;
    throw unreadable(url, error, shell);
  });
  if (read === null)
    throw new InputError(`${shown(url)} has no branch vigil/ledger; is it the repository Vigil writes to?`);
  return read;
}

export async function repository(given: string | undefined, shell: Shell): Promise<string> {
  const url = given ?? (await originOf(shell.cwd));
  if (url === null)
    throw new UsageError('the current directory has no remote origin; say --repository URL-or-path');
  if (url.startsWith('-')) throw new UsageError('a repository does not begin with a dash');
  const path = resolve(shell.cwd, url);
  return existsSync(path) ? path : url;
}

export function unreadable(url: string, error: unknown, { config }: Shell): InputError {
  const reason = firstLine(error).replaceAll(url, shown(url));
  const cure = /username|password|authentication|access rights|not found|40[134]/i.test(reason)
    ? `if it is private on ${config.server}, set GITHUB_TOKEN to a token that may read it`
    : 'is the address right?';
  return new InputError(`${shown(url)} cannot be read: ${reason}; ${cure}`, { cause: error });
}

/** The address of a remote may hold a password, which must not be repeated. */
export const shown = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

/** The token is for one GitHub. Another host gets none. */
export function tokenFor(url: string, { config }: Shell): string | null {
  return URL.parse(url)?.origin === URL.parse(config.server)?.origin ? config.token : null;
}

export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return visible(text.split('\n').find((line) => line.trim() !== '') ?? 'unknown reason');
}
