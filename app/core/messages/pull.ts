// What the pull request and its check say: one screen from which a tired person can decide.
// Must never show generated or foreign text as markup. Scripts are in fences that are longer than anything in them.

import { askedAnew } from '#core/incident/pushes';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { fenced, link } from '#core/text/markdown';
import { trailerValue } from '#core/text/trailer';
import { authorLines } from './author.ts';
import { code, file, plain, told } from './outside.ts';
import { clock, notMerged } from './words.ts';

/** How much of a file the description shows. GitHub takes 65,536 characters in all. */
const SHOWN = 7000;

function pullMarker(key: string, attempt: number): string {
  return `<!-- vigil:pull ${key} ${attempt} -->`;
}

export function pullTitle(incident: Incident, proposal: Proposal): string {
  return `${plain(proposal.kind, 60)} on ${plain(proposal.target, 60)} for #${incident.issue?.number ?? '?'} (${plain(incident.opened.pagerduty.id, 40)})`;
}

export function commitMessage(incident: Incident, proposal: Proposal): string {
  return `Propose ${trailerValue(proposal.kind)} on ${trailerValue(proposal.target)} for ${trailerValue(incident.opened.pagerduty.id)}\n\nIncident: ${incident.key}\nAttempt: ${incident.attempt}\n`;
}

export function pullBody(incident: Incident, proposal: Proposal, judged: Judged): string {
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const undo = proposal.files['undo.sh'];
  const red = [...new Set(rehearsed?.samples.map((sample) => sample.check))];
  const effects = judged.effects.filter((effect) => effect.kind !== 'read');
  return [
    `**What is broken** ${told(incident.opened.title, 200)} (service ${told(incident.opened.service.name, 100)}). ${rehearsed ? `Seen before this proposal: ${told(rehearsed.reason, 300)}.` : ''}`,
    '',
    `**Why we think so** ${told(hypothesis?.text ?? 'only the alert itself', 800)} (evidence: ${hypothesis?.evidence.slice(0, 10).map(code).join(', ') || 'none'})${proposal.runbook ? `, runbook [${code(proposal.runbook.id)}](../blob/HEAD/${proposal.runbook.path})` : ''}`,
    '',
    `**What it will do** ${effects.map((effect) => `${code(effect.kind)}${effect.selfRestoring ? ' (restores itself)' : ''}`).join(', ') || 'nothing that changes anything'} on ${code(proposal.target)}, and nothing else:`,
    file(proposal.files['fix.sh'], 'bash', SHOWN),
    `**Undo** ${undo === undefined ? 'none: every effect restores itself.' : ''}`,
    ...(undo === undefined ? [] : [file(undo, 'bash', SHOWN)]),
    '',
    `**What verification will show** ${red.map(code).join(', ') || 'what was red'} must be green, with every other check of \`verify.yml\` in this pull request, several samples each.`,
    '',
    ...authorLines(proposal),
    `**Risk** ${judged.risk} · **Policy** ${judged.verdict} · **Confidence** ${judged.confidence.value}`,
    ...judged.confidence.components.map(
      (component) => `- ${component.name} ${component.value}: ${told(component.reason, 200)}`,
    ),
    ...judged.findings
      .slice(0, 8)
      .map(({ file: name, line, sentence }) => `- ${code(name)} line ${line}: ${told(sentence, 150)}`),
    ...(judged.findings.length > 8 ? [`- and ${judged.findings.length - 8} more findings`] : []),
    '',
    ...askedAgain(incident).flatMap((line) => [`${line} Reviews given before that do not count.`, '']),
    `**How to decide** ${judged.lane === 'auto' ? 'The auto lane takes this one; closing the pull request stops it.' : 'Approve this pull request to run exactly these bytes. Request changes or close it to reject.'}`,
    '',
    `Digest \`${judged.digest}\`. Any changed byte voids an approval.`,
    pullMarker(incident.key, incident.attempt),
  ].join('\n');
}

/** What the check says. `tree`: the approval tree now, in lines. `confirm`: the confirm page's address, if there is one. */
export function checkOutput(
  incident: Incident,
  tree: string,
  confirm: string | null = null,
): { title: string; summary: string } {
  const approved = latestOf(incident, 'remediation.approved');
  const delayed = notMerged(incident);
  const waits = delayed === null ? [] : [told(delayed, 500)];
  if (!approved)
    return {
      title: 'Waiting for approval',
      summary: [
        ...(confirm ? [`${link('Read and approve', confirm)} on one page, signed in with GitHub.`] : []),
        ...askedAgain(incident),
        ...waits,
        fenced(tree),
      ].join('\n\n'),
    };
  const who = approved.lane === 'auto' ? 'the auto lane' : approved.by.map(code).join(', ');
  return {
    title:
      approved.lane === 'auto'
        ? 'Approved by the auto lane'
        : `Approved by ${approved.by.length === 1 ? 'a review' : `${approved.by.length} reviews`}`,
    summary: [
      `Approved by ${who} until ${approved.expires}, digest \`${approved.digest}\`.`,
      ...waits,
      fenced(tree),
    ].join('\n\n'),
  };
}

function askedAgain(incident: Incident): string[] {
  const asked = askedAnew(incident);
  return asked ? [`**Asked anew** since ${clock(asked.at)}: ${told(asked.reason, 300)}.`] : [];
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
  large: {
    title: 'Too large for Vigil to judge',
    summary:
      'GitHub lists at most 3,000 files and 250 commits of a pull request, and this one has more. Vigil cannot see whether it touches remediations/. Split it.',
  },
  unknown: {
    title: 'Not a proposal of Vigil',
    summary: 'This pull request changes remediations/ but is not a proposal Vigil has made or taken over.',
  },
} as const;

export function mergeMessage(incident: Incident): string {
  return `Run the approved remediation of ${trailerValue(incident.opened.pagerduty.id)}`;
}
