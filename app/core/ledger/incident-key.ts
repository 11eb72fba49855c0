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

/** What a workspace's name says. Null: it is not a name that Vigil gives to the workspace of an incident. */
export function workspaceNamed(name: string): { key: string; attempt: number; undo: boolean } | null {
  const [, key = '', attempt = '', undo] =
    /^vigil-(pd-[a-z0-9]{5,14})-([1-9]\d{0,5})(-undo)?$/.exec(name) ?? [];
  return key === '' ? null : { key, attempt: Number(attempt), undo: undo !== undefined };
}

/** At most 32 characters, the limit of a Coder workspace name (https://coder.com/docs/reference/api/workspaces). */
export function workspaceName(key: string, attempt: number, undo = false): string {
  return `vigil-${key}-${attempt}${undo ? '-undo' : ''}`;
}
