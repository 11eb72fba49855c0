// Brings a judged proposal to people: its bytes on the branch, the pull request, and the check of its head.
// Must never put other bytes under review than those that were judged, and never use a head that it did not read.

import { fetchBranch } from '#adapters/git/clone';
import { readFolder } from '#adapters/git/source';
import { postCheckOnce } from '#adapters/github/api';
import { openPullOnce, pushFolderOnce } from '#adapters/github/pulls';
import { decisionText } from '#core/decision';
import { APPROVAL_CHECK } from '#core/gate/approval';
import { confirmLink } from '#core/gate/confirm';
import { delayOf } from '#core/incident/merging';
import { lastHead } from '#core/incident/pushes';
import type { Proposal } from '#core/ledger/facts';
import { remediationBranch, remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { withOwnPart } from '#core/messages/own-part';
import { checkOutput, commitMessage, pullBody, pullTitle, pullTitles } from '#core/messages/pull';
import { gitTreeId } from '#core/text/hash';
import { approvalTree } from './approval-tree.ts';
import { must, NotNowError, PermanentError } from './failures.ts';
import { confirmBase } from './slack-message.ts';
import type { Performed, World } from './world.ts';

/** Opens the proposal's pull request. When the attempt has one already, that one is brought up to date. */
export async function openProposal(world: World, incident: Incident): Promise<Performed> {
  const proposal = must(latestOf(incident, 'remediation.proposed'), 'proposal');
  const judged = must(latestOf(incident, 'remediation.judged'), 'judgement');
  const branch = remediationBranch(incident.key, incident.attempt);
  // A person's push was judged as it was read. If somebody pushed again since, the next look finds that and asks again.
  const head = proposal.pushed?.head ?? (await pushProposal(world, incident, proposal, branch));
  const pull = await openPullOnce(world.repo, {
    branch,
    title: pullTitle(incident, proposal),
    own: pullTitles(incident),
    body: (present) => withOwnPart(present, pullBody(incident, proposal, judged)),
  });
  return {
    facts: [{ type: 'pull.opened', data: { ...pull, head, branch, digest: judged.digest } }],
    result: `#${pull.number}`,
  };
}

/**
 * Pushes the proposal's folder, on top of the proposal before it. When a process died after it made the branch, that branch
 * is used only if it holds exactly these bytes.
 */
async function pushProposal(
  world: World,
  incident: Incident,
  proposal: Proposal,
  branch: string,
): Promise<string> {
  const files = Object.fromEntries(
    Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const folder = remediationFolder(incident.key);
  const { commit: base } = await world.source();
  const onto = lastHead(incident);
  if (onto !== null) await fetchBranch(world.clone, branch);
  // Files in the folder that this proposal does not have are removed, because the whole folder is approved.
  const left = Object.keys((await readFolder(world.clone, onto ?? base, folder)) ?? {});
  const gone = left.filter((name) => !(name in files));
  const message = commitMessage(incident, proposal);
  const pushed = await pushFolderOnce(world.repo, { branch, base, onto, folder, files, gone, message });
  if (!pushed.existed) return pushed.sha;
  await fetchBranch(world.clone, branch);
  const there = await readFolder(world.clone, pushed.sha, folder);
  if (!there || gitTreeId(there) !== gitTreeId(files)) {
    const reason = `branch ${branch} holds other bytes than the proposal`;
    // When there is a pull request already, somebody may have pushed to it. GitHub's event about that is still to come.
    throw onto === null ? new PermanentError(reason) : new NotNowError(reason);
  }
  return pushed.sha;
}

/**
 * The check of one head, with the whole approval tree. When an approval of the same head was withdrawn, the new check that
 * asks replaces the successful one.
 */
export async function postCheck(
  world: World,
  incident: Incident,
  head: string,
  conclusion: 'success' | 'action_required',
): Promise<Performed> {
  const judged = must(latestOf(incident, 'remediation.judged'), 'judgement');
  // What the merge waits for is part of what the check says, so that news of it is another check.
  const delay = delayOf(incident) === null ? [] : [incident.latest['merge.delayed']?.seq];
  const result = await postCheckOnce(world.repo, {
    name: APPROVAL_CHECK,
    head,
    conclusion,
    externalId: [incident.key, head, judged.digest, incident.generation, ...delay].join(':'),
    ...checkOutput(
      incident,
      decisionText(await approvalTree(world, incident)),
      confirmLink(confirmBase(world.config), incident),
    ),
  });
  return { facts: [], result: `${conclusion} ${result}` };
}
