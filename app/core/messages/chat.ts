// What Vigil says in Slack and in PagerDuty notes. Plain words, links first, nothing that pings a channel.
import { slackText } from '../markdown.ts';
import { type Incident, known } from '../replay.ts';
import { ending } from './words.ts';

export type Block =
  | { type: 'section'; text: { type: 'mrkdwn'; text: string } }
  | { type: 'context'; elements: { type: 'mrkdwn'; text: string }[] };
export type SlackMessage = { text: string; blocks: Block[] };

function headline(incident: Incident): string {
  const service = slackText(incident.opened.service.name);
  if (incident.stage === 'RESOLVED') return `Resolved: ${service}`;
  if (incident.stage === 'ESCALATED') return `A person is needed: ${service}`;
  return known(incident, 'remediation.approved') || known(incident, 'remediation.judged')?.lane === 'auto'
    ? `Healing: ${service}`
    : `Approval needed: ${service}`;
}

/** One message an incident, updated in place. */
export function slackMessage(incident: Incident): SlackMessage {
  const proposal = known(incident, 'remediation.proposed');
  const judged = known(incident, 'remediation.judged');
  const pull = known(incident, 'pull.opened');
  const ended = incident.stage === 'RESOLVED' || incident.stage === 'ESCALATED';
  const title = headline(incident);
  const body = ended
    ? slackText(ending(incident))
    : `${slackText(incident.opened.title)}${proposal ? ` Proposed: \`${slackText(proposal.kind)}\` on \`${slackText(proposal.target)}\`.` : ''}${judged ? ` Risk ${judged.risk}, confidence ${judged.confidence.value}.` : ''}`;
  const links = [
    ...(incident.issue ? [`<${incident.issue.url}|Issue #${incident.issue.number}>`] : []),
    ...(pull ? [`<${pull.url}|Pull request #${pull.number}>`] : []),
    ...(incident.opened.pagerduty.url
      ? [`<${incident.opened.pagerduty.url}|PagerDuty ${slackText(incident.opened.pagerduty.id)}>`]
      : []),
  ];
  return {
    text: title,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${title}*\n${body}`.slice(0, 2900) } },
      { type: 'context', elements: [{ type: 'mrkdwn', text: links.join(' · ') || 'no links yet' }] },
    ],
  };
}

/** Marker of a note: PagerDuty has no idempotency key, so notes are looked for by it before one is written. */
export function noteMarker(incident: Incident): string {
  return `vigil:${incident.key}#${incident.attempt}`;
}

export function pagerdutyNote(incident: Incident): string {
  const pull = known(incident, 'pull.opened');
  const links = [incident.issue?.url, pull?.url].filter((url) => url !== undefined).join(' ');
  return `Vigil: ${incident.stage}. ${ending(incident)}\n${links}\n[${noteMarker(incident)}]`.slice(
    0,
    20_000,
  );
}

export function resolution(incident: Incident): string {
  return `${ending(incident)} ${incident.issue?.url ?? ''}`.trim().slice(0, 1000);
}
