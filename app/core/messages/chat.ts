// What Vigil says in Slack and in PagerDuty notes. Plain words, links first. Must never notify a whole channel.

import { confirmLink } from '#core/gate/confirm';
import type { Hold } from '#core/incident/hold';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { sha12 } from '#core/proposal/remediation';
import { slackText } from '#core/text/markdown';
import { plain } from './outside.ts';
import { ending, notMerged } from './words.ts';

export type Block =
  | { type: 'section'; text: { type: 'mrkdwn'; text: string } }
  | { type: 'context'; elements: { type: 'mrkdwn'; text: string }[] }
  | { type: 'actions'; block_id: string; elements: Button[] };
type Words = { type: 'plain_text'; text: string };
export type Button = {
  type: 'button';
  text: Words;
  action_id: 'vigil_approve' | 'vigil_reject' | 'vigil_hold';
  style?: 'primary' | 'danger';
  url?: string;
  value?: string;
  confirm?: { title: Words; text: Words; confirm: Words; deny: Words };
};
export type SlackMessage = { text: string; blocks: Block[] };
/** What people can do from Slack in this installation, and the hold on the incident now. */
type Doors = {
  /** Base address of the confirm page. Null: people approve on the pull request. */
  confirm: string | null;
  /** Whether Vigil hears buttons. Without a signing secret there are none. */
  interactive: boolean;
  hold: Hold | null;
};

/** Cuts first and escapes then, because half an escape would be visible. Slack takes 3,000 characters in a section. */
function said(text: string, most: number): string {
  return slackText(plain(text, most)).replaceAll('`', "'");
}

/** A link. Nothing in the address can end the link early. */
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
  if (incident.attempt > 1 && !latestOf(incident, 'pull.opened')) return `Looking again: ${service}`;
  return latestOf(incident, 'remediation.approved') ||
    latestOf(incident, 'remediation.judged')?.lane === 'auto'
    ? `Healing: ${service}`
    : `Approval needed: ${service}`;
}

const closed: Doors = { confirm: null, interactive: false, hold: null };
const words = (text: string): Words => ({ type: 'plain_text', text });

/** What a pressed button tells about the proposal above it: ledger key, attempt, head. */
function buttonValue(incident: Incident): string {
  return [incident.key, incident.attempt, latestOf(incident, 'pull.opened')?.head ?? ''].join(' ');
}

/** Approve leads to GitHub's sign-in, because a Slack account alone must let nothing run. Reject and Hold need one press. */
function buttons(incident: Incident, { confirm, interactive, hold }: Doors): Button[] {
  const pull = latestOf(incident, 'pull.opened');
  if (incident.stage !== 'SYNTHESIZING' || !pull) return [];
  const value = buttonValue(incident);
  const approve: Button = {
    ...{ type: 'button', text: words('Approve'), action_id: 'vigil_approve', style: 'primary' },
    url: confirmLink(confirm, incident) ?? pull.url,
  };
  const reject: Button = {
    ...{ type: 'button', text: words('Reject'), action_id: 'vigil_reject', style: 'danger', value },
    confirm: {
      title: words('Reject this remediation?'),
      text: words('Nothing runs, the pull request is closed and people take over.'),
      confirm: words('Reject'),
      deny: words('Not yet'),
    },
  };
  const wait: Button = { type: 'button', text: words('Hold'), action_id: 'vigil_hold', value };
  return [
    ...(latestOf(incident, 'remediation.approved') ? [] : [approve]),
    ...(interactive ? [reject] : []),
    ...(interactive && !hold ? [wait] : []),
  ];
}

/** The one message of an incident. It is updated in place. */
export function slackMessage(incident: Incident, doors: Doors = closed): SlackMessage {
  const proposal = latestOf(incident, 'remediation.proposed');
  const judged = latestOf(incident, 'remediation.judged');
  const pull = latestOf(incident, 'pull.opened');
  const ended = hasEnded(incident);
  const title = headline(incident);
  const body = ended
    ? said(ending(incident), 500)
    : `${said(incident.opened.title, 300)}${proposal ? `\nProposed: \`${said(proposal.kind, 60)}\` on \`${said(proposal.target, 60)}\`.` : ''}${judged ? ` Risk ${judged.risk}, confidence ${judged.confidence.value}.` : ''}`;
  const links = [
    ...(incident.issue ? [anchor(incident.issue.url, `Issue #${incident.issue.number}`)] : []),
    ...(pull ? [anchor(pull.url, `Pull request #${pull.number}`)] : []),
    ...(incident.opened.pagerduty.url
      ? [anchor(incident.opened.pagerduty.url, `PagerDuty ${said(incident.opened.pagerduty.id, 40)}`)]
      : []),
  ];
  const held =
    ended || !doors.hold
      ? []
      : [
          `*On hold* by ${said(doors.hold.by, 100)}${doors.hold.reason ? `: ${said(doors.hold.reason, 300)}` : ''}. \`/vigil release\` on the issue lets it go.`,
        ];
  const delayed = notMerged(incident);
  const waits = delayed === null ? [] : [said(delayed, 500)];
  const exactly = pull && !ended ? [`digest \`${sha12(pull.digest)}\``] : [];
  const elements = buttons(incident, doors);
  return {
    text: title,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: [`*${title}*`, body, ...held, ...waits].join('\n') } },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: [...links, ...exactly].join(' · ') || 'no links yet' }],
      },
      ...(elements.length > 0 ? [{ type: 'actions' as const, block_id: 'vigil', elements }] : []),
    ],
  };
}

/** The marker of a note. PagerDuty has no idempotency key, so Vigil looks for the marker before it writes a note. */
export function noteMarker(incident: Incident): string {
  return `vigil:${incident.key}#${incident.attempt}`;
}

export function pagerdutyNote(incident: Incident): string {
  const pull = latestOf(incident, 'pull.opened');
  const links = [incident.issue?.url, pull?.url].filter((url) => url !== undefined).join(' ');
  return `Vigil: ${incident.stage}. ${ending(incident)}\n${links}\n[${noteMarker(incident)}]`.slice(
    0,
    20_000,
  );
}

export function resolution(incident: Incident): string {
  return `${ending(incident)} ${incident.issue?.url ?? ''}`.trim().slice(0, 1000);
}
