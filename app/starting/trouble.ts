// What an error at the start means: a setting or a machine that somebody must mend, or somebody outside who is away for now.
// Must never call a vendor that is away a fault of the settings, nor let a stack or a value reach people.
import { refusals, unexpected, waiting } from '#core/messages/starting';

/** Vigil does not start. 2: somebody must change something first; 1: the same may work later. */
export class Refused extends Error {
  override name = 'Refused';
  readonly code: 1 | 2;
  constructor(words: string, code: 1 | 2 = 2) {
    super(words);
    this.code = code;
  }
}

export type Away = { says: string; reason: string };

const FULL = /ENOSPC|EDQUOT|No space left|Disk quota exceeded/i;
const NO_ENTRY = /^(EACCES|EPERM|EROFS|ENOENT|ELOOP|ENAMETOOLONG)$/;

/** Throws `Refused` when waiting would not help. */
export function awayOrRefused(error: unknown): Away {
  if (error instanceof Refused) throw error;
  const words = firstLine(error);
  if (FULL.test(String(error))) throw new Refused(refusals.disk, 1);
  if (/spawn git ENOENT/.test(words)) throw new Refused(refusals.git);
  const fault = folderFault(error);
  if (fault) throw new Refused(fault);
  if (isOfGit(error)) {
    if (/repository .*not found|returned error: 404/i.test(String(error))) throw new Refused(refusals.server);
    return { says: waiting.git, reason: words };
  }
  if (isOfNetwork(error)) return { says: waiting.github, reason: words };
  throw new Refused(unexpected(words), 1);
}

/** Why the data folder cannot be used, if that is what the error is about. */
export function folderFault(error: unknown): string | null {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (FULL.test(String(error))) return refusals.disk;
  if (!syscall || !path || !code) return null;
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') return refusals.notFolder;
  return NO_ENTRY.test(code) ? refusals.folder : null;
}

const isOfGit = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'GitFailed' || /\bgit\b|^fatal:|^error:|remote:/im.test(error.message));

/** An answer of GitHub's API that is none of ours to mend, or none at all. */
const isOfNetwork = (error: unknown): boolean =>
  error instanceof Error &&
  (/^(HttpError|AbortError|TimeoutError|NotGitHub)$/.test(error.name) ||
    error.cause instanceof Error ||
    /fetch failed|socket|ECONN|ETIMEDOUT|ENOTFOUND|EAI_AGAIN/.test(error.message));

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n').find((line) => line.trim() !== '') ?? 'no words').slice(0, 300);
}
