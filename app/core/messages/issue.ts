// What the incident's issue says: title, body, labels and the one status comment. Everything from outside goes through
// inert(). Must never say more than ids, service, severity and link before the text was redacted.

import { lateness } from '#core/incident/heard';
import { ranNothing } from '#core/incident/outcome';
import { refusedBy } from '#core/incident/untold';
import type { FactDataOf } from '#core/ledger/facts';
import { hasEnded, type Stage, stages } from '#core/ledger/lifecycle';
import { type Incident, latestOf, pastOf } from '#core/ledger/replay';
import { link } from '#core/text/markdown';
import { COMMENT } from './failure-words.ts';
import { leftWords } from './left-workspaces.ts';
import { looksOf } from './looks.ts';
import { code, mention, plain, told } from './outside.ts';
import { namesOf } from './pull.ts';
import { type LeftAsItIs, leftAsItIs } from './undo-words.ts';
import { untoldWords } from './untold-words.ts';
import { clock, ending, lateWords, seconds, serviceOf, stageWords, standing, titleOf } from './words.ts';

const SHOWN_STAGES = 40;
const SHOWN_ITEMS = 10;

/** A hidden line. Vigil finds its own issue and comment by it, and anyone can compare the ledger with the head in it. */
export function marker(what: 'issue' | 'status', key: string): string {
  return `<!-- vigil:${what} ${key} -->`;
}

/** Titles are not Markdown: GitHub shows them as they are, and allows 256 characters. */
export function issueTitle(incident: Incident): string {
  const { opened } = incident;
  const severity = plain(opened.priority ?? '', 20) || plain(opened.urgency, 20) || 'unknown';
  const clean = latestOf(incident, 'evidence.gathered') ?? latestOf(incident, 'alert.described');
  const title = clean && !opened.withheld ? `: ${plain(titleOf(opened), 120)}` : '';
  return `[${severity}] ${plain(serviceOf(opened), 60)}${title} (${plain(opened.pagerduty.id, 40)})`;
}

/**
 * Every title that Vigil can have given the issue so far, as the alert was known by and by: while the issue has one of them, nobody
 * else has named it.
 */
export function issueTitles(incident: Incident): string[] {
  return [...new Set([...pastOf(incident).map(issueTitle), issueTitle(incident)])];
}

const labelOf = (stage: Stage): string => `vigil:${stage.toLowerCase()}`;
const ownLabels = new Set(stages.map(labelOf));

/** The stage's label instead of another stage's. Whatever else people gave it stays, also what begins with Vigil's name. */
export function issueLabels(incident: Incident, present: readonly string[]): string[] {
  return [...present.filter((label) => !ownLabels.has(label)), labelOf(incident.stage)].sort();
}

/**
 * `confirm` is the address of the confirm page for what is proposed now, if there is one. `unsaid`: whether GitHub refuses the
 * status comment, so that the state has to stand here; left out, the ledger knows.
 */
