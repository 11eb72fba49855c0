// Names that follow from an incident: ledger key, directory, branch, workspace.
// Text from outside reaches them only through the allow-list here.
import { sha256 } from '#core/text/hash';

/** Ledger key of a PagerDuty incident: `pd-` and its id in lower case, or 14 hex digits of its hash when the id is unusual. */
export function incidentKey(pagerdutyId: string): string {
  return /^[A-Z0-9]{5,14}$/.test(pagerdutyId)
    ? `pd-${pagerdutyId.toLowerCase()}`
    : `pd-${sha256(pagerdutyId).slice(0, 14)}`;
}

export function isIncidentKey(text: string): boolean {
  return /^pd-[a-z0-9]{5,14}$/.test(text);
}

/** Directory of an incident on the ledger branch. 256 shards keep GitHub's limit of 3,000 entries a directory far away. */
export function incidentDirectory(key: string): string {
  return `incidents/${sha256(key).slice(0, 2)}/${key}`;
}

export function remediationFolder(key: string): string {
  return `remediations/${key}`;
}

export function remediationBranch(key: string, attempt: number): string {
  return `vigil/${key}/${attempt}`;
}

/**
 * What a workspace's name says; `attempt` is null where commands look in it, and no script runs. Null: it is not a name that Vigil gives
 * to the workspace of an incident.
 */
export function workspaceNamed(name: string): { key: string; attempt: number | null; undo: boolean } | null {
  const [, key = '', of = '', undo] =
    /^vigil-(pd-[a-z0-9]{5,14})-(m[0-9a-f]{7}|[1-9]\d{0,5}(-undo)?)$/.exec(name) ?? [];
  if (key === '') return null;
  return of.startsWith('m')
    ? { key, attempt: null, undo: false }
    : { key, attempt: Number.parseInt(of, 10), undo: undo !== undefined };
}

/** The workspace in which commands look, the `nth` of a job: `run` tells one run of it from another. Also 32 characters at most. */
export function lookWorkspaceName(key: string, run: string, nth: number): string {
  return `vigil-${key}-m${sha256(`${run} ${nth}`).slice(0, 7)}`;
}

/** At most 32 characters, the limit of a Coder workspace name (https://coder.com/docs/reference/api/workspaces). */
export function workspaceName(key: string, attempt: number, undo = false): string {
  return `vigil-${key}-${attempt}${undo ? '-undo' : ''}`;
}
