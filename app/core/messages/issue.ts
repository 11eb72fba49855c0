// What the incident's issue says: title, body, labels and the one status comment. Everything from outside goes through
// inert(). Must never say more than ids, service, severity and link before the text was redacted.

import { ranNothing } from '#core/incident/outcome';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { inert, link } from '#core/text/markdown';
import { code, plain, told } from './outside.ts';
import { clock, ending, seconds, stageWords, standing } from './words.ts';

const SHOWN_STAGES = 40;
const SHOWN_ITEMS = 10;

/** A hidden line. Vigil finds its own issue and comment by it, and anyone can compare the ledger with the head in it. */
export function marker(what: 'issue' | 'status', key: string): string {
  return `<!-- vigil:${what} ${key} -->`;
}

/** Titles are not Markdown: GitHub shows them as they are, and allows 256 characters. */
export function issueTitle(incident: Incident): string {
  const severity = incident.opened.priority ?? incident.opened.urgency;
  const clean = latestOf(incident, 'evidence.gathered') ?? latestOf(incident, 'alert.described');
  const title = clean && !incident.opened.withheld ? `: ${plain(incident.opened.title, 120)}` : '';
  return `[${plain(severity, 20)}] ${plain(incident.opened.service.name, 60)}${title} (${plain(incident.opened.pagerduty.id, 40)})`;
}

export function issueLabels(incident: Incident, present: readonly string[]): string[] {
  return [
    ...present.filter((label) => !label.startsWith('vigil:')),
    `vigil:${incident.stage.toLowerCase()}`,
  ].sort();
}

/** `confirm` is the address of the confirm page for what is proposed now, if there is one. */
export function issueBody(incident: Incident, confirm: string | null = null): string {
  const { opened } = incident;
  const hypothesis = latestOf(incident, 'hypothesis.received');
  const beside = latestOf(incident, 'context.retrieved')?.documents ?? [];
  const pull = latestOf(incident, 'pull.opened');
  const waits = incident.stage === 'SYNTHESIZING' && !latestOf(incident, 'remediation.approved');
  const lines = [
    `**Service** ${told(opened.service.name, 100)} · **Urgency** ${told(opened.urgency, 20)} · **PagerDuty** ${opened.pagerduty.url ? link(opened.pagerduty.id, opened.pagerduty.url) : inert(opened.pagerduty.id)}`,
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
    ...(opened.sample ? ['', '_Sample history: made up for the sandbox._'] : []),
    '',
    'This issue follows the incident; the ledger branch `vigil/ledger` is the record. `vigil audit` proves it.',
    marker('issue', incident.key),
  ];
  return lines.join('\n');
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
  const ended = hasEnded(incident);
  return [
    ended
      ? `**${incident.stage}.** ${told(ending(incident), 1000)}`
      : `**${incident.stage}.** ${stageWords[incident.stage]}`,
    ...standing(incident).flatMap((sentence) => ['', told(sentence, 500)]),
    '',
    '| time | after | stage | |',
    '| --- | ---: | --- | --- |',
    ...rows,
    '',
    ...evidence(incident),
    ...execution(incident),
    `Ledger: record ${incident.seq}, head \`${incident.head}\``,
    marker('status', incident.key),
  ].join('\n');
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

function execution(incident: Incident): string[] {
  const approved = latestOf(incident, 'remediation.approved');
  const finished = latestOf(incident, 'remediation.finished');
  const by = approved ? (approved.lane === 'auto' ? 'the auto lane' : approved.by.map(code).join(', ')) : '';
  return [
    ...(approved ? [`Approved by ${by}, digest \`${approved.digest}\``, ''] : []),
    ...(finished
      ? [
          ranNothing(finished)
            ? `Nothing ran in workspace ${code(finished.workspace)}: ${finished.outcome}`
            : `Ran in workspace ${code(finished.workspace)}: ${finished.outcome}, exit code ${finished.exit ?? 'unknown'}, ${seconds(finished.ms)}`,
          '',
        ]
      : []),
  ];
}
