// When something changes that an open proposal is bound to, or its approval no longer holds, the proposal is withdrawn
// with the reason, and Vigil asks again by itself. Must never keep an approval, and must never ask without end.

import type { Runbook } from '#core/knowledge/runbook';
import type { Fact, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { digestOfProposal, partsOf, whatChanged } from '#core/proposal/digest';
import { type Settings, serviceOf } from '#core/settings';
import { cut } from '#core/text/cut';

/** What main and the program say now. */
export type Now = {
  settings: Settings;
  settingsSha256: string;
  runbooks: readonly Runbook[];
  /** Version of the policy in force; this program's own by default. */
  policy?: string | undefined;
};

/**
 * How often Vigil asks again by itself within an attempt. Two replicas with different policies would otherwise withdraw
 * each other's proposals without end.
 */
const MOST = 20;

/** The facts that follow when main and the program now give another digest than the judged one. Empty: the same digest. */
export function superseded(incident: Incident, now: Now): Fact[] {
  const proposal = latestOf(incident, 'remediation.proposed');
  const judged = latestOf(incident, 'remediation.judged');
  if (!proposal || !judged) return [];
  const onMain = asCitedNow(proposal, now.runbooks);
  if (digestOfProposal(onMain, now.settings, now.settingsSha256, now.policy) === judged.digest) return [];
  const changed = whatChanged(judged.parts, partsOf(onMain, now.settings, now.settingsSha256, now.policy));
  return askAnew(incident, now, `${changed} changed while the proposal was open`);
}

/** Withdraws the proposal. If the same bytes can be proposed again, they are judged again; else `decide` runs again. */
export function askAnew(incident: Incident, now: Now, reason: string): Fact[] {
  const proposal = latestOf(incident, 'remediation.proposed');
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  if (incident.generation >= MOST) {
    const sentence = `${reason}, and it was proposed ${MOST} times before`;
    return [{ type: 'incident.escalated', data: { code: 'unsettled', reason: cut(sentence, 500) } }];
  }
  const withdrawn: Fact = { type: 'remediation.withdrawn', data: { reason: cut(reason, 500) } };
  const again = proposal && rehearsed ? sameBytes(incident, proposal, now) : null;
  if (!again || !rehearsed) return [withdrawn];
  // verify.yml has the same bytes, so what was seen red is still what must turn green.
  return [
    withdrawn,
    { type: 'remediation.proposed', data: again },
    { type: 'remediation.rehearsed', data: rehearsed },
  ];
}

/** The proposal to judge again. Null: a new one must be made. */
function sameBytes(incident: Incident, proposal: Proposal, { settings, runbooks }: Now): Proposal | null {
  const service = serviceOf(settings, incident.opened.service.id);
  const bound = Object.entries(proposal.parameters).every(
    ([name, value]) => service !== null && service.parameters[name] === value,
  );
  if (service?.name !== proposal.target || !bound) return null;
  if (asCitedNow(proposal, runbooks).runbook?.sha256 === proposal.runbook?.sha256) return proposal;
  // When the runbook changed, what a person wrote is kept: it is judged beside the present runbook.
  const runbook = runbooks.find(({ id }) => id === proposal.runbook?.id);
  if (proposal.by !== 'person' || !runbook || runbook.block === null) return null;
  const { id, path, sha256, block } = runbook;
  return { ...proposal, runbook: { id, path, sha256, block } };
}

function asCitedNow(proposal: Proposal, runbooks: readonly Runbook[]): Proposal {
  const { runbook: cited } = proposal;
  const found = runbooks.find(({ id, path }) => id === cited?.id && path === cited.path);
  return { ...proposal, runbook: cited && { ...cited, sha256: found?.sha256 ?? '' } };
}
