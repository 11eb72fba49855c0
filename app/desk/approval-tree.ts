// The approval tree of an incident at this moment, from the ledger, main and GitHub. Must never change anything.

import { readFolder } from '#adapters/git/source';
import { readPull } from '#adapters/github/reviews';
import { condition, type Decision } from '#core/decision';
import { wholeTree } from '#core/gate/approval-tree';
import { mayRun } from '#core/gate/gate';
import { changesIn } from '#core/incident/changes';
import { holdOn } from '#core/incident/hold';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { lanes } from './approve.ts';
import type { World } from './world.ts';

export async function approvalTree(world: World, incident: Incident): Promise<Decision> {
  const pull = latestOf(incident, 'pull.opened');
  const judged = latestOf(incident, 'remediation.judged');
  const proposal = latestOf(incident, 'remediation.proposed');
  if (!pull || !judged || !proposal)
    return condition('may this remediation run', false, 'there is no pull request yet');
  const source = await world.source();
  const seen = await readPull(world.repo, pull.number);
  const past = await world.ledger.past();
  const { auto, human } = lanes(world, incident, judged, seen, source, past);
  const files = (await readFolder(world.clone, source.commit, remediationFolder(incident.key))) ?? {};
  const runbook = source.runbooks.find(({ path }) => path === proposal.runbook?.path);
  const gate = mayRun({
    incident,
    onMain: { files, runbookSha256: runbook?.sha256 ?? null },
    settings: source.settings,
    settingsSha256: source.settingsSha256,
    held: holdOn(world.ledger.held(), incident) !== null,
    leasedTo: world.ledger.leaseHolder(proposal.target, incident.key),
    changes: changesIn(past),
    now: world.now(),
    policy: world.policy,
  });
  return wholeTree(incident, { auto, human: human.decision, gate, draft: seen.draft });
}
