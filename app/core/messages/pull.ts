// What the pull request and its check say: one screen from which a tired person can decide.
// Must never show generated or foreign text as markup. Scripts are in fences that are longer than anything in them.

import { lastWithdrawal } from '#core/incident/pushes';
import type { Judged, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf, pastOf } from '#core/ledger/replay';
import { link } from '#core/text/markdown';
import { trailerValue } from '#core/text/trailer';
import { authorLines } from './author.ts';
import { tornIn } from './looks.ts';
import { code, fencedUpTo, file, plain, told } from './outside.ts';
import { meaningOf } from './pushes.ts';
import { untilLines } from './put-back.ts';
import { managedLines, stakesLines } from './stakes.ts';
import { noUndo, undoWords } from './undo-words.ts';
import { clock, notMerged, serviceOf, titleOf } from './words.ts';

/** How much of a file the description shows. GitHub takes 65,536 characters in all. */
const SHOWN = 7000;

function pullMarker(key: string, attempt: number): string {
  return `<!-- vigil:pull ${key} ${attempt} -->`;
}

export function pullTitle(incident: Incident, proposal: Proposal): string {
  return `${plain(proposal.kind, 60) || 'A remediation'} on ${plain(proposal.target, 60) || 'an unnamed target'} for #${incident.issue?.number ?? '?'} (${plain(incident.opened.pagerduty.id, 40)})`;
}

/** Every title that Vigil can have given the pull request of this attempt so far. */
export function pullTitles(incident: Incident): string[] {
  const titles = [...pastOf(incident), incident].flatMap((past) => {
    const proposal = past.attempt === incident.attempt ? latestOf(past, 'remediation.proposed') : null;
    return proposal ? [pullTitle(past, proposal)] : [];
  });
  return [...new Set(titles)];
}

export function commitMessage(incident: Incident, proposal: Proposal): string {
  return `Propose ${trailerValue(proposal.kind)} on ${trailerValue(proposal.target)} for ${trailerValue(incident.opened.pagerduty.id)}\n\nIncident: ${incident.key}\nAttempt: ${incident.attempt}\n`;
}

export function pullBody(incident: Incident, proposal: Proposal, judged: Judged): string {
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const undo = proposal.files['undo.sh'];
  const red = fewOf([...new Set(rehearsed?.samples.map((sample) => sample.check))].map(code));
  const effects = judged.effects
    .filter((effect) => effect.kind !== 'read')
    .map((effect) => `${code(effect.kind)}${effect.selfRestoring ? ' (restores itself)' : ''}`);
  return [
    `**What is broken** ${told(titleOf(incident.opened), 200)} (service ${told(serviceOf(incident.opened), 100)}). ${rehearsed ? `Seen before this proposal: ${told(rehearsed.reason, 300)}.` : ''}`,
    ...tornIn([{ samples: rehearsed?.samples ?? [], when: 'before this proposal' }]),
    ...stakesLines(judged),
    '',
    `**Why we think so** ${told(hypothesis?.text ?? 'only the alert itself', 800)} (evidence: ${hypothesis?.evidence.slice(0, 10).map(code).join(', ') || 'none'})${proposal.runbook ? `, runbook [${code(proposal.runbook.id)}](../blob/HEAD/${proposal.runbook.path})` : ''}`,
    '',
    `**What it will do** ${fewOf(effects) || 'nothing that changes anything'} on ${code(proposal.target)}, and nothing else:`,
    file(proposal.files['fix.sh'], 'bash', SHOWN),
    ...managedLines(judged),
    `**Undo** ${undo === undefined ? told(noUndo(proposal, judged), 400) : undoLine(judged)}`,
    ...(undo === undefined ? [] : [file(undo, 'bash', SHOWN)]),
    '',
    ...untilLines(judged.put_back),
    `**What verification will show** ${red || 'what was red'} must be green, with every other check of \`verify.yml\` in this pull request, several samples each.`,
    '',
    ...authorLines(proposal),
    `**Policy** ${judged.verdict} · **Confidence** ${judged.confidence.value}`,
    ...judged.confidence.components
      .slice(0, MOST_NAMES)
      .map(({ name, value, reason }) => `- ${told(name, 40)} ${value}: ${told(reason, 200)}`),
    ...judged.findings
      .slice(0, 8)
      .map(({ file: name, line, sentence }) => `- ${code(name)} line ${line}: ${told(sentence, 150)}`),
    ...(judged.findings.length > 8 ? [`- and ${judged.findings.length - 8} more findings`] : []),
    '',
    ...askedAgain(incident, 'Reviews given before that do not count.').flatMap((line) => [line, '']),
    `**How to decide** ${judged.lane === 'auto' ? 'The auto lane takes this one; closing the pull request stops it.' : 'Approve this pull request to run exactly these bytes. Request changes or close it to reject.'}`,
    '',
    `Digest \`${judged.digest}\`. Any changed byte voids an approval.`,
    pullMarker(incident.key, incident.attempt),
  ].join('\n');
}

/** When the undo runs, why, and what it would bring back. A judgement from before that has nothing to say. */
function undoLine(judged: Judged): string {
  const words = undoWords(judged);
  if (!words) return '';
  const { when, because, brings } = words;
  return `${when}, because ${told(because, 300)}. It would bring back ${told(brings, 300)}:`;
}

/** GitHub takes 65,535 characters in a check's summary. https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const MOST_TREE = 25_000;

/** Every condition of a decision, one on each line, in a fence that is always closed. */
export function treeBlock(tree: string): string {
  return fencedUpTo(
    tree,
    '',
    MOST_TREE,
    (rest) => `**${rest} more characters are left out here; \`vigil explain\` prints all of them.**`,
  );
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
        treeBlock(tree),
      ].join('\n\n'),
    };
  const who = approved.lane === 'auto' ? 'the auto lane' : namesOf(approved.by);
  return {
    title:
      approved.lane === 'auto'
        ? 'Approved by the auto lane'
        : `Approved by ${approved.by.length === 1 ? 'a review' : `${approved.by.length} reviews`}`,
    summary: [
      `Approved by ${who} until ${approved.expires}, digest \`${approved.digest}\`.`,
      ...waits,
      treeBlock(tree),
    ].join('\n\n'),
  };
}

const MOST_NAMES = 20;

/** Who approved, as code, so that nobody is mentioned. */
export function namesOf(by: readonly string[]): string {
  return fewOf(by.map(code));
}

/** A list on one line. What is too many is counted. */
function fewOf(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES);
  return [...shown, ...(all.length > shown.length ? [`${all.length - shown.length} more`] : [])].join(', ');
}

/** Since when people are asked again, and why; `before`: what is said of earlier reviews, where no push says it. */
function askedAgain(incident: Incident, before = ''): string[] {
  const asked = lastWithdrawal(incident);
  if (!asked) return [];
  const meaning = asked.push ? meaningOf(asked.push) : before;
  return [`**Asked anew** since ${clock(asked.at)}: ${told(asked.reason, 300)}. ${meaning}`.trimEnd()];
}

export function mergeMessage(incident: Incident): string {
  return `Run the approved remediation of ${trailerValue(incident.opened.pagerduty.id)}`;
}