export function issueBody(
  incident: Incident,
  confirm: string | null = null,
  unsaid = refusedBy(incident, 'issue', /^issue\.(?:propose|close|tell)#/)?.includes(COMMENT) ?? false,
): string {
  const { opened } = incident;
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const beside = latestOf(incident, 'context.retrieved')?.documents ?? [];
  const pull = latestOf(incident, 'pull.opened');
  const late = lateness(incident);
  const waits = incident.stage === 'SYNTHESIZING' && !latestOf(incident, 'remediation.approved');
  const lines = [
    `**Service** ${told(serviceOf(opened), 100)} · **Urgency** ${told(opened.urgency, 20) || 'unknown'} · **PagerDuty** ${opened.pagerduty.url ? link(plain(opened.pagerduty.id, 40), opened.pagerduty.url) : told(opened.pagerduty.id, 40)}`,
    ...(late ? ['', lateWords(late)] : []),
    ...(unsaid
      ? [
          '',
          status(incident),
          '_GitHub does not take the status comment here: the conversation is locked, or no more comments are taken._',
        ]
      : []),
    ...(hypothesis ? ['', `**What is known** ${told(hypothesis.text, 2000)}`] : []),
    ...(beside.length > 0
      ? [
          '',
          `**To read** ${beside.map(({ title, because }) => `${told(title, 120)} (${told(because, 80)})`).join('; ')}. Vigil acts on none of these.`,
        ]
      : []),
    ...(pull
      ? [
          '',
          `**Proposed remediation** #${pull.number}: a review of that pull request decides.${waits && confirm ? ` ${link('Read and approve', confirm)} on one page.` : ''}`,
        ]
      : []),
    ...leftLines(leftAsItIs(incident), confirm),
    ...(opened.sample ? ['', '_Sample history: made up for the sandbox._'] : []),
    '',
    'This issue follows the incident; the ledger branch `vigil/ledger` is the record. `vigil audit` proves it.',
    marker('issue', incident.key),
  ];
  return lines.join('\n');
}

/** That the state is as the fix left it, why, and the ways to undo it. */
function leftLines(left: LeftAsItIs | null, confirm: string | null): string[] {
  if (!left) return [];
  const brings = left.brings === null ? '' : ` It would bring back ${told(left.brings, 400)}.`;
  const page = confirm ? `, or ${link('read and run it', confirm)} on one page` : '';
  return [
    '',
    `**Left as it is** Nothing was undone: ${told(left.why, 500)}. A comment \`/vigil undo\` runs the approved undo${page}.${brings}`,
  ];
}

/** Whether a line of the body can be Vigil's: each of its lines begins with words of its own. */
export function isOwnLine(line: string): boolean {
  return /^(?:\*\*(?:Service|What is known|To read|Proposed remediation|Left as it is|[A-Z_]+\.)\*\* |_Sample history|_GitHub does not take|This issue follows|<!-- vigil:)/.test(
    line,
  );
}

/** The one status comment, edited in place. When an incident came back often, only its last stages are shown. */
export function statusComment(incident: Incident): string {
  const start = Date.parse(incident.openedAt);
  const rows = incident.history
    .slice(-SHOWN_STAGES)
    .map(
      ({ stage, at }) =>
        `| ${clock(at)} | ${seconds(Date.parse(at) - start)} | \`${stage}\` | ${stageWords[stage]} |`,
    );
  return [
    status(incident),
    ...[...standing(incident), ...untoldWords(incident)].flatMap((sentence) => ['', told(sentence, 500)]),
    ...leftWords(incident).flatMap((sentence) => ['', sentence]),
    ...closedByHand(incident),
    ...leftLines(leftAsItIs(incident), null),
    '',
    '| time | after | stage | |',
    '| --- | ---: | --- | --- |',
    ...rows,
    '',
    ...evidence(incident),
    ...execution(incident),
    ...looksOf(incident),
    `Ledger: record ${incident.seq}, head \`${incident.head}\``,
    marker('status', incident.key),
  ].join('\n');
}

/** What it means that somebody closed the issue while the incident was going on. */
function closedByHand(incident: Incident): string[] {
  const closed = latestOf(incident, 'issue.closed');
  if (!closed) return [];
  const how = hasEnded(incident)
    ? ''
    : ' Closing it decides nothing: `/vigil reject` ends the proposal, `/vigil hold` makes everything wait.';
  return [
    '',
    `${mention(closed.by)} closed this issue while the incident was going on, so it was opened again.${how}`,
  ];
}

function status(incident: Incident): string {
  return hasEnded(incident)
    ? `**${incident.stage}.** ${told(ending(incident), 1000)}`
    : `**${incident.stage}.** ${stageWords[incident.stage]}`;
}

function evidence(incident: Incident): string[] {
  const gathered = latestOf(incident, 'evidence.gathered');
  if (!gathered) return [];
  const missing = gathered.missing
    .slice(0, SHOWN_ITEMS)
    .map(({ source, reason }) => `${told(source, 30)} (${told(reason, 120)})`);
  const items = gathered.items
    .slice(0, SHOWN_ITEMS)
    .map((item) => `${told(item.source, 30)}: ${told(item.title, 120)}`);
  const more = gathered.items.length - items.length;
  if (more > 0) items.push(`and ${more} more`);
  return [
    `Evidence: ${items.join('; ') || 'none'}${missing.length > 0 ? `. Missing: ${missing.join('; ')}` : ''}`,
    '',
  ];
}

/** An end that only one of two saw. */
const witnessOf = ({ said }: FactDataOf<'remediation.finished'>): string =>
  said === 'exit code'
    ? ', by its exit code alone: its last line never came'
    : said === 'last line'
      ? ', by its last line alone: its exit code never came'
      : '';

function execution(incident: Incident): string[] {
  const approved = latestOf(incident, 'remediation.approved');
  const finished = latestOf(incident, 'remediation.finished');
  const by = approved ? (approved.lane === 'auto' ? 'the auto lane' : namesOf(approved.by)) : '';
  return [
    ...(approved ? [`Approved by ${by}, digest \`${approved.digest}\``, ''] : []),
    ...(finished
      ? [
          ranNothing(finished)
            ? `Nothing ran in workspace ${code(finished.workspace)}: ${finished.outcome}`
            : `Ran in workspace ${code(finished.workspace)}: ${finished.outcome}, exit code ${finished.exit ?? 'unknown'}, ${seconds(finished.ms)}${witnessOf(finished)}`,
          '',
        ]
      : []),
  ];
}
