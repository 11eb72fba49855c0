// What the pull request and its check say: one screen from which a tired person can decide.
// Generated and foreign text is neutralised; scripts stand in fences longer than anything they contain.

import type { Judged, Proposal } from '../judgement.ts';
import { fenced, inert } from '../markdown.ts';
import { type Incident, known } from '../replay.ts';
import { ending } from './words.ts';

export function pullMarker(key: string, attempt: number): string {
  return `<!-- vigil:pull ${key} ${attempt} -->`;
}

export function pullTitle(incident: Incident, proposal: Proposal): string {
  return `${inert(proposal.kind)} on ${inert(proposal.target)} for #${incident.issue?.number ?? '?'} (${incident.opened.pagerduty.id})`.slice(
    0,
    250,
  );
}

export function commitMessage(incident: Incident, proposal: Proposal): string {
  return `Propose ${proposal.kind} on ${proposal.target} for ${incident.opened.pagerduty.id}\n\nIncident: ${incident.key}\nAttempt: ${incident.attempt}\n`;
}

export function pullBody(incident: Incident, proposal: Proposal, judged: Judged): string {
  const rehearsed = known(incident, 'remediation.rehearsed');
  const hypothesis = known(incident, 'hypothesis.received');
  const undo = proposal.files['undo.sh'];
  const red = [...new Set(rehearsed?.samples.map((sample) => sample.check))];
  const effects = judged.effects.filter((effect) => effect.kind !== 'read');
  return [
    `**What is broken** ${inert(incident.opened.title)} (service ${inert(incident.opened.service.name)}). ${rehearsed ? `Seen before this proposal: ${inert(rehearsed.reason)}.` : ''}`,
    '',
    `**Why we think so** ${inert(hypothesis?.text ?? 'only the alert itself')} (evidence: ${hypothesis?.evidence.map((id) => `\`${id}\``).join(', ') || 'none'})${proposal.runbook ? `, runbook [\`${proposal.runbook.id}\`](../blob/main/${proposal.runbook.path})` : ''}`,
    '',
    `**What it will do** ${effects.map((effect) => `\`${effect.kind}\`${effect.selfRestoring ? ' (restores itself)' : ''}`).join(', ') || 'nothing that changes anything'} on \`${proposal.target}\`, and nothing else:`,
    fenced(proposal.files['fix.sh'], 'bash'),
    `**Undo** ${undo === undefined ? 'none: every effect restores itself.' : ''}`,
    ...(undo === undefined ? [] : [fenced(undo, 'bash')]),
    '',
    `**What verification will show** ${red.map((check) => `\`${check}\``).join(', ') || 'what was red'} must be green, with every other check of \`verify.yml\` in this pull request, several samples each.`,
    '',
    `**Risk** ${judged.risk} · **Policy** ${judged.verdict} · **Confidence** ${judged.confidence.value}`,
    ...judged.confidence.components.map(
      (component) => `- ${component.name} ${component.value}: ${inert(component.reason)}`,
    ),
    ...judged.findings.map(
      (finding) => `- ${inert(finding.file)} line ${finding.line}: ${inert(finding.sentence)}`,
    ),
    '',
    `**How to decide** ${judged.lane === 'auto' ? 'The auto lane takes this one; closing the pull request stops it.' : 'Approve this pull request to run exactly these bytes. Request changes or close it to reject.'}`,
    '',
    `Digest \`${judged.digest}\`. Any changed byte voids an approval.`,
    pullMarker(incident.key, incident.attempt),
  ].join('\n');
}

export function checkOutput(incident: Incident): { title: string; summary: string } {
  const approved = known(incident, 'remediation.approved');
  const judged = known(incident, 'remediation.judged');
  if (!approved) return { title: 'Waiting for approval', summary: fenced(judged?.reasons.join('\n') ?? '') };
  const who =
    approved.lane === 'auto' ? 'the auto lane' : approved.by.map((login) => `\`${login}\``).join(', ');
  return {
    title:
      approved.lane === 'auto'
        ? 'Approved by the auto lane'
        : `Approved by ${approved.by.length === 1 ? 'a review' : `${approved.by.length} reviews`}`,
    summary: [
      `Approved by ${who} until ${approved.expires}, digest \`${approved.digest}\`.`,
      fenced(judged?.reasons.join('\n') ?? ''),
    ].join('\n\n'),
  };
}

export const foreignCheck = {
  outside: {
    title: 'Not a remediation',
    summary: 'This pull request does not touch remediations/, so Vigil has no say in it.',
  },
  mixed: {
    title: 'Remediations and other files do not mix',
    summary: 'A remediation pull request holds one incident’s folder and nothing else. Split this one.',
  },
  unknown: {
    title: 'Not a proposal of Vigil',
    summary: 'This pull request changes remediations/ but is not a proposal Vigil has made or taken over.',
  },
} as const;

export function mergeMessage(incident: Incident): string {
  return `Run the approved remediation of ${incident.opened.pagerduty.id}`;
}

export function closingWords(incident: Incident): string {
  return inert(ending(incident));
}
