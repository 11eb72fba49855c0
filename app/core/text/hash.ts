// Hashes over bytes and over canonical JSON, and git's own object ids computed without git.
// Must never hash anything whose form depends on the order of keys or on the platform.
import { createHash } from 'node:crypto';

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** JSON with sorted keys and no white space, so that equal values give equal bytes. Takes JSON values only. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

export type GitType = 'blob' | 'tree' | 'commit';

/** Id of a git object of this content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects). */
export function gitObjectId(type: GitType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.byteLength}\0`).update(content).digest('hex');
}

/** Id of a git blob. */
export function gitBlobId(text: string): string {
  return gitObjectId('blob', Buffer.from(text));
}

/** Id of the git tree of a flat folder of plain files (mode 100644): what the approval is bound to. */
export function gitTreeId(files: Readonly<Record<string, string>>): string {
  // Git sorts names by their bytes. JavaScript sorts by UTF-16 units, which can give another order.
  const rows = Object.entries(files)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, text]) =>
      Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(gitBlobId(text), 'hex')]),
    );
  return gitObjectId('tree', Buffer.concat(rows));
}
