// Pull requests that are not Vigil's proposals, and the groups of a merge queue: each commit gets its check, so that the required
// check blocks nobody. A commit is judged by what it changes beside main, whatever its pull request is opened against.
// Must never let a remediation pass that nobody approved, and never post over the check of a proposal that is under review.
import { changedFiles } from '#adapters/git/changed-files';
import { readFolder } from '#adapters/git/source';
import { postCheckOnce } from '#adapters/github/api';
import { filesOfPull } from '#adapters/github/open-pulls';
import { APPROVAL_CHECK } from '#core/gate/approval';
import { sameFiles } from '#core/incident/own-bytes';
import { lastPull } from '#core/incident/pushes';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { foreignCheck, groupCheck } from '#core/messages/foreign';
import type { World } from './world.ts';

type Judging = { number: number; head: string; base: string };
const FOLDER = 'remediations/';

/** The incident whose proposal this commit is, if people are asked about it now. */
export function proposedAt({ ledger }: World, head: string): Incident | null {
  const mine = (incident: Incident): boolean =>
    incident.stage === 'SYNTHESIZING' && lastPull(incident)?.head === head;
  return [...ledger.open()].find(mine) ?? null;
}

/** Judges the head of somebody's pull request. */
export async function judgePull(world: World, { number, head, base }: Judging): Promise<void> {
  if (proposedAt(world, head)) return;
  const where = { ref: `refs/pull/${number}/head`, sha: head };
  // The same commit may be offered to main as well: what it changes beside another branch says nothing.
  const files =
    base === world.repo.branch
      ? await filesOfPull(world.repo, number)
      : await changedFiles(world.clone, where);
  const kind = files === null ? 'unreadable' : files === 'large' ? 'large' : kindOf(files);
  await postCheckOnce(world.repo, {
    name: APPROVAL_CHECK,
    head,
    conclusion: kind === 'outside' ? 'success' : 'failure',
    externalId: `pull:${number}:${head}`,
    ...foreignCheck[kind],
  });
}

function kindOf(files: readonly string[]): 'outside' | 'mixed' | 'unknown' {
  const inside = files.filter((file) => file.startsWith(FOLDER));
  if (inside.length === 0) return 'outside';
  return inside.length < files.length ? 'mixed' : 'unknown';
}

/**
 * Judges a group of a merge queue: what it changes may hold no remediation but those that are approved, byte for byte.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#merge_group
 */
export async function judgeGroup(world: World, ref: string, head: string): Promise<void> {
  await world.ledger.refresh();
  const files = await changedFiles(world.clone, { ref, sha: head });
  const folders = new Set(
    files?.filter((file) => file.startsWith(FOLDER)).map((file) => file.split('/').slice(0, 2).join('/')),
  );
  const bad: string[] = [];
  for (const folder of folders) if (!(await isApproved(world, folder, head))) bad.push(folder);
  const outcome = files === null ? 'unreadable' : bad.length === 0 ? 'fine' : 'unapproved';
  await postCheckOnce(world.repo, {
    name: APPROVAL_CHECK,
    head,
    conclusion: outcome === 'fine' ? 'success' : 'failure',
    externalId: `group:${head}`,
    ...groupCheck(outcome, bad),
  });
}

async function isApproved(world: World, folder: string, head: string): Promise<boolean> {
  const incident = [...world.ledger.open()].find(({ key }) => remediationFolder(key) === folder);
  const approved = incident && latestOf(incident, 'remediation.approved');
  const proposal = incident && latestOf(incident, 'remediation.proposed');
  if (incident?.stage !== 'SYNTHESIZING' || !approved || !proposal) return false;
  if (Date.parse(approved.expires) <= world.now().getTime()) return false;
  const there = await readFolder(world.clone, head, folder);
  return there !== null && sameFiles(there, proposal.files);
}
