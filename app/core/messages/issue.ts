// What the incident's issue says: title, body, labels and the one status comment. Everything from outside goes through inert().
// Until evidence was redacted the body carries ids, service, severity and link only.
import { inert, link } from '../markdown.ts';
import { type Incident, known } from '../replay.ts';
import { clock, ending, seconds, stageWords } from './words.ts';

/** Hidden line by which Vigil finds its own issue and comment again; the head lets anyone check the ledger against it. */
export function marker(what: 'issue' | 'status', key: string): string {
  return `<!-- vigil:${what} ${key} -->`;
}

export function issueTitle(incident: Incident): string {
  const severity = incident.opened.priority ?? incident.opened.urgency;
  const told = known(incident, 'evidence.gathered') ? `: ${inert(incident.opened.title)}` : '';
  return `[${inert(severity)}] ${inert(incident.opened.service.name)}${told} (${incident.opened.pagerduty.id})`.slice(
    0,
    250,
  );
}

export function issueLabels(incident: Incident, present: readonly string[]): string[] {
  return [
    ...present.filter((label) => !label.startsWith('vigil:')),
    `vigil:${incident.stage.toLowerCase()}`,
  ].sort();
}

export function issueBody(incident: Incident): string {
  const { opened } = incident;
  const hypothesis = known(incident, 'hypothesis.received');
  const pull = known(incident, 'pull.opened');
  const lines = [
    `**Service** ${inert(opened.service.name)} · **Urgency** ${inert(opened.urgency)} · **PagerDuty** ${opened.pagerduty.url ? link(opened.pagerduty.id, opened.pagerduty.url) : inert(opened.pagerduty.id)}`,
    ...(hypothesis ? ['', `**What is known** ${inert(hypothesis.text)}`] : []),
    ...(pull ? ['', `**Proposed remediation** #${pull.number}: a review of that pull request decides.`] : []),
    ...(opened.sample ? ['', '_Sample history: made up for the sandbox._'] : []),
    '',
    'This issue follows the incident; the ledger branch `vigil/ledger` is the record. `npm run vigil -- audit` proves it.',
    marker('issue', incident.key),
  ];
  return lines.join('\n');
}

/** The status comment: one, edited in place. */
export function statusComment(incident: Incident): string {
  const start = Date.parse(incident.openedAt);
  const rows = incident.history.map(
    ({ stage, at }) =>
      `| ${clock(at)} | ${seconds(Date.parse(at) - start)} | \`${stage}\` | ${stageWords[stage]} |`,
  );
  const ended = incident.stage === 'RESOLVED' || incident.stage === 'ESCALATED';
  return [
    ended
      ? `**${incident.stage}.** ${inert(ending(incident))}`
      : `**${incident.stage}.** ${stageWords[incident.stage]}`,
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
  const gathered = known(incident, 'evidence.gathered');
  if (!gathered) return [];
  const missing = gathered.missing.map(({ source, reason }) => `${inert(source)} (${inert(reason)})`);
  const items = gathered.items.map((item) => `${inert(item.source)}: ${inert(item.title)}`);
  return [
    `Evidence: ${items.join('; ') || 'none'}${missing.length > 0 ? `. Missing: ${missing.join('; ')}` : ''}`,
    '',
  ];
}

function execution(incident: Incident): string[] {
  const approved = known(incident, 'remediation.approved');
  const finished = known(incident, 'remediation.finished');
  const by = approved
    ? approved.lane === 'auto'
      ? 'the auto lane'
      : approved.by.map((login) => `\`${login}\``).join(', ')
    : '';
  return [
    ...(approved ? [`Approved by ${by}, digest \`${approved.digest}\``, ''] : []),
    ...(finished
      ? [
          `Ran in workspace \`${finished.workspace}\`: ${finished.outcome}, exit code ${finished.exit ?? 'unknown'}, ${seconds(finished.ms)}`,
          '',
        ]
      : []),
  ];
}
