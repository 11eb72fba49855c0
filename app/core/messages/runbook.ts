// What a pull request against a runbook says: what ran instead of it, who changed it, and that merging resets its history.
// Must never show generated or foreign text as markup. Scripts are in fences that are longer than anything in them.

import type { Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { trailerValue } from '#core/text/trailer';
import { code, file, plain } from './outside.ts';

const SHOWN = 7000;

export function runbookTitle(incident: Incident, proposal: Proposal): string {
  return `Learn from #${incident.issue?.number ?? '?'}: ${plain(proposal.runbook?.id ?? 'runbook', 70)}`;
}

export function runbookCommit(incident: Incident, proposal: Proposal): string {
  return `Take over into ${trailerValue(proposal.runbook?.id ?? 'a runbook')} what healed ${trailerValue(incident.opened.pagerduty.id)}\n\nIncident: ${incident.key}\nAttempt: ${incident.attempt}\n`;
}

export function runbookBody(
  incident: Incident,
  proposal: Proposal,
  changed: readonly ('fix' | 'undo')[],
): string {
  const pull = latestOf(incident, 'pull.opened');
  const author =
    proposal.by === 'person' ? `${code(proposal.pushed?.by ?? 'a reviewer')} changed it` : 'a model wrote it';
  return [
    `What healed #${incident.issue?.number ?? '?'} is not what runbook ${code(proposal.runbook?.id ?? '')} says: ${author} in #${pull?.number ?? '?'}, it was reviewed, ran once, and the service was verified to work again afterwards.`,
    '',
    `This changes the runbook's ${changed.join(' and ')} to what ran, without the values of the inventory:`,
    '',
    ...changed.map((name) => file(proposal.files[`${name}.sh`] ?? '', 'bash', SHOWN)),
    '',
    'Merging resets what the old remediation block has earned: the next ones wait for people again. Close this to keep the runbook as it is.',
  ].join('\n');
}
