// What Vigil says in Slack and in PagerDuty notes. Plain words, links first, nothing that pings a channel.
import { slackText } from '../markdown.ts';
import { type Incident, known } from '../replay.ts';
import { plain } from './outside.ts';
import { ending } from './words.ts';

export type Block =
  | { type: 'section'; text: { type: 'mrkdwn'; text: string } }
  | { type: 'context'; elements: { type: 'mrkdwn'; text: string }[] };
export type SlackMessage = { text: string; blocks: Block[] };

/** Bounded before it is escaped: an escape cut in two would show, and Slack takes 3,000 characters a section. */
function said(text: string, most: number): string {
  return slackText(plain(text, most)).replaceAll('`', "'");
}

/** A link whose address cannot end it. */
function anchor(url: string, label: string): string {
  const address = URL.parse(url)?.href.replace(/[|<>]/g, encodeURIComponent);
  return address === undefined || address.length > 900
    ? label
    : `<${address.replaceAll('&', '&amp;')}|${label}>`;
}

function headline(incident: Incident): string {
  const service = said(incident.opened.service.name, 100);
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
    ? said(ending(incident), 500)
    : `${said(incident.opened.title, 300)}${proposal ? ` Proposed: \`${said(proposal.kind, 60)}\` on \`${said(proposal.target, 60)}\`.` : ''}${judged ? ` Risk ${judged.risk}, confidence ${judged.confidence.value}.` : ''}`;
  const links = [
    ...(incident.issue ? [anchor(incident.issue.url, `Issue #${incident.issue.number}`)] : []),
    ...(pull ? [anchor(pull.url, `Pull request #${pull.number}`)] : []),
    ...(incident.opened.pagerduty.url
      ? [anchor(incident.opened.pagerduty.url, `PagerDuty ${said(incident.opened.pagerduty.id, 40)}`)]
      : []),
  ];
  return {
    text: title,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${title}*\n${body}` } },
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
