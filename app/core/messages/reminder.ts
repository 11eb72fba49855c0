// Reminders of what is still out of its usual state: on the issue, calling those who approved it, and in Slack.
// Must never be said more than once a day, nor without what a person can do.
import type { OutOfState } from '#core/incident/out-of-state';
import type { Reminding } from '#core/ledger/put-back-facts';
import type { RecordOf } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { type SlackMessage, said } from './chat.ts';
import { mention, told } from './outside.ts';
import { lasted, whatIsOut } from './put-back.ts';
import { serviceOf } from './words.ts';

const because: Record<Reminding, string> = {
  agreed: 'it was agreed that people put it back',
  held: 'a hold keeps Vigil from putting it back',
  busy: 'another incident is open on the service, so Vigil leaves it alone',
  escalated: 'people have this incident, so Vigil leaves it alone',
  refused: 'Vigil could not begin to put it back',
  failed: 'putting it back failed, so a person must look at what is in place',
  earlier: 'the alert came back since, and the approval of that time covers nothing any more',
  too_late: 'its approval is too old for Vigil to put it back by itself',
};
const DO =
  '`/vigil undo` runs the approved undo where there is one; `/vigil keep <reason>` says that it stays, or that it was put back by hand.';

type Reminded = RecordOf<'putback.reminded'>;

export const reminderMarker = (key: string, seq: number): string => `<!-- vigil:reminder ${key} ${seq} -->`;

export function reminderComment(act: OutOfState, { at, data }: Reminded): string {
  const whom = act.by.length === 0 ? '' : `${act.by.slice(0, 5).map(mention).join(' ')} `;
  const age = lasted(Date.parse(at) - Date.parse(act.since));
  const last = data.last ? ' This is the last reminder; `/vigil state` goes on listing it.' : '';
  return `${whom}**Still out of its usual state for ${age}:** ${told(whatIsOut(act), 600)}. It is your turn: ${because[data.because]}. ${DO}${last}`;
}

/** A message of its own, so that people hear it: an edited one rings nobody. */
export function reminderMessage(
  { opened, issue }: Incident,
  act: OutOfState,
  { at, data }: Reminded,
): SlackMessage {
  const title = `Still out of its usual state: ${said(serviceOf(opened), 100)}`;
  const age = lasted(Date.parse(at) - Date.parse(act.since));
  const where = issue ? ` Answer on issue #${issue.number}: ${issue.url}` : '';
  const text = `*${title}*\n${said(whatIsOut(act), 500)}, for ${age}: ${because[data.because]}.${where}`;
  return { text: title, blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] };
}
