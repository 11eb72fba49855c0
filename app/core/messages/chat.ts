// What Vigil says in Slack and in PagerDuty notes. Plain words, links first. Must never notify a whole channel.

import { confirmLink } from '#core/gate/confirm';
import type { Hold } from '#core/incident/hold';
import { refusedBy } from '#core/incident/untold';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { sha12 } from '#core/proposal/remediation';
import { fitted, shorten } from '#core/text/cut';
import { slackText } from '#core/text/markdown';
import { plain } from './outside.ts';
import { settlingWords } from './settling.ts';
import { whyRisky } from './stakes.ts';
import { leftAsItIs, leftInWords } from './undo-words.ts';
import { ending, notMerged, serviceOf, stageWords, titleOf } from './words.ts';

const MOST_NOTE = 10_000;
const MOST_RESOLUTION = 1000;

export type Block =
  | { type: 'section'; text: { type: 'mrkdwn'; text: string } }
  | { type: 'context'; elements: { type: 'mrkdwn'; text: string }[] }
  | { type: 'actions'; block_id: string; elements: Button[] };
type Words = { type: 'plain_text'; text: string };
export type Button = {
  type: 'button';
  text: Words;
  action_id: 'vigil_approve' | 'vigil_reject' | 'vigil_hold' | 'vigil_undo';
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

/**
 * Words for Slack. They are cut first and escaped then, because half an escape would be visible. Escaped they may be two and a
 * half times as long, so that all the words of a section stay within the 3,000 characters that Slack counts after escaping.
 * https://docs.slack.dev/reference/block-kit/blocks/section-block
 */
export function said(text: string, most: number): string {
  return fitted(most, most * 2.5, (allowed) => slackText(plain(text, allowed)).replaceAll('`', "'"));
}

/** A context holds three of them in its 3,000 characters, a button's address may have as many alone. */
const MOST_ADDRESS = 800;
const MOST_BUTTON_ADDRESS = 3000;

/** A link. Nothing in the address can end the link early. */
function anchor(url: string, label: string): string {
  const address = URL.parse(url)?.href.replace(/[|<>]/g, encodeURIComponent).replaceAll('&', '&amp;');
  return address === undefined || address.length > MOST_ADDRESS ? label : `<${address}|${label}>`;
}

function headline(incident: Incident): string {
  const service = said(serviceOf(incident.opened), 100);
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
  if (leftAsItIs(incident)) return undoButton(incident, confirm);
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
    ...(latestOf(incident, 'remediation.approved') || (approve.url?.length ?? 0) > MOST_BUTTON_ADDRESS
      ? []
      : [approve]),
    ...(interactive ? [reject] : []),
    ...(interactive && !hold ? [wait] : []),
  ];
}

/** As for approving, a Slack account alone must let nothing run: it leads to the page, or to the issue where a comment does it. */
function undoButton(incident: Incident, confirm: string | null): Button[] {
  const url = confirmLink(confirm, incident) ?? incident.issue?.url;
  if (url === undefined || url.length > MOST_BUTTON_ADDRESS) return [];
  return [{ ...{ type: 'button', text: words('Undo'), action_id: 'vigil_undo' }, style: 'danger', url }];
}

/** What is at stake, while people decide; a section of its own, so that it never takes the room of the words above. */
function stakes(incident: Incident): Block[] {
  const judged = latestOf(incident, 'remediation.judged');
  if (incident.stage !== 'SYNTHESIZING' || !judged) return [];
  const why = said(whyRisky(judged), 400);
  const { impact } = judged;
  const lines = [
    ...(impact === undefined ? [] : [`*Impact:* ${said(impact, 300)}`]),
    ...(why === '' ? [] : [`*Risk ${judged.risk}:* ${why}`]),
  ];
  return lines.length === 0 ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: lines.join('\n') } }];
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
    : `${said(titleOf(incident.opened), 300)}${proposal ? `\nProposed: \`${said(proposal.kind, 60) || 'something'}\` on \`${said(proposal.target, 60) || 'something'}\`.` : ''}${judged ? ` Risk ${judged.risk}, confidence ${judged.confidence.value}.` : ''}`;
  const links = [
    ...(incident.issue ? [anchor(incident.issue.url, `Issue #${incident.issue.number}`)] : []),
    ...(pull ? [anchor(pull.url, `Pull request #${pull.number}`)] : []),
    ...(incident.opened.pagerduty.url
      ? [anchor(incident.opened.pagerduty.url, `PagerDuty ${said(incident.opened.pagerduty.id, 40)}`)]
      : []),
  ];
  const unwritten = refusedBy(incident, 'issue');
  const more = unwritten ? [`*Not on the issue:* ${said(unwritten, 200)}.`] : [];
  const held =
    ended || !doors.hold
      ? []
      : [
          `*On hold* by ${said(doors.hold.by, 100)}${doors.hold.reason ? `: ${said(doors.hold.reason, 200)}` : ''}. \`/vigil release\` on the issue lets it go.`,
        ];
  const delayed = notMerged(incident);
  const waits = delayed === null ? [] : [said(delayed, 500)];
  const settling = settlingWords(incident);
  const goes = settling === null ? [] : [said(settling, 700)];
  const exactly = pull && !ended ? [`digest \`${sha12(pull.digest)}\``] : [];
  const elements = buttons(incident, doors);
  const left = leftAsItIs(incident);
  const undo = left ? [said(leftInWords(left), 600)] : [];
  return {
    text: title,
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: [`*${title}*`, body, ...goes, ...undo, ...held, ...waits, ...more].join('\n'),
        },
      },
      ...stakes(incident),
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

/** How it goes while a service takes its time. */
export function progressNote(incident: Incident, marker: string): string {
  const words = shorten(settlingWords(incident) ?? stageWords[incident.stage], MOST_NOTE);
  return `Vigil: ${incident.stage}. ${words}\n${incident.issue?.url ?? ''}\n[${marker}]`;
}

/** Plain text. PagerDuty publishes no limit; about 25,000 characters are reported. The marker at its end is never cut. */
export function pagerdutyNote(incident: Incident): string {
  const pull = latestOf(incident, 'pull.opened');
  const links = [incident.issue?.url, pull?.url].filter((url) => url !== undefined && url.length <= 2000);
  const words = shorten(ending(incident), MOST_NOTE);
  const unwritten = refusedBy(incident, 'issue');
  const more = unwritten ? `\nNot on the issue: ${shorten(unwritten, 500)}.` : '';
  const left = leftAsItIs(incident);
  const undo = left ? `\n${shorten(leftInWords(left), 1500)}` : '';
  return `Vigil: ${incident.stage}. ${words}${undo}${more}\n${links.join(' ')}\n[${noteMarker(incident)}]`;
}

/** What is kept with the end of the page. A link that does not fit beside the words is left out whole. */
export function resolution(incident: Incident): string {
  const url = incident.issue?.url ?? '';
  const link = url === '' || url.length > MOST_RESOLUTION / 2 ? '' : ` ${url}`;
  return `${shorten(ending(incident), MOST_RESOLUTION - link.length)}${link}`.trim();
}
